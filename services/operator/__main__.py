"""`python -m services.operator`: the same as `tsunagari`."""

from services.operator.main import main

main()

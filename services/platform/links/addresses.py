"""Where a link leads to, below a platform's own path."""

from typing import Final

WAITING: Final = "answer/"
CODE: Final = "answer.code/"
DONE: Final = "answer.done"

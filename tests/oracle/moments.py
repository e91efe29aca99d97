"""The moment at which everything is asked; the drawn rows lie around it."""

from datetime import UTC, date, datetime
from typing import Final

NOW: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TODAY: Final = date(2026, 11, 23)

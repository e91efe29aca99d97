"""When a request is erased: some days after the last words on either side."""

from datetime import datetime, timedelta
from typing import Final

ERASE: Final = "request.erase"
"""A kind of due work; the key is the request's id."""


def erased_at(updated_at: datetime, keep_days: int) -> datetime:
    return updated_at + timedelta(days=keep_days)

"""When a desk is told again of who waits, and when a request is erased: some days after the last words."""

from datetime import date, datetime, time, timedelta
from typing import Final

from libs.japan.calendar import JST, add_working_days

ERASE: Final = "request.erase"
REMIND: Final = "request.remind"
"""Kinds of due work; the key is the request's id."""
_MORNING: Final = time(9)


def erased_at(updated_at: datetime, keep_days: int) -> datetime:
    return updated_at + timedelta(days=keep_days)


def reminded_at(now: datetime) -> datetime:
    """The morning of the next working day in Japan."""
    return datetime.combine(add_working_days(day_of(now), 1), _MORNING, JST)


def day_of(moment: datetime) -> date:
    return moment.astimezone(JST).date()

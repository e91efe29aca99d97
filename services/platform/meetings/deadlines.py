"""When a group is reminded of the minutes that it owes."""

from datetime import date, datetime, time
from typing import Final

from libs.japan.calendar import JST, add_working_days

MINUTES_DUE: Final = "meeting.minutes_due"
"""The key is the meeting's id."""
WORKING_DAYS: Final = 5
MOST_REMINDERS: Final = 3
_MORNING: Final = time(9)


def minutes_due(after: datetime, closed: frozenset[date]) -> datetime:
    """The morning five working days on, as the platform's offices are open."""
    day = add_working_days(after.astimezone(JST).date(), WORKING_DAYS, closed)
    return datetime.combine(day, _MORNING, JST)

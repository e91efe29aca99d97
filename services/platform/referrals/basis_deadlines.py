"""When a lawful basis ends by itself, and until when a break-glass is reviewed."""

from datetime import date, datetime, time, timedelta
from typing import Final

from libs.japan.calendar import JST, add_working_days

REVIEW_WORKING_DAYS: Final = 3

REVIEW_DUE: Final = "break_glass.review_due"
BREAK_GLASS_ENDS: Final = "break_glass.ends"
"""Kinds of due work; the key is the break-glass."""
CONSENT_ENDS: Final = "consent.ends"
"""Likewise; the key is the consent."""


def review_due(opened_at: datetime) -> datetime:
    """The end of the third working day after it was opened."""
    opened_on = opened_at.astimezone(JST).date()
    return _end_of(add_working_days(opened_on, REVIEW_WORKING_DAYS))


def consent_ends(valid_until: date) -> datetime:
    """The first moment without it."""
    return _end_of(valid_until)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), JST)

"""Before a seat's term ends its organisation is told, and who could give it another: when, and what of."""

import datetime as dt
from typing import Final

from libs.tenancy.viewer import JAPAN

TERM_ENDS: Final = "seat.term_ends"
"""The key is the seat's id."""
TOLD_BEFORE: Final = dt.timedelta(days=30)
_MORNING: Final = dt.time(9)


def near(until_on: dt.date) -> dt.datetime:
    """The morning a month before the first day without the seat."""
    return dt.datetime.combine(until_on - TOLD_BEFORE, _MORNING, JAPAN)


def told_at(until_on: dt.date, now: dt.datetime) -> dt.datetime:
    """A term that is shorter than that is told of at once."""
    return max(near(until_on), now)

"""When a lawful basis ends by itself, and until when a break-glass is reviewed."""

from datetime import date, datetime, timedelta
from typing import Final

from services.platform.referrals.deadlines import Terms, end_of

REVIEW_WORKING_DAYS: Final = 3
"""Until the review, and from one reminder of it to the next."""

REVIEW_DUE: Final = "break_glass.review_due"
BREAK_GLASS_ENDS: Final = "break_glass.ends"
"""Kinds of due work; the key is the break-glass."""
CONSENT_ENDS: Final = "consent.ends"
"""Likewise; the key is the consent."""
SITTING_ENDS: Final = "sitting.ends"
"""Likewise; the key is the sitting."""


def review_due(at: datetime, terms: Terms) -> datetime:
    """The end of the third working day after it was opened (or the last reminder), by the platform's own
    calendar."""
    return terms.working_days_after(at, REVIEW_WORKING_DAYS)


def consent_ends(valid_until: date) -> datetime:
    """The first moment without it."""
    return end_of(valid_until)


def sitting_ends(held_on: date, terms: Terms) -> datetime:
    """The first moment at which nothing is open by a sitting of that day."""
    return end_of(held_on + timedelta(days=terms.days["sitting_access_days"]))

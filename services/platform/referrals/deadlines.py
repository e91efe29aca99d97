"""When the time for an answer, a posting or a confirmation runs out: always at a midnight in Japan."""

from datetime import date, datetime, time, timedelta
from typing import Final

from libs.japan.calendar import JST, add_working_days

URGENT_ANSWER_WORKING_DAYS: Final = 1
URGENT_POST_WORKING_DAYS: Final = 5
POST_DAYS: Final = 14
URGENT_CONFIRM_DAYS: Final = 7
EXPIRES_AT: Final = 2
"""An unanswered referral expires after twice the time that its recipient has to answer."""

ANSWER_ENDS: Final = "referral.answer_ends"
POST_ENDS: Final = "referral.post_ends"
CONFIRM_ENDS: Final = "referral.confirm_ends"
"""Kinds of due work; the key is the referral's id."""


def answer_due(sent_at: datetime, urgency: str, working_days: int, *, times: int = 1) -> datetime:
    """The end of the last working day for an answer; `times` 2 is when the referral expires."""
    days = URGENT_ANSWER_WORKING_DAYS if urgency == "urgent" else working_days
    return _end_of(add_working_days(_day(sent_at), days * times))


def last_day_posted(posted_at: datetime, urgency: str) -> date:
    if urgency == "urgent":
        return add_working_days(_day(posted_at), URGENT_POST_WORKING_DAYS)
    return _day(posted_at) + timedelta(days=POST_DAYS)


def post_ends(post_until: date) -> datetime:
    return _end_of(post_until)


def confirm_due(reported_at: datetime, urgency: str, days: int) -> datetime:
    """After it a reported referral closes as 'reported only'."""
    return _end_of(_day(reported_at) + timedelta(days=URGENT_CONFIRM_DAYS if urgency == "urgent" else days))


def _day(at: datetime) -> date:
    return at.astimezone(JST).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), JST)

"""When a referral's time in its state runs out, and when somebody is reminded of it on the way.

Days end at midnight in Japan. Working days are the platform's own: no holiday, weekend or year's end, and
none of the days on which it says that it is closed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from libs.japan.calendar import JST, add_working_days, is_working_day

TICK: Final = "referral.clock"
"""Kind of due work; the key is the referral's id."""
CONSENT_ENDS_SOON: Final = "referral.consent_ends_soon"
"""Likewise; the key is the consent's id."""

MORNING: Final = time(9)
WEEK: Final = timedelta(days=7)

Row = Mapping[str, Any]
Moments = list[tuple[datetime, str]]


@dataclass(frozen=True, slots=True)
class Terms:
    """The platform's numbers of days by the names of its settings, and its closed days."""

    days: Mapping[str, Any]
    closed: frozenset[date]

    def urgent_or(self, row: Row, urgent: str, normal: str) -> int:
        return int(self.days[urgent if row["urgency"] == "urgent" else normal])

    def working_days_after(self, at: datetime, days: int) -> datetime:
        """The end of that working day after the day of `at`."""
        return end_of(add_working_days(day_of(at), days, self.closed))

    def days_after(self, at: datetime, days: int) -> datetime:
        return end_of(day_of(at) + timedelta(days=days))

    def on_the_way(self, begin: datetime, end: datetime, part: float) -> datetime:
        """When that part of the time is over, put off to a working morning where one comes before its end."""
        at = begin + (end - begin) * part
        if is_working_day(day_of(at), self.closed):
            return at
        morning = datetime.combine(add_working_days(day_of(at), 0, self.closed), MORNING, JST)
        return min(morning, end)

    def stopped_since(self, at: datetime, now: datetime) -> int:
        """For how many working days a question has stopped the clock: at most its setting."""
        most = int(self.days["question_working_days"])
        return next((n for n in range(most) if self.working_days_after(at, n + 1) > now), most)


def due_at(row: Row, terms: Terms) -> datetime | None:
    """The end of the state's own time; null for ends, which have none."""
    term = _TERMS.get(row["state"])
    return None if term is None else term(row, terms)


def moments(row: Row, terms: Terms) -> Moments:
    """All that the clock does to the referral if it stays in its state, in order."""
    planned = _PLANS.get(row["state"])
    return sorted(planned(row, terms)) if planned else []


def last_day_posted(posted_at: datetime, urgency: str, terms: Terms) -> date:
    if urgency == "urgent":
        return add_working_days(day_of(posted_at), terms.days["post_urgent_working_days"], terms.closed)
    return day_of(posted_at) + timedelta(days=terms.days["post_days"])


def consent_ends_soon(valid_until: date, terms: Terms) -> datetime:
    """When those concerned are told that a consent will end."""
    return datetime.combine(valid_until - timedelta(days=terms.days["consent_notice_days"]), MORNING, JST)


def day_of(at: datetime) -> date:
    return at.astimezone(JST).date()


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), JST)


def _begun(row: Row) -> datetime:
    at: datetime = row["clock_from"] or row["updated_at"]
    return at


def _draft(row: Row, terms: Terms) -> datetime:
    """Counted from its last change."""
    return terms.days_after(row["updated_at"], terms.urgent_or(row, "draft_urgent_days", "draft_days"))


def _basis(row: Row, terms: Terms) -> datetime:
    if row["urgency"] == "urgent":
        return terms.working_days_after(_begun(row), terms.days["basis_urgent_working_days"])
    return terms.days_after(_begun(row), terms.days["basis_days"])


def _posted(row: Row, _: Terms) -> datetime:
    return end_of(row["post_until"])


def _answer(row: Row, terms: Terms, times: int = 1) -> datetime:
    days = terms.urgent_or(row, "answer_urgent_working_days", "answer_working_days")
    return terms.working_days_after(_begun(row), days * times + row["stopped_working_days"])


def _contact(row: Row, terms: Terms) -> datetime:
    days = terms.urgent_or(row, "contact_urgent_working_days", "contact_working_days")
    return terms.working_days_after(_begun(row), days + row["stopped_working_days"])


def _progress(row: Row, terms: Terms) -> datetime:
    return terms.days_after(_begun(row), terms.urgent_or(row, "progress_urgent_days", "progress_days"))


def _review(row: Row, _: Terms) -> datetime:
    return end_of(row["review_on"])


def _confirm(row: Row, terms: Terms) -> datetime:
    return terms.days_after(_begun(row), terms.urgent_or(row, "confirm_urgent_days", "confirm_days"))


def _draft_plan(row: Row, terms: Terms) -> Moments:
    erased = terms.days_after(row["updated_at"], terms.days["draft_erase_days"])
    half = terms.on_the_way(row["updated_at"], _draft(row, terms), 0.5)
    return [(half, "draft_half"), (erased, "draft_erased")] if row["ask"] else []


def _posted_plan(row: Row, terms: Terms) -> Moments:
    end, begin = _posted(row, terms), _begun(row)
    weeks = range(1, (end - begin) // WEEK + 1)
    return [*((begin + WEEK * week, "post_week") for week in weeks), (end, "post_ends")]


def _answer_plan(row: Row, terms: Terms) -> Moments:
    begin, end = _begun(row), _answer(row, terms)
    return [
        (terms.on_the_way(begin, end, 0.5), "answer_half"),
        (terms.on_the_way(begin, end, 0.8), "answer_soon"),
        (end, "answer_due"),
        (_answer(row, terms, times=2), "answer_ends"),
    ]


def _contact_plan(row: Row, terms: Terms) -> Moments:
    end = _contact(row, terms)
    return [(terms.on_the_way(_begun(row), end, 0.8), "contact_soon"), (end, "contact_due")]


def _progress_plan(row: Row, terms: Terms) -> Moments:
    """It never closes by itself."""
    end = _progress(row, terms)
    grace = timedelta(days=terms.days["progress_grace_days"])
    return [(end, "progress_due"), (end_of(day_of(end - timedelta(days=1)) + grace), "progress_overdue")]


def _review_plan(row: Row, terms: Terms) -> Moments:
    end = _review(row, terms)
    soon = datetime.combine(row["review_on"] - timedelta(days=terms.days["review_notice_days"]), MORNING, JST)
    return [(soon, "review_soon"), (end, "review_due")]


def _confirm_plan(row: Row, terms: Terms) -> Moments:
    end = _confirm(row, terms)
    return [(terms.on_the_way(_begun(row), end, 0.5), "confirm_half"), (end, "confirm_ends")]


def _closed_plan(row: Row, terms: Terms) -> Moments:
    return [(row["ended_at"] + timedelta(days=terms.days["access_after_end_days"]), "access_ends")]


_TERMS: Final[Mapping[str, Callable[[Row, Terms], datetime]]] = {
    "draft": _draft,
    "awaiting_basis": _basis,
    "posted": _posted,
    "sent": _answer,
    "accepted": _contact,
    "on_hold": _review,
    "in_progress": _progress,
    "reported": _confirm,
}
_PLANS: Final[Mapping[str, Callable[[Row, Terms], Moments]]] = {
    "draft": _draft_plan,
    "awaiting_basis": lambda row, terms: [(_basis(row, terms), "basis_ends")],
    "posted": _posted_plan,
    "sent": _answer_plan,
    "accepted": _contact_plan,
    "on_hold": _review_plan,
    "in_progress": _progress_plan,
    "reported": _confirm_plan,
    "closed": _closed_plan,
}

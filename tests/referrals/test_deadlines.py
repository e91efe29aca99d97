"""When time runs out, by the calendar of the platform: pure days and moments."""

from datetime import UTC, date, datetime
from typing import Any

from libs.tenancy.models import REFERRAL_TERMS
from services.platform.referrals import deadlines
from services.platform.referrals.deadlines import Terms

FRIDAY = datetime(2026, 4, 24, 3, tzinfo=UTC)
"""Before 昭和の日 (Wednesday 04-29) and the holidays of 05-04 to 05-06."""
DAYS: dict[str, Any] = REFERRAL_TERMS | {
    "answer_working_days": 5,
    "confirm_days": 14,
    "access_after_end_days": 30,
}
USUAL = Terms(DAYS, frozenset())


def row(state: str, urgency: str = "normal", **more: Any) -> dict[str, Any]:
    return {
        "state": state,
        "urgency": urgency,
        "clock_from": FRIDAY,
        "updated_at": FRIDAY,
        "stopped_working_days": 0,
        "ask": "話し相手",
    } | more


def last_day(of: dict[str, Any], terms: Terms = USUAL) -> date:
    """The day at whose end the time is over."""
    end = deadlines.due_at(of, terms)
    assert end is not None
    local = end.astimezone(deadlines.JST)
    assert (local.hour, local.minute) == (0, 0)
    return deadlines.day_of(end) - (date(2026, 1, 2) - date(2026, 1, 1))


def planned(of: dict[str, Any], terms: Terms = USUAL) -> dict[str, datetime]:
    return {name: at.astimezone(deadlines.JST) for at, name in deadlines.moments(of, terms)}


def test_each_state_has_its_time_urgent_and_not() -> None:
    assert last_day(row("draft")) == date(2026, 5, 24)
    assert last_day(row("draft", "urgent")) == date(2026, 5, 1)
    assert last_day(row("awaiting_basis")) == date(2026, 5, 8)
    assert last_day(row("awaiting_basis", "urgent")) == date(2026, 4, 30)
    assert last_day(row("sent")) == date(2026, 5, 7)
    assert last_day(row("sent", "urgent")) == date(2026, 4, 27)
    assert last_day(row("accepted")) == date(2026, 5, 14)
    assert last_day(row("accepted", "urgent")) == date(2026, 4, 27)
    assert last_day(row("in_progress")) == date(2026, 5, 24)
    assert last_day(row("in_progress", "urgent")) == date(2026, 5, 8)
    assert last_day(row("reported")) == date(2026, 5, 8)
    assert last_day(row("reported", "urgent")) == date(2026, 5, 1)
    assert last_day(row("on_hold", review_on=date(2026, 6, 1))) == date(2026, 6, 1)
    assert deadlines.due_at(row("closed"), USUAL) is None


def test_the_platforms_own_closed_days_do_not_count() -> None:
    closed = Terms(DAYS, frozenset({date(2026, 4, 27), date(2026, 4, 28)}))
    assert last_day(row("sent", "urgent"), closed) == date(2026, 4, 30)


def test_the_day_is_japans() -> None:
    saturday_in_japan = datetime(2026, 4, 24, 16, tzinfo=UTC)
    assert deadlines.last_day_posted(FRIDAY, "normal", USUAL) == date(2026, 5, 8)
    assert deadlines.last_day_posted(saturday_in_japan, "normal", USUAL) == date(2026, 5, 9)
    assert deadlines.last_day_posted(FRIDAY, "urgent", USUAL) == date(2026, 5, 7)


def test_an_answer_is_reminded_escalated_and_ended() -> None:
    at = planned(row("sent"))
    assert list(at) == ["answer_half", "answer_soon", "answer_due", "answer_ends"]
    assert at["answer_due"].date() == date(2026, 5, 8)
    assert at["answer_ends"].date() == date(2026, 5, 15)
    # the half falls on a working Friday, four fifths on the holiday of 05-05: told the next working morning
    assert at["answer_half"].date() == date(2026, 5, 1)
    assert (at["answer_soon"].date(), at["answer_soon"].hour) == (date(2026, 5, 7), 9)


def test_a_question_moves_the_answer_by_working_days() -> None:
    assert last_day(row("sent", stopped_working_days=5)) == date(2026, 5, 14)
    asked = datetime(2026, 4, 24, 1, tzinfo=UTC)
    stopped = [
        USUAL.stopped_since(asked, datetime(2026, month, day, 3, tzinfo=UTC))
        for month, day in ((4, 24), (4, 27), (4, 28), (5, 20))
    ]
    assert stopped == [0, 0, 1, 5]


def test_progress_is_asked_for_with_grace_and_never_ends_it() -> None:
    at = planned(row("in_progress"))
    assert [(name, each.date()) for name, each in at.items()] == [
        ("progress_due", date(2026, 5, 25)),
        ("progress_overdue", date(2026, 6, 4)),
    ]


def test_a_card_is_shown_again_each_week_until_its_last_day() -> None:
    moments = deadlines.moments(row("posted", post_until=date(2026, 5, 16)), USUAL)
    assert [name for _, name in moments] == ["post_week", "post_week", "post_week", "post_ends"]


def test_an_erased_draft_has_nothing_more_to_come() -> None:
    assert list(planned(row("draft"))) == ["draft_half", "draft_erased"]
    assert planned(row("draft"))["draft_erased"].date() == date(2026, 7, 24)
    assert deadlines.moments(row("draft", ask=""), USUAL) == []

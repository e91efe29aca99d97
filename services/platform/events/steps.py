"""What can be done to events and the places at them, and in which state."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, Problem, WrongState
from libs.persistence.statements import among
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step
from libs.reading.declare import Row
from services.platform.events.models import event, persons_left, place
from services.platform.events.models.codes import LIVE
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]
# within these the attendance code is taken
BEFORE_START: Any = sa.literal_column("interval '2 hours'", sa.Interval())
AFTER_END: Any = sa.literal_column("interval '24 hours'", sa.Interval())


def _cancelled(_: object) -> Problem:
    return WrongState(
        "cancelled",
        "この行事は中止されています。新しい行事として登録してください。",
        "The event is cancelled. Create a new one.",
    )


def _not_announced(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "この行事は現在、参加を受け付けていません。",
        "This event takes no participants at present.",
    )


def _not_reservable(_: object) -> Problem:
    return WrongState(
        "not_reservable",
        "この行事の申込みは、行事の案内にある方法でお願いします。",
        "Apply for this event in the way that its description says.",
    )


def _over(_: object) -> Problem:
    return WrongState("over", "この行事は終わりました。", "This event is over.")


def _past_deadline(_: object) -> Problem:
    return WrongState(
        "closed",
        "申込期限を過ぎました。主催者にお問い合わせください。",
        "The deadline has passed. Ask the organiser.",
    )


def _held_already(_: object) -> Problem:
    return AlreadyExists(
        "団体の参加枠はすでに取られています。人数を変えるには、返してから取り直してください。",
        "Your organisation has places already. To change their number give them up and take anew.",
    )


def full(left: int) -> Problem:
    return WrongState(
        "full",
        f"残りの参加枠は{left}人分です。人数を減らすか、主催者にお問い合わせください。",
        f"There are places left for {left} persons. Ask for fewer, or ask the organiser.",
    )


def _given_up(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"], "この参加枠はすでに返されています。", "These places were given up already."
    )


def _not_for_residents(_: object) -> Problem:
    return WrongState(
        "not_for_residents",
        "この行事の申込みは、このページでは受け付けていません。案内にある方法でお願いします。",
        "One cannot register for this event here. Please do as its description says.",
    )


def _not_offered(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "いまお受けいただける席はありません。期限を過ぎると次の方に回ります。",
        "No place is offered to you now. After its time an offer goes to the next in line.",
    )


def _not_asked(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "この申込みは、主催者の確認を待っていません。",
        "This registration does not wait for the organiser.",
    )


def _revoked(_: object) -> Problem:
    return WrongState("revoked", "このリンクはすでに無効です。", "This link has been revoked already.")


def _not_open(_: object) -> Problem:
    return WrongState(
        "not_open",
        "出席の受付は、主催者が番号を表示してから、行事の前後に限り行えます。",
        "Attendance is taken around the event, once its organiser shows a number.",
    )


def _not_taken(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        "この申込みは、参加が決まったものではありません。",
        "This registration has no places.",
    )


def _started(_: object) -> Problem:
    return WrongState(
        "started",
        "行事が始まっているため、参加枠は返せません。主催者にご連絡ください。",
        "The event has started, so places cannot be given up. Tell the organiser.",
    )


def _ahead(_: object) -> Problem:
    return WrongState(
        "ahead",
        "行事が始まってから、出席人数を記録してください。",
        "Record the attendance once the event has started.",
    )


def _none_held(row: Row, asker: Asker) -> Bool:
    held = place.alias("held_already")
    return sa.not_(
        sa.exists(
            sa.select(held.c.id).where(
                held.c.tenant_id == asker.tenant,
                held.c.event_id == row.c.id,
                held.c.organisation_id == asker.organisation,
                among(held.c.state, LIVE),
            )
        )
    )


def _some_left(row: Row, asker: Asker) -> Bool:
    return sa.or_(row.c.capacity.is_(None), persons_left(row, asker) > 0)


def _has_started(row: Row, asker: Asker) -> Bool:
    return _event_of(row, asker, lambda of_place: of_place.c.starts_at <= asker.now)


def _takes_attendance(row: Row, asker: Asker) -> Bool:
    return _event_of(
        row,
        asker,
        lambda of_place: sa.and_(
            of_place.c.attendance_code.is_not(None),
            of_place.c.state == sa.literal("announced"),
            of_place.c.starts_at <= asker.now + BEFORE_START,
            of_place.c.over_at >= asker.now - AFTER_END,
        ),
    )


def _event_of(row: Row, asker: Asker, holds: Callable[[Any], Bool]) -> Bool:
    of_place = event.alias("of_place")
    return sa.exists(
        sa.select(of_place.c.id).where(
            of_place.c.tenant_id == asker.tenant, of_place.c.id == row.c.event_id, holds(of_place)
        )
    )


def _in(*states: str) -> Callable[[Row, Asker], Bool]:
    return lambda row, _: among(row.c.state, states)


NOT_CANCELLED: Final = Guard(lambda row, _: row.c.state != sa.literal("cancelled"), _cancelled)
TAKEN: Final = Guard(_in("taken"), _not_taken)
KEPT: Final = Guard(_in(*LIVE), _given_up)
NOT_STARTED: Final = Guard(lambda row, asker: sa.not_(_has_started(row, asker)), _started, beyond=True)
NOT_OVER: Final = Guard(lambda row, asker: row.c.over_at > asker.now, _over)
OPEN: Final = (
    Guard(_in("announced"), _not_announced),
    Guard(lambda row, _: row.c.reservable, _not_reservable),
    NOT_OVER,
    Guard(lambda row, asker: sa.or_(row.c.deadline.is_(None), row.c.deadline > asker.now), _past_deadline),
)

RELATIONS.steps.register(
    Step(
        "calendar_feed", "revoke_calendar_feed", (Guard(lambda row, _: row.c.revoked_at.is_(None), _revoked),)
    ),
    Step("event", "edit_event", (NOT_CANCELLED,), policy="run_event"),
    Step("event", "announce_event", (NOT_CANCELLED,), policy="run_event"),
    Step("event", "publish_event", (NOT_CANCELLED,)),
    Step("event", "cancel_event", (NOT_CANCELLED,), policy="run_event"),
    Step("event", "step_down_as_co_host", (NOT_CANCELLED, NOT_OVER)),
    Step("event", "open_attendance", (Guard(_in("announced"), _not_announced),), policy="run_event"),
    Step("event", "record_attendance_list", (Guard(_in("announced"), _not_announced),), policy="run_event"),
    Step("event", "reveal_participants"),
    Step(
        "event",
        "report_event",
        (NOT_CANCELLED, Guard(lambda row, asker: row.c.starts_at <= asker.now, _ahead)),
        policy="run_event",
    ),
    Step(
        "event",
        "take_places",
        (
            *OPEN,
            Guard(_none_held, _held_already, beyond=True),
            Guard(_some_left, lambda _: full(0), beyond=True),
        ),
    ),
    Step(
        "event",
        "wait_for_places",
        (*OPEN, Guard(_none_held, _held_already, beyond=True)),
        policy="take_places",
    ),
    # a resident's, by the public page
    Step(
        "event",
        "register_for_event",
        (*OPEN, Guard(lambda row, _: row.c.for_residents, _not_for_residents)),
    ),
    Step("place", "give_up_places", (KEPT, NOT_STARTED)),
    Step(
        "place",
        "accept_places",
        (
            Guard(
                lambda row, asker: sa.and_(
                    row.c.state == sa.literal("offered"), row.c.offered_until > asker.now
                ),
                _not_offered,
            ),
        ),
    ),
    Step("place", "change_places", (KEPT, NOT_STARTED)),
    Step("place", "approve_places", (Guard(_in("asked"), _not_asked),), policy="admit_places"),
    Step("place", "decline_places", (Guard(_in("asked", "waiting"), _not_asked),), policy="admit_places"),
    Step("place", "record_attendance", (TAKEN, Guard(_has_started, _ahead, beyond=True))),
    Step("place", "attend_with_code", (TAKEN, Guard(_takes_attendance, _not_open, beyond=True))),
)

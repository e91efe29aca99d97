"""What can be done to events and the places at them, and in which state."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, Problem, WrongState
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step
from libs.reading.declare import Row
from services.platform.events.models import event, persons_left, place
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]


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
                held.c.state == sa.literal("taken"),
            )
        )
    )


def _some_left(row: Row, asker: Asker) -> Bool:
    return sa.or_(row.c.capacity.is_(None), persons_left(row, asker) > 0)


def _has_started(row: Row, asker: Asker) -> Bool:
    of_place = event.alias("of_place")
    return sa.exists(
        sa.select(of_place.c.id).where(
            of_place.c.tenant_id == asker.tenant,
            of_place.c.id == row.c.event_id,
            of_place.c.starts_at <= asker.now,
        )
    )


NOT_CANCELLED: Final = Guard(lambda row, _: row.c.state != sa.literal("cancelled"), _cancelled)
TAKEN: Final = Guard(lambda row, _: row.c.state == sa.literal("taken"), _given_up)

RELATIONS.steps.register(
    Step("event", "edit_event", (NOT_CANCELLED,), policy="run_event"),
    Step("event", "announce_event", (NOT_CANCELLED,), policy="run_event"),
    Step("event", "publish_event", (NOT_CANCELLED,)),
    Step("event", "cancel_event", (NOT_CANCELLED,), policy="run_event"),
    Step(
        "event",
        "take_places",
        (
            Guard(lambda row, _: row.c.state == sa.literal("announced"), _not_announced),
            Guard(lambda row, _: row.c.reservable, _not_reservable),
            Guard(lambda row, asker: row.c.over_at > asker.now, _over),
            Guard(
                lambda row, asker: sa.or_(row.c.deadline.is_(None), row.c.deadline > asker.now),
                _past_deadline,
            ),
            Guard(_none_held, _held_already, beyond=True),
            Guard(_some_left, lambda _: full(0), beyond=True),
        ),
    ),
    Step(
        "place",
        "give_up_places",
        (TAKEN, Guard(lambda row, asker: sa.not_(_has_started(row, asker)), _started, beyond=True)),
    ),
    Step("place", "record_attendance", (TAKEN, Guard(_has_started, _ahead, beyond=True))),
)

"""Places at an event: an organisation takes them while there are any, gives them up; the organiser counts."""

import uuid
from collections.abc import Sequence
from typing import Final

import asyncpg

from libs.errors.problems import AlreadyExists, InvalidInput, NotAllowed, WrongState
from libs.japan.text import clean
from libs.policy.acting import Acting
from services.platform.events import statements
from services.platform.events.actions import persons_taken
from services.platform.events.models import event, place

MOST_PERSONS: Final = 1_000
NAME_LENGTH: Final = 100


async def take(
    acting: Acting, event_id: uuid.UUID | None, count: int, attendees: Sequence[str] = ()
) -> uuid.UUID:
    """Places for `count` persons of one's own organisation.

    The event's row is locked, so that who comes at the same time is counted. Raises NotFound, NotAllowed,
    InvalidInput, AlreadyExists, WrongState (draft, cancelled, not_reservable, closed, over, full).
    """
    row = await acting.find("event", event, event_id, action="take_places")
    names = _names(count, attendees)
    _is_open(row, acting)
    organisation_id = acting.viewer.organisation_id
    if organisation_id is None:
        raise NotAllowed
    await _none_held(acting, row["id"], organisation_id)
    await _enough_left(acting, row, count)
    taken = await acting.work.insert(
        place,
        event_id=row["id"],
        organisation_id=organisation_id,
        state="taken",
        count=count,
        attendees=names,
        created_at=acting.work.now,
    )
    acting.work.record("take_places", "place", taken, event=str(row["id"]), count=count)
    await acting.work.tell("event", row["id"])
    return taken


async def give_up(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Before the event starts, places go back. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("place", place, identity, action="give_up_places", version=version)
    _is_taken(row)
    when = await acting.work.one(statements.EVENT_OF_PLACE, id=row["event_id"])
    if when is not None and when["starts_at"] <= acting.work.now:
        raise WrongState(
            "started",
            "行事が始まっているため、参加枠は返せません。主催者にご連絡ください。",
            "The event has started, so places cannot be given up. Tell the organiser.",
        )
    await acting.work.one(statements.GIVE_UP, id=row["id"])
    acting.work.record("give_up_places", "place", row["id"], event=str(row["event_id"]))
    await acting.work.tell("event", row["event_id"])
    return row["id"]


async def record_attendance(
    acting: Acting, identity: uuid.UUID | None, version: int, attended: int
) -> uuid.UUID:
    """The organiser notes how many persons came on these places; nobody is a valid number."""
    row = await acting.find("place", place, identity, action="record_attendance", version=version)
    _is_taken(row)
    if not 0 <= attended <= MOST_PERSONS:
        raise _number("attended", 0)
    when = await acting.work.one(statements.EVENT_OF_PLACE, id=row["event_id"])
    if when is not None and when["starts_at"] > acting.work.now:
        raise WrongState(
            "ahead",
            "行事が始まってから、出席人数を記録してください。",
            "Record the attendance once the event has started.",
        )
    await acting.work.one(statements.COUNT_ATTENDED, id=row["id"], attended=attended)
    acting.work.record("record_attendance", "place", row["id"], attended=attended)
    return row["id"]


def _names(count: int, attendees: Sequence[str]) -> list[str]:
    if not 1 <= count <= MOST_PERSONS:
        raise _number("count", 1)
    if len(attendees) > count:
        raise InvalidInput(
            "attendees",
            "参加者名が人数より多くあります。人数を確かめてください。",
            "There are more names than places. Check the number.",
            detail="MORE_THAN_COUNT",
        )
    return [clean(each, "attendees", NAME_LENGTH) for each in attendees]


def _number(field: str, least: int) -> InvalidInput:
    return InvalidInput(
        field,
        f"{least}から{MOST_PERSONS}までの人数を入力してください。",
        f"Give a number of persons from {least} to {MOST_PERSONS}.",
        detail="NUMBER_OF_PERSONS",
    )


def _is_open(row: asyncpg.Record, acting: Acting) -> None:
    now, deadline = acting.work.now, row["deadline"]
    if row["state"] != "announced":
        raise WrongState(
            row["state"],
            "この行事は現在、参加を受け付けていません。",
            "This event takes no participants at present.",
        )
    if not row["reservable"]:
        raise WrongState(
            "not_reservable",
            "この行事の申込みは、行事の案内にある方法でお願いします。",
            "Apply for this event in the way that its description says.",
        )
    if row["over_at"] <= now:
        raise WrongState("over", "この行事は終わりました。", "This event is over.")
    if deadline is not None and deadline <= now:
        raise WrongState(
            "closed",
            "申込期限を過ぎました。主催者にお問い合わせください。",
            "The deadline has passed. Ask the organiser.",
        )


async def _none_held(acting: Acting, event_id: uuid.UUID, organisation_id: uuid.UUID) -> None:
    if await acting.work.one(statements.HELD, event_id=event_id, organisation_id=organisation_id):
        raise AlreadyExists(
            "団体の参加枠はすでに取られています。人数を変えるには、返してから取り直してください。",
            "Your organisation has places already. To change their number give them up and take anew.",
        )


async def _enough_left(acting: Acting, row: asyncpg.Record, count: int) -> None:
    if row["capacity"] is None:
        return
    left = max(row["capacity"] - await persons_taken(acting, row["id"]), 0)
    if count > left:
        raise WrongState(
            "full",
            f"残りの参加枠は{left}人分です。人数を減らすか、主催者にお問い合わせください。",
            f"There are places left for {left} persons. Ask for fewer, or ask the organiser.",
        )


def _is_taken(row: asyncpg.Record) -> None:
    if row["state"] != "taken":
        raise WrongState(
            row["state"], "この参加枠はすでに返されています。", "These places were given up already."
        )

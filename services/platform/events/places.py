"""Places at an event: an organisation takes them while there are any, gives them up; the organiser counts."""

import uuid
from collections.abc import Sequence
from typing import Final

import asyncpg

from libs.errors.problems import InvalidInput, NotAllowed
from libs.japan.text import clean
from libs.policy.acting import Acting
from services.platform.events import statements
from services.platform.events.actions import persons_taken
from services.platform.events.models import event, place
from services.platform.events.steps import full

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
    organisation_id = acting.viewer.organisation_id
    if organisation_id is None:
        raise NotAllowed
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
    acting.work.tell("event", row["id"])
    return taken


async def give_up(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Before the event starts, places go back. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("place", place, identity, action="give_up_places", version=version)
    await acting.work.one(statements.GIVE_UP, id=row["id"])
    acting.work.record("give_up_places", "place", row["id"], event=str(row["event_id"]))
    acting.work.tell("event", row["event_id"])
    return row["id"]


async def record_attendance(
    acting: Acting, identity: uuid.UUID | None, version: int, attended: int
) -> uuid.UUID:
    """The organiser notes how many persons came on these places; nobody is a valid number."""
    row = await acting.find("place", place, identity, action="record_attendance", version=version)
    if not 0 <= attended <= MOST_PERSONS:
        raise _number("attended", 0)
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


async def _enough_left(acting: Acting, row: asyncpg.Record, count: int) -> None:
    if row["capacity"] is None:
        return
    left = max(row["capacity"] - await persons_taken(acting, row["id"]), 0)
    if count > left:
        raise full(left)

"""An organisation's places at an event: taken while there are any, waited for, changed, given up."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput, NotAllowed
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.events import deadlines
from services.platform.events.actions import line, participants
from services.platform.events.actions.participants import Participant
from services.platform.events.answers import checked_answers
from services.platform.events.models import event, place
from services.platform.events.models.codes import HOST
from services.platform.events.steps import full
from services.platform.notices.actions.telling import of_organisation, tell

MOST_PERSONS: Final = 1_000
NAME_LENGTH: Final = 100
DESK: Final = ("representative", "desk")
"""Whom an organisation's registrations are told to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an organisation registers: `wait` stands in line where there are not enough seats."""

    count: int
    attendees: Sequence[str] = field(default=(), repr=False)
    answers: Sequence[str] = field(default=(), repr=False)
    wait: bool = False


async def take(acting: Acting, event_id: uuid.UUID | None, asked: Asked) -> uuid.UUID:
    """Places for `count` persons of one's own organisation.

    The event's row is locked, so that who comes at the same time is counted. Raises NotFound, NotAllowed,
    InvalidInput, AlreadyExists, WrongState (draft, cancelled, not_reservable, closed, over, full).
    """
    step = "wait_for_places" if asked.wait else "take_places"
    row = await acting.find("event", event, event_id, action=step)
    names = _names(asked.count, asked.attendees)
    answers = tuple(checked_answers(row["questions"], asked.answers))
    organisation_id = acting.viewer.organisation_id
    if organisation_id is None:
        raise NotAllowed
    quota = line.quota_of(row, organisation_id)
    state = await state_for(acting, row, quota, asked.count, wait=asked.wait)
    work, identity = acting.work, uuid7()
    sealed: bytes | None = None
    if answers:
        sealer = await participants.key_of(acting.vault, work, row["id"])
        sealed = participants.seal(sealer, identity, Participant(answers=answers))
    await work.insert(
        place,
        id=identity,
        event_id=row["id"],
        organisation_id=organisation_id,
        quota=quota,
        state=state,
        number=await line.next_number(work, row["id"]),
        count=asked.count,
        attendees=names,
        sealed=sealed,
        created_at=work.now,
    )
    work.record("take_places", "place", identity, event=str(row["id"]), count=asked.count, state=state)
    await told_host(acting, row, identity, state)
    return identity


async def state_for(acting: Acting, row: asyncpg.Record, quota: str, count: int, *, wait: bool) -> str:
    """What becomes of who registers now. Raises WrongState where it is full and they do not wait."""
    if row["approval"] and quota != HOST:
        return "asked"
    if await line.has_seats(acting.work, row, quota, count):
        return "taken"
    if not wait:
        raise full(await line.left(acting.work, row, quota))
    return "waiting"


async def told_host(acting: Acting, row: asyncpg.Record, identity: uuid.UUID, state: str) -> None:
    """The event has changed for who watches it; who asks to be admitted waits for its organiser."""
    acting.work.tell("event", row["id"])
    if state == "asked":
        host = of_organisation(row["organisation_id"], *DESK)
        await tell(acting.work, "place_asked", ("place", identity), host)


async def give_up(acting: Acting, identity: uuid.UUID | None, version: int | None) -> uuid.UUID:
    """Before the event starts, places go back, and names with them.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("place", place, identity, action="give_up_places", version=version)
    await acting.work.one(END, id=row["id"], state="given_up")
    acting.work.record("give_up_places", "place", row["id"], event=str(row["event_id"]))
    freed(acting, row["event_id"])
    return row["id"]


async def accept(acting: Acting, identity: uuid.UUID | None, version: int | None) -> uuid.UUID:
    """Takes what was offered to who waited. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("place", place, identity, action="accept_places", version=version)
    await acting.work.one(SETTLE, id=row["id"], state="taken")
    acting.work.record("accept_places", "place", row["id"], event=str(row["event_id"]))
    acting.work.tell("event", row["event_id"])
    return row["id"]


async def change(
    acting: Acting, identity: uuid.UUID | None, version: int, count: int, attendees: Sequence[str]
) -> uuid.UUID:
    """Other names, and fewer persons: for more one registers anew, behind who waits already.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find("place", place, identity, action="change_places", version=version)
    names = _names(count, attendees)
    await acting.work.one(CHANGE, id=row["id"], count=not_more(row, count), attendees=names)
    acting.work.record("change_places", "place", row["id"], count=count)
    freed(acting, row["event_id"])
    return row["id"]


def not_more(row: asyncpg.Record, count: int) -> int:
    """Raises InvalidInput for more persons than before."""
    if not 1 <= count <= row["count"]:
        raise InvalidInput(
            "count",
            f"人数は1から{row['count']}までに変えられます。増やすには、改めてお申し込みください。",
            f"The number can become 1 to {row['count']}. For more persons register anew.",
            detail="MORE_THAN_BEFORE",
        )
    return count


def freed(acting: Acting, event_id: uuid.UUID) -> None:
    """Seats may have become free: the worker offers them to who waits. Nothing here takes the event's lock,
    which others hold before the place's."""
    acting.work.later(deadlines.OFFER, event_id, acting.work.now)
    acting.work.tell("event", event_id)


def _names(count: int, attendees: Sequence[str]) -> list[str]:
    if not 1 <= count <= MOST_PERSONS:
        raise number_of_persons("count", 1)
    if len(attendees) > count:
        raise InvalidInput(
            "attendees",
            "参加者名が人数より多くあります。人数を確かめてください。",
            "There are more names than places. Check the number.",
            detail="MORE_THAN_COUNT",
        )
    return [clean(each, "attendees", NAME_LENGTH) for each in attendees]


def number_of_persons(field: str, least: int) -> InvalidInput:
    return InvalidInput(
        field,
        f"{least}から{MOST_PERSONS}までの人数を入力してください。",
        f"Give a number of persons from {least} to {MOST_PERSONS}.",
        detail="NUMBER_OF_PERSONS",
    )


def _change(**values: Any) -> Statement:  # noqa: ANN401 - columns' values
    return Statement(
        sa.update(place)
        .where(place.c.tenant_id == TENANT, place.c.id == parameter(place.c.id))
        .values(version=place.c.version + 1, **values)
        .returning(*place.c)
    )


NOBODY: Final = sa.cast(sa.literal("{}"), place.c.attendees.type)
END = _change(state=parameter(place.c.state), attendees=NOBODY, sealed=sa.null())
"""With the end names go: nobody needs them any more."""
SETTLE = _change(state=parameter(place.c.state), offered_until=sa.null())
CHANGE = _change(count=parameter(place.c.count), attendees=parameter(place.c.attendees))

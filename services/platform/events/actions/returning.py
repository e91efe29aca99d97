"""Coming back with the code: a registration is read, changed, cancelled; an offer accepted; attendance."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import msgspec
import sqlalchemy as sa

from libs.persistence.sealing.key_store import KeyErased
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation
from services.platform.events.actions import attending, participants, places, registering
from services.platform.events.actions.participants import Participant
from services.platform.events.models import event, place
from services.platform.events.rows import Fields


@dataclass(frozen=True, slots=True)
class Kept:
    """A registration as its holder reads it; `who` is None once names were erased."""

    event: Fields
    place: Fields
    who: Participant | None = field(repr=False)

    def takes_attendance(self, now: datetime) -> bool:
        """Whether to show the field for it; the action judges by its own guard."""
        shown = self.event["attendance_code"] is not None and self.place["state"] == "taken"
        return shown and self.event["starts_at"] - timedelta(hours=2) <= now


Step = Callable[[Acting, asyncpg.Record], Awaitable[object]]


async def read(acting: Acting, code: str) -> Kept | None:
    """None for a code that opens nothing here, whatever the reason."""
    return await _with(acting, code, None)


async def accept(acting: Acting, code: str) -> Kept | None:
    """Raises WrongState where nothing is offered any more."""
    return await _with(acting, code, lambda held, row: places.accept(held, row["id"], None))


async def give_up(acting: Acting, code: str) -> Kept | None:
    """Name and contact go at once. Raises WrongState once the event has begun."""
    return await _with(acting, code, lambda held, row: places.give_up(held, row["id"], None))


async def attend(acting: Acting, code: str, shown: str) -> tuple[Kept | None, bool]:
    """Whether it was the code shown in the room; a wrong one is counted. Raises WrongState."""
    right = False

    async def attending_here(held: Acting, row: asyncpg.Record) -> None:
        nonlocal right
        right = await attending.attend(held, row["id"], shown, row["count"])

    return await _with(acting, code, attending_here), right


async def change(acting: Acting, code: str, count: int, said: Mapping[str, str]) -> Kept | None:
    """Fewer persons, another name or contact. Raises InvalidInput, WrongState, KeyErased."""

    async def changing(held: Acting, row: asyncpg.Record) -> None:
        found = await held.find("place", place, row["id"], action="change_places")
        names = registering.contact(said["name"], said["kana"], said["email"], said["telephone"])
        sealer = await participants.key_of(held.vault, held.work, found["event_id"])
        who = participants.unseal(sealer, found["id"], found["sealed"])
        sealed = participants.seal(sealer, found["id"], msgspec.structs.replace(who, **names))
        await held.work.one(registering.SEALED, id=found["id"], sealed=sealed)
        await held.work.one(places.CHANGE, id=found["id"], count=places.not_more(found, count), attendees=[])
        held.work.record("change_places", "place", found["id"], count=count)
        places.freed(held, found["event_id"])

    return await _with(acting, code, changing)


async def _with(acting: Acting, code: str, step: Step | None) -> Kept | None:
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    found = await acting.work.one(BY_CODE, code_hash=registering.hash_of(own, code))
    if found is None:
        return None
    held = acting.holding(found["id"])
    if step is not None:
        await step(held, found)
    return await _kept(held, await held.see("place", place, found["id"]))


async def _kept(acting: Acting, row: asyncpg.Record) -> Kept:
    about = await acting.work.one(EVENT, id=row["event_id"])
    assert about is not None  # noqa: S101 - a place hangs on it
    if row["sealed"] is None:
        return Kept(about, row, None)
    try:
        sealer = await acting.vault.sealer(acting.work.tenant_id, row["event_id"])
    except KeyErased:
        return Kept(about, row, None)
    return Kept(about, row, participants.unseal(sealer, row["id"], row["sealed"]))


BY_CODE = Statement(
    sa.select(place.c.id, place.c.count).where(
        place.c.tenant_id == TENANT, place.c.code_hash == parameter(place.c.code_hash)
    )
)
EVENT = Statement(
    sa.select(*event.c, organisation.c.name.label("organiser"))
    .join(
        organisation,
        sa.and_(organisation.c.tenant_id == TENANT, organisation.c.id == event.c.organisation_id),
    )
    .where(event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id))
)

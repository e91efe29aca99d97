"""What became free is offered to who waits, in their order; an offer that nobody answers passes on."""

import uuid

import asyncpg
import sqlalchemy as sa

from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.events import deadlines
from services.platform.events.actions import line, mailing, participants
from services.platform.events.actions.places import DESK, END
from services.platform.events.models import event, place
from services.platform.notices.actions.telling import of_organisation, tell


async def offer(vault: Vault, work: Work, event_id: uuid.UUID) -> None:
    """The event's lock first: who comes at this moment waits for it, and stands behind."""
    row = await work.one(LOCK, id=event_id)
    if row is None or row["state"] != "announced" or row["starts_at"] <= work.now:
        return
    for each in await work.rows(OVERDUE, event_id=event_id):
        await _tell(vault, work, row, each, "passed")
        await work.one(END, id=each["id"], state="passed")
        work.record("pass_on", "place", each["id"])
    seats = await line.seats(work, row)
    until = deadlines.offered_until(row, work.now)
    served = seats.served(await line.line(work, event_id))
    for each in served:
        await work.one(OFFER, id=each["id"], offered_until=until)
        work.record("offer_places", "place", each["id"])
        await _tell(vault, work, row, each, "offered")
    if served:
        work.later(deadlines.OFFER, event_id, until)
    work.tell("event", event_id)


async def _tell(vault: Vault, work: Work, row: asyncpg.Record, each: asyncpg.Record, what: str) -> None:
    if each["organisation_id"] is not None:
        desk = of_organisation(each["organisation_id"], *DESK)
        await tell(work, f"place_{what}", ("place", each["id"]), desk)
        return
    sealer = await vault.sealer(work.tenant_id, row["id"])
    who = participants.unseal(sealer, each["id"], each["sealed"])
    until = deadlines.offered_until(row, work.now) if what == "offered" else None
    await mailing.post(work, vault, f"event_{what}", row, who, until)


LOCK = Statement(
    sa.select(event).where(event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id)).with_for_update()
)
OVERDUE = Statement(
    sa.select(place)
    .where(
        place.c.tenant_id == TENANT,
        place.c.event_id == parameter(place.c.event_id),
        place.c.state == sa.literal("offered"),
        place.c.offered_until <= sa.bindparam("viewer_now", type_=place.c.offered_until.type),
    )
    .order_by(place.c.number)
    .with_for_update()
)
OFFER = Statement(
    sa.update(place)
    .where(
        place.c.tenant_id == TENANT,
        place.c.id == parameter(place.c.id),
        place.c.state == sa.literal("waiting"),
    )
    .values(
        state=sa.literal("offered"),
        offered_until=parameter(place.c.offered_until),
        version=place.c.version + 1,
    )
    .returning(place.c.id)
)

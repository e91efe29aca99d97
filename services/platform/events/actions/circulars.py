"""All participants are told at once: before the event, of a change, of its end; and forgotten afterwards."""

import uuid

import asyncpg
import sqlalchemy as sa

from libs.persistence.sealing.key_store import KeyErased
from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.events import deadlines
from services.platform.events.actions import mailing, participants
from services.platform.events.actions.offering import LOCK
from services.platform.events.actions.places import DESK, NOBODY
from services.platform.events.models import event, place
from services.platform.events.models.codes import LIVE
from services.platform.events.models.keys import PARTICIPANTS_ERASED
from services.platform.notices.actions.telling import of_organisations, tell


async def remind(vault: Vault, work: Work, event_id: uuid.UUID) -> None:
    """Once for each beginning: an event that was moved is reminded of anew."""
    row = await work.one(LOCK, id=event_id)
    if row is None or row["state"] != "announced" or row["reminded_of"] == row["starts_at"]:
        return
    due = deadlines.reminded_at(row)
    if due is None or due > work.now or row["starts_at"] <= work.now:
        return
    await work.one(REMINDED, id=event_id, reminded_of=row["starts_at"])
    places = [each for each in await work.rows(PLACES, event_id=event_id) if each["state"] == "taken"]
    await _tell(vault, work, row, places, "event_reminder")


async def tell_changed(vault: Vault, work: Work, event_id: uuid.UUID) -> None:
    """Whoever registered, waits or asked."""
    row = await work.one(LOCK, id=event_id)
    if row is not None and row["state"] == "announced":
        await _tell(vault, work, row, await work.rows(PLACES, event_id=event_id), "event_changed")


async def tell_cancelled(vault: Vault, work: Work, event_id: uuid.UUID) -> None:
    """Likewise."""
    row = await work.one(LOCK, id=event_id)
    if row is not None and row["state"] == "cancelled":
        await _tell(vault, work, row, await work.rows(PLACES, event_id=event_id), "event_cancelled")


async def erase(vault: Vault, work: Work, event_id: uuid.UUID) -> None:
    """Names, contacts and answers go some days after the event; how many came stays.

    The key goes first: a job that fails behind it is done again, and nothing can be read either way.
    """
    row = await work.one(LOCK, id=event_id)
    if row is None or row["erased_at"] is not None:
        return
    if (due := deadlines.erased_at(row)) > work.now:
        work.later(deadlines.ERASE, event_id, due)
        return
    if row["registrations"]:
        await vault.erase(work.tenant_id, event_id)
    await work.rows(FORGET, event_id=event_id)
    await work.one(ERASED, id=event_id)
    work.record(PARTICIPANTS_ERASED, "event", event_id)


async def _tell(
    vault: Vault, work: Work, row: asyncpg.Record, places: list[asyncpg.Record], kind: str
) -> None:
    organisations = [each["organisation_id"] for each in places if each["organisation_id"] is not None]
    if organisations:
        await tell(work, kind, ("event", row["id"]), of_organisations(organisations, *DESK))
    residents = [each for each in places if each["organisation_id"] is None and each["sealed"] is not None]
    if not residents:
        return
    try:
        sealer = await vault.sealer(work.tenant_id, row["id"])
    except KeyErased:
        return
    for each in residents:
        await mailing.post(work, vault, kind, row, participants.unseal(sealer, each["id"], each["sealed"]))


_THIS = (event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id))
_OF_EVENT = (place.c.tenant_id == TENANT, place.c.event_id == parameter(place.c.event_id))
PLACES = Statement(sa.select(place).where(*_OF_EVENT, among(place.c.state, LIVE)).order_by(place.c.number))
REMINDED = Statement(
    sa.update(event).where(*_THIS).values(reminded_of=parameter(event.c.reminded_of)).returning(event.c.id)
)
FORGET = Statement(
    sa.update(place)
    .where(*_OF_EVENT)
    .values(sealed=sa.null(), attendees=NOBODY, code_hash=sa.null(), address_hash=sa.null())
    .returning(place.c.id)
)
ERASED = Statement(
    sa.update(event)
    .where(*_THIS)
    .values(erased_at=sa.bindparam("viewer_now", type_=event.c.erased_at.type))
    .returning(event.c.id)
)

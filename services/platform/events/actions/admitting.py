"""The organiser admits who asked, or does not; under the event's lock, because seats are counted."""

import uuid

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import NotFound
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.events.actions import line, mailing, participants
from services.platform.events.actions.places import DESK, END, SETTLE, freed
from services.platform.events.models import event, place
from services.platform.events.rows import Fields
from services.platform.notices.actions.telling import of_organisation, tell


async def approve(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """They get seats, or stand in line by the number of their registration.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    of_place, row = await _both(acting, identity, version, "approve_places")
    enough = await line.has_seats(acting.work, of_place, row["quota"], row["count"])
    settled = await acting.work.one(SETTLE, id=row["id"], state="taken" if enough else "waiting")
    assert settled is not None  # noqa: S101 - its lock is held
    acting.work.record("approve_places", "place", row["id"], state=settled["state"])
    acting.work.tell("event", row["event_id"])
    await tell_participant(acting, of_place, settled, "place_approved")
    return row["id"]


async def decline(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Names go with it. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    of_place, row = await _both(acting, identity, version, "decline_places")
    await tell_participant(acting, of_place, {**dict(row), "state": "refused"}, "place_refused")
    await acting.work.one(END, id=row["id"], state="refused")
    acting.work.record("decline_places", "place", row["id"])
    freed(acting, row["event_id"])
    return row["id"]


async def tell_participant(acting: Acting, of_place: asyncpg.Record, row: Fields, kind: str) -> None:
    """The organisation by a notice, a resident by mail."""
    organisation_id = row["organisation_id"]
    if isinstance(organisation_id, uuid.UUID):
        await tell(acting.work, kind, ("place", row["id"]), of_organisation(organisation_id, *DESK))
        return
    sealer = await acting.vault.sealer(acting.work.tenant_id, of_place["id"])
    who = participants.unseal(sealer, row["id"], row["sealed"])
    await mailing.post(acting.work, acting.vault, f"event_{row['state']}", of_place, who)


async def _both(
    acting: Acting, identity: uuid.UUID | None, version: int, action: str
) -> tuple[asyncpg.Record, asyncpg.Record]:
    """The event's lock first, then the place's."""
    found = await acting.work.one(EVENT_OF, id=identity)
    if found is None:
        raise NotFound
    of_place = await acting.see("event", event, found["event_id"])
    return of_place, await acting.find("place", place, identity, action=action, version=version)


EVENT_OF = Statement(
    sa.select(place.c.event_id).where(place.c.tenant_id == TENANT, place.c.id == parameter(place.c.id))
)

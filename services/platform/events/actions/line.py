"""An event's seats and the line for them, read under the lock of the event's row."""

import uuid

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.events.models import event, place
from services.platform.events.models.codes import HOLDING, HOST, ORGANISATIONS, QUOTAS
from services.platform.events.models.seats import Seats, Waiting
from services.platform.events.rows import Fields


def quota_of(row: Fields, organisation_id: uuid.UUID) -> str:
    """Which reserved places an organisation may take."""
    hosts = organisation_id == row["organisation_id"] or organisation_id in row["co_host_ids"]
    return HOST if hosts else ORGANISATIONS


async def seats(work: Work, row: Fields) -> Seats:
    """As they are kept at this moment."""
    held = {each["quota"]: int(each["persons"]) for each in await work.rows(HELD, event_id=row["id"])}
    return Seats(row["capacity"], {quota: row[f"reserved_{quota}"] for quota in QUOTAS}, held)


async def line(work: Work, event_id: uuid.UUID) -> list[Waiting[asyncpg.Record]]:
    """Who waits, in order."""
    rows = await work.rows(WAITING, event_id=event_id)
    return [Waiting(row, row["quota"], row["count"]) for row in rows]


async def has_seats(work: Work, row: Fields, quota: str, count: int) -> bool:
    """Whether `count` persons who come now get seats, behind all who wait already."""
    kept = await seats(work, row)
    kept.served(await line(work, row["id"]))
    return kept.admit(quota, count)


async def left(work: Work, row: Fields, quota: str) -> int:
    """Seats for who comes now, behind all who wait already; of an event with a capacity."""
    kept = await seats(work, row)
    kept.served(await line(work, row["id"]))
    return kept.left(quota) or 0


async def next_number(work: Work, event_id: uuid.UUID) -> int:
    """The next registration's number."""
    row = await work.one(NUMBER, id=event_id)
    assert row is not None  # noqa: S101 - its lock is held
    return row["registrations"]


async def persons_held(work: Work, row: Fields) -> int:
    """Persons that seats are kept for."""
    return sum(int(each["persons"]) for each in await work.rows(HELD, event_id=row["id"]))


HELD = Statement(
    sa.select(place.c.quota, sa.func.sum(place.c.count).label("persons"))
    .where(
        place.c.tenant_id == TENANT,
        place.c.event_id == parameter(place.c.event_id),
        among(place.c.state, HOLDING),
    )
    .group_by(place.c.quota)
)
WAITING = Statement(
    sa.select(place)
    .where(
        place.c.tenant_id == TENANT,
        place.c.event_id == parameter(place.c.event_id),
        place.c.state == sa.literal("waiting"),
    )
    .order_by(place.c.number)
    .with_for_update()
)
NUMBER = Statement(
    sa.update(event)
    .where(event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id))
    .values(registrations=event.c.registrations + 1)
    .returning(event.c.registrations)
)

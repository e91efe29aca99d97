"""Due work that was given up after its tries: whose and of what kind, read as the worker role. No content."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.persistence.database import Context, Database
from libs.persistence.due import work_due
from libs.persistence.roles import WORKER
from libs.persistence.statements import Statement, parameter
from services.operator.environment import url_of

NEXT_STEP: Final = "find out why in the worker's log, then: tsunagari work retry --kind {kind}"


async def counted(claims: Database) -> list[asyncpg.Record]:
    """tenant_id, kind, count and since when, of all tenants."""
    async with claims.outside_tenants() as connection:
        return await connection.fetch(COUNTED.sql, *COUNTED.arguments({}))


async def keys_of(claims: Database, kind: str) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """(tenant, key) of what was given up of one kind."""
    async with claims.outside_tenants() as connection:
        rows = await connection.fetch(KEYS.sql, *KEYS.arguments({"kind": kind}))
    return {(row["tenant_id"], row["key"]) for row in rows}


async def again(claims: Database, tenant_id: uuid.UUID, kind: str, now: datetime) -> int:
    """Makes it due once more, as if it had never been tried; how many."""
    places = {"tenant_id": tenant_id, "kind": kind, "due_at": now}
    async with claims.outside_tenants() as connection:
        return len(await connection.fetch(AGAIN.sql, *AGAIN.arguments(places)))


async def slugs(tenants: Database) -> dict[uuid.UUID, str]:
    """Of all tenants, by slug."""
    async with tenants.reading(Context(None)) as connection:
        rows = await connection.fetch("SELECT tenant_id, slug FROM tsunagari.tenant ORDER BY slug")
    return {row["tenant_id"]: row["slug"] for row in rows}


@asynccontextmanager
async def as_worker() -> AsyncGenerator[Database]:
    """Raises InvalidInput where the worker's URL is not set."""
    database = await Database.open(url_of(WORKER), name="tsunagari-operator", size=1)
    try:
        yield database
    finally:
        await database.close()


_dead = work_due.c.failed_at.is_not(None)
_kind = work_due.c.kind == parameter(work_due.c.kind)
COUNTED: Final = Statement(
    sa.select(
        work_due.c.tenant_id,
        work_due.c.kind,
        sa.func.count().label("count"),
        sa.func.min(work_due.c.failed_at).label("since"),
    )
    .where(_dead)
    .group_by(work_due.c.tenant_id, work_due.c.kind)
    .order_by(work_due.c.kind, work_due.c.tenant_id)
)
KEYS: Final = Statement(sa.select(work_due.c.tenant_id, work_due.c.key).where(_dead, _kind))
AGAIN: Final = Statement(
    sa.update(work_due)
    .where(_dead, _kind, work_due.c.tenant_id == parameter(work_due.c.tenant_id))
    .values(failed_at=sa.null(), attempts=sa.literal_column("0"), due_at=parameter(work_due.c.due_at))
    .returning(work_due.c.id)
)

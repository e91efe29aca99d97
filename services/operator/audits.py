"""`tsunagari audit`: is every tenant's chain whole, and is it still the one whose head was taken earlier?"""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import asyncpg
from cyclopts import App, Parameter

from libs.errors.problems import NotFound
from libs.persistence import audit
from libs.persistence.database import Connection, Context, Database
from libs.persistence.roles import APP
from services.operator.audit_heads import KeptHead, read_heads, write_heads
from services.operator.environment import url_of
from services.operator.output import show
from services.operator.progress import advancing_async

BATCH = 1_000
STATEMENT_MS = 600_000  # the first entry of a long chain comes when all of it is sorted

app = App(name="audit", help="The audit chain.")
Slug = Annotated[str | None, Parameter(help="one platform; all without it")]
Json = Annotated[bool, Parameter(name="--json", help="print JSON")]


@app.command
def verify(
    slug: Slug = None,
    *,
    against: Annotated[
        Path | None, Parameter(help="a file of `audit head --export`: finds a chain rewritten whole")
    ] = None,
    json: Json = False,
) -> int:
    """Recomputes the chain and names the first broken link, cut tails included. Exit code 1: broken."""
    kept = {} if against is None else read_heads(against)
    rows = asyncio.run(_verified(slug, kept))
    show(rows, json=json, title="audit chains")
    return 0 if all(row["whole"] for row in rows) else 1


@app.command
def head(
    slug: Slug = None,
    *,
    export: Annotated[Path | None, Parameter(help="file to write, to be kept elsewhere")] = None,
    json: Json = False,
) -> None:
    """Where each chain stands now. Export it often, and keep it where no database administrator can write."""
    heads = asyncio.run(_heads(slug))
    if export is not None:
        write_heads(export, heads)
    show([each.shown() for each in heads], json=json, title="audit heads")


async def _verified(slug: str | None, kept: dict[uuid.UUID, KeptHead]) -> list[dict[str, object]]:
    async with _database() as database:
        tenants = await _tenants(database, slug)
        rows = [await _verify_one(database, each, kept.get(each["tenant_id"])) for each in tenants]
    known = {each["tenant_id"] for each in tenants}
    gone = [each for each in kept.values() if each.tenant not in known and slug in {None, each.platform}]
    return rows + [_row(each.platform, 0, audit.Break(1, "the whole platform is missing")) for each in gone]


async def _verify_one(database: Database, tenant: asyncpg.Record, kept: KeptHead | None) -> dict[str, object]:
    chain = audit.Chain(None if kept is None else kept.head())
    async with _snapshot(database, tenant["tenant_id"]) as connection:
        head = await connection.fetchrow(audit.HEAD.sql, tenant["tenant_id"])
        entries = connection.cursor(audit.CHAIN.sql, tenant["tenant_id"], prefetch=BATCH)
        total = None if head is None else head["sequence"]
        async for entry in advancing_async(entries, tenant["slug"], total):
            chain.take(entry)
    return _row(tenant["slug"], chain.length, chain.end(head))


async def _heads(slug: str | None) -> list[KeptHead]:
    async with _database() as database:
        found = list[KeptHead]()
        for tenant in await _tenants(database, slug):
            async with _snapshot(database, tenant["tenant_id"]) as connection:
                row = await connection.fetchrow(audit.HEAD.sql, tenant["tenant_id"])
            if row is not None:
                found.append(KeptHead.of(tenant, row, database.clock()))
        return found


@asynccontextmanager
async def _snapshot(database: Database, tenant_id: uuid.UUID) -> AsyncGenerator[Connection]:
    """Head and entries of one moment: a chain that grows meanwhile is not taken for a broken one."""
    async with database.reading(Context(tenant_id)) as connection:
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield connection


async def _tenants(database: Database, slug: str | None) -> Sequence[asyncpg.Record]:
    async with database.reading(Context(None)) as connection:
        tenants = await connection.fetch(
            "SELECT tenant_id, slug FROM tsunagari.tenant WHERE $1::text IS NULL OR slug = $1 ORDER BY slug",
            slug,
        )
    if slug is not None and not tenants:
        raise NotFound(
            "そのslugのプラットフォームはありません。tsunagari tenant list でご確認ください。",
            "There is no platform of this slug. See: tsunagari tenant list",
        )
    return tenants


@asynccontextmanager
async def _database() -> AsyncGenerator[Database]:
    database = await Database.open(
        url_of(APP), name="tsunagari-operator", size=1, statement_timeout_ms=STATEMENT_MS
    )
    try:
        yield database
    finally:
        await database.close()


def _row(slug: str, entries: int, broken: audit.Break | None) -> dict[str, object]:
    return {
        "platform": slug,
        "entries": entries,
        "whole": broken is None,
        "first_break": None if broken is None else broken.sequence,
        "reason": None if broken is None else broken.reason,
    }

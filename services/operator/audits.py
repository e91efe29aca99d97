"""`tsunagari audit`: is every tenant's chain whole?"""

import asyncio
import uuid
from typing import Annotated

from cyclopts import App, Parameter

from libs.errors.problems import NotFound
from libs.persistence import audit
from libs.persistence.database import Context, Database
from libs.persistence.roles import APP
from services.operator.environment import url_of
from services.operator.output import show

STATEMENT_MS = 600_000  # a long chain is read in one statement

app = App(name="audit", help="The audit chain.")


@app.command
def verify(
    slug: Annotated[str | None, Parameter(help="one platform; all without it")] = None,
    *,
    json: Annotated[bool, Parameter(name="--json", help="print JSON")] = False,
) -> int:
    """Recomputes the chain and names the first broken link, cut tails included. Exit code 1: broken."""
    rows = asyncio.run(_verified(slug))
    show(rows, json=json, title="audit chains")
    return 0 if all(row["whole"] for row in rows) else 1


async def _verified(slug: str | None) -> list[dict[str, object]]:
    database = await Database.open(
        url_of(APP), name="tsunagari-operator", size=1, statement_timeout_ms=STATEMENT_MS
    )
    try:
        async with database.reading(Context(None)) as connection:
            tenants = await connection.fetch(
                "SELECT tenant_id, slug FROM tsunagari.tenant "
                "WHERE $1::text IS NULL OR slug = $1 ORDER BY slug",
                slug,
            )
        if slug is not None and not tenants:
            raise NotFound(
                "そのslugのプラットフォームはありません。tsunagari tenant list でご確認ください。",
                "There is no platform of this slug. See: tsunagari tenant list",
            )
        return [await _verify_one(database, each["slug"], each["tenant_id"]) for each in tenants]
    finally:
        await database.close()


async def _verify_one(database: Database, slug: str, tenant_id: uuid.UUID) -> dict[str, object]:
    async with database.reading(Context(tenant_id)) as connection:
        entries = await connection.fetch(audit.CHAIN.sql, tenant_id)
        head = await connection.fetchrow(audit.HEAD.sql, tenant_id)
    broken = audit.first_break(entries, head)
    return {
        "platform": slug,
        "entries": len(entries),
        "whole": broken is None,
        "first_break": None if broken is None else broken.sequence,
        "reason": None if broken is None else broken.reason,
    }

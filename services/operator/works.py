"""`tsunagari work`: due work that was given up, and doing it again."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from cyclopts import App, Parameter

from libs.persistence.actor import SYSTEM
from libs.persistence.database import Database
from libs.persistence.roles import APP
from services.operator import dead_work
from services.operator.environment import url_of
from services.operator.output import show

app = App(name="work", help="Due work that was given up after its tries: what, and doing it again.")
Json = Annotated[bool, Parameter(name="--json", help="print JSON")]
RETRIED = "retry_due_work"


@app.command(name="list")
def list_dead(*, json: Json = False) -> int:
    """How much of each platform and kind was given up, and since when. Exit code 1: there is some."""

    async def run() -> list[dict[str, object]]:
        async with _both() as (claims, tenants):
            named = await dead_work.slugs(tenants)
            return [
                {
                    "tenant": named.get(row["tenant_id"], str(row["tenant_id"])),
                    "kind": row["kind"],
                    "count": row["count"],
                    "since": row["since"].isoformat(),
                }
                for row in await dead_work.counted(claims)
            ]

    rows = asyncio.run(run())
    show(rows, json=json, title="given up")
    return 1 if rows else 0


@app.command
def retry(
    *,
    kind: Annotated[str, Parameter(help="as `work list` names it")],
    tenant: Annotated[str | None, Parameter(help="one platform's slug; all without it")] = None,
    json: Json = False,
) -> None:
    """Has the worker try it again, as if for the first time; the platform's audit chain keeps who did."""

    async def run() -> list[dict[str, object]]:
        async with _both() as (claims, tenants):
            named = await dead_work.slugs(tenants)
            chosen = {
                row["tenant_id"]
                for row in await dead_work.counted(claims)
                if row["kind"] == kind and tenant in {None, named.get(row["tenant_id"])}
            }
            rows = list[dict[str, object]]()
            for tenant_id in sorted(chosen, key=str):
                async with tenants.work(tenant_id, SYSTEM) as work:
                    work.record(RETRIED, "tenant", tenant_id, kind=kind)
                count = await dead_work.again(claims, tenant_id, kind, claims.clock())
                rows.append({"tenant": named[tenant_id], "kind": kind, "count": count})
            return rows

    show(asyncio.run(run()), json=json, title="due again")


@asynccontextmanager
async def _both() -> AsyncGenerator[tuple[Database, Database]]:
    async with dead_work.as_worker() as claims:
        tenants = await Database.open(url_of(APP), name="tsunagari-operator", size=1)
        try:
            yield claims, tenants
        finally:
            await tenants.close()

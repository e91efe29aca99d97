"""`tsunagari deliveries`: what could not be delivered by mail or webhook, and sending it again."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Literal

from cyclopts import App, Parameter

from libs.errors.problems import InvalidInput
from libs.persistence.actor import SYSTEM
from libs.persistence.database import Database
from libs.persistence.roles import APP
from libs.persistence.work import Work
from services.operator.dead_work import slugs
from services.operator.environment import url_of
from services.operator.output import show
from services.operator.policy_in_force import tenant_of
from services.platform.notices.actions import dead_letters

app = App(name="deliveries", help="Notices by mail and webhook: what waits, what is dead, sending again.")
Tenant = Annotated[str, Parameter(name="--tenant", help="the platform's slug")]
Json = Annotated[bool, Parameter(name="--json", help="print JSON")]


@app.command(name="list")
def list_deliveries(
    *,
    tenant: Annotated[
        str | None, Parameter(name="--tenant", help="the platform's slug; without it counts of all")
    ] = None,
    state: Annotated[Literal["dead", "waiting"], Parameter(help="which of them")] = "dead",
    json: Json = False,
) -> int:
    """Channel, kind and codes: never to whom. Exit code 1: there are dead ones.

    Without a platform: how many dead ones each has, by channel, kind and code.
    """

    async def run() -> list[dict[str, object]]:
        if tenant is None:
            return await _counted()
        async with _work(tenant) as work:
            return [dict(row) for row in await dead_letters.unsent(work, state)]

    if tenant is None and state != "dead":
        raise InvalidInput(
            "tenant",
            "送信待ちの一覧には --tenant を指定してください。",
            "Name a platform with --tenant to see what waits.",
        )
    rows = asyncio.run(run())
    shown = [{**row, "id": str(row["id"])} if "id" in row else row for row in rows]
    show(shown, json=json, title=f"{state} deliveries")
    return 1 if rows and state == "dead" else 0


@app.command
def retry(
    *ids: Annotated[str, Parameter(help="of deliveries; all dead ones without any")],
    tenant: Tenant,
    json: Json = False,
) -> None:
    """Sends dead ones again; letters with a secret are made anew by whoever sent them."""
    named = [_identity(each) for each in ids] or None

    async def run() -> list[uuid.UUID]:
        async with _work(tenant) as work:
            return await dead_letters.retry(work, named)

    show([{"id": str(each)} for each in asyncio.run(run())], json=json, title="sent again")


def _identity(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise InvalidInput(
            "ids",
            "配信のIDがUUIDではありません。tsunagari deliveries list でご確認ください。",
            "This is no delivery's id. See: tsunagari deliveries list",
        ) from None


async def _counted() -> list[dict[str, object]]:
    """Platform by platform, each in a transaction of its own: no role sees the letters of two at once."""
    database = await Database.open(url_of(APP), name="tsunagari-operator", size=1)
    rows = list[dict[str, object]]()
    try:
        for tenant_id, slug in (await slugs(database)).items():
            async with database.work(tenant_id, SYSTEM) as work:
                rows.extend({"tenant": slug, **row} for row in await dead_letters.counted(work))
    finally:
        await database.close()
    return rows


@asynccontextmanager
async def _work(slug: str) -> AsyncGenerator[Work, None]:
    database = await Database.open(url_of(APP), name="tsunagari-operator", size=1)
    try:
        async with database.work(await tenant_of(database, slug), SYSTEM) as work:
            yield work
    finally:
        await database.close()

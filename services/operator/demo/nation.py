"""The nation's part of the story: each platform submits last month, the secretariat publishes it."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from libs.figures.months import Month
from libs.figures.publishing import publish
from libs.persistence.actor import SYSTEM
from libs.persistence.database import Context, Database
from libs.persistence.roles import APP, OWNER, PUBLISHER
from services.operator.demo.people import People
from services.platform.figures.jobs import submit_figures
from services.secretariat import staff


async def publish_last_month(urls: Mapping[str, str], people: People) -> None:
    """What the worker and an operator would do at the turn of the month."""
    async with _database(urls[APP]) as database:
        async with database.reading(Context(None)) as connection:
            tenants = await connection.fetch("SELECT tenant_id FROM tsunagari.tenant")
        for row in tenants:
            async with database.work(row["tenant_id"], SYSTEM) as work:
                await submit_figures(work, row["tenant_id"])
    async with _database(urls[PUBLISHER]) as database:
        await publish(database, Month.of(database.clock()).later(-1), database.clock())
    async with _database(urls[OWNER]) as database:
        for each in people.everybody:
            if each.tenant is None:
                await staff.appoint(database, (people.issuer.issuer, each.subject), each.name, each.roles[0])


@asynccontextmanager
async def _database(url: str) -> AsyncGenerator[Database, None]:
    database = await Database.open(url, name="tsunagari-demo", size=1)
    try:
        yield database
    finally:
        await database.close()

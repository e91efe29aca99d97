"""The nation's part of the story: last month's figures, and a practice in the library."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from libs.figures.months import Month
from libs.figures.publishing import publish
from libs.persistence.actor import SYSTEM
from libs.persistence.database import Context, Database
from libs.persistence.roles import APP, OWNER, PUBLISHER, SECRETARIAT
from libs.tenancy.tokens.issuers import TrustedIssuer
from services.operator.demo.chapters.national import PRACTICE
from services.operator.demo.people import AUDIENCE, People
from services.operator.demo.teller import Untold
from services.platform.figures.jobs import submit_figures
from services.secretariat import staff
from services.secretariat.app import build_app
from services.secretariat.settings import Settings

OFFERED = "{ practices(state: OFFERED) { nodes { id version title } } }"
ACCEPT = "mutation ($id: ID!, $version: Int!) { acceptPractice(id: $id, version: $version) { state } }"
SECONDS = 600


async def publish_last_month(urls: Mapping[str, str]) -> None:
    """What the worker and an operator would do at the turn of the month."""
    async with _database(urls[APP]) as database:
        async with database.reading(Context(None)) as connection:
            tenants = await connection.fetch("SELECT tenant_id FROM tsunagari.tenant")
        for row in tenants:
            async with database.work(row["tenant_id"], SYSTEM) as work:
                await submit_figures(work, row["tenant_id"])
    async with _database(urls[PUBLISHER]) as database:
        await publish(database, Month.of(database.clock()).later(-1), database.clock())


async def appoint_staff(urls: Mapping[str, str], people: People) -> None:
    """Whoever of the cast belongs to no platform."""
    async with _database(urls[OWNER]) as database:
        for each in people.everybody:
            if each.tenant is None:
                await staff.appoint(database, (people.issuer.issuer, each.subject), each.name, each.roles[0])


async def take_into_library(urls: Mapping[str, str], people: People) -> None:
    """高松市's practice, accepted by an administrator of the secretariat; 生駒市's waits at the desk."""
    trusted = TrustedIssuer(people.issuer.issuer, AUDIENCE, people.issuer.key_set())
    app: Any = build_app(Settings("demo", urls[SECRETARIAT], (trusted,)))
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": f"Bearer {people.token('kudo', SECONDS)}"}
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://demo.invalid", headers=headers) as client,
    ):
        offered = await _asked(client, OFFERED)
        for each in offered["practices"]["nodes"]:
            if each["title"] == PRACTICE["title"]:
                await _asked(client, ACCEPT, id=each["id"], version=each["version"])


async def _asked(client: httpx.AsyncClient, query: str, **variables: object) -> dict[str, Any]:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    said = answer.json()
    if "errors" in said:
        raise Untold("kudo", "secretariat", said["errors"])
    return said["data"]


@asynccontextmanager
async def _database(url: str) -> AsyncGenerator[Database, None]:
    database = await Database.open(url, name="tsunagari-demo", size=1)
    try:
        yield database
    finally:
        await database.close()

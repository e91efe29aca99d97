"""`tsunagari tenant`: platforms are onboarded, listed, suspended and resumed here, and nowhere else."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from cyclopts import App, Parameter

from libs.persistence.database import Context, Database
from libs.persistence.roles import ONBOARDING
from libs.tenancy.onboarding import Coordinator, NewTenant, allow_issuer, onboard, set_status
from services.operator.environment import url_of
from services.operator.output import show
from services.platform.worker import schedule

app = App(name="tenant", help="Platforms: onboard, list, suspend, resume.")
Json = Annotated[bool, Parameter(name="--json", help="print JSON")]


@app.command(name="onboard")
def onboard_tenant(  # noqa: PLR0913 - one platform's facts
    *codes: Annotated[str, Parameter(help="six-digit code; several for a joint platform")],
    slug: Annotated[str, Parameter(help="name in addresses: a-z, 0-9, hyphen")],
    coordinator: Annotated[str, Parameter(help="name of the first coordinator")],
    issuer: Annotated[str, Parameter(help="OpenID Connect issuer of the coordinator's account")],
    subject: Annotated[str, Parameter(help="the account's `sub` there")],
    name: Annotated[str | None, Parameter(help="needed for joint and national platforms")] = None,
    national: Annotated[bool, Parameter(help="the national platform")] = False,
    json: Json = False,
) -> None:
    """Makes a municipality, prefecture or group of municipalities a platform, with its first coordinator."""

    async def run() -> None:
        async with _database() as database:
            new = NewTenant(codes, slug, Coordinator(coordinator, issuer, subject), name, national)
            made = await onboard(database, new, schedule)
            row = {"tenant": str(made.tenant_id), "slug": slug, "kind": made.kind, "name": made.name}
            show([row], json=json, title="onboarded")

    asyncio.run(run())


@app.command(name="list")
def list_tenants(*, json: Json = False) -> None:
    """All platforms of this deployment."""

    async def run() -> None:
        async with _database() as database, database.reading(Context(None)) as connection:
            rows = await connection.fetch(
                "SELECT slug, kind, name, status, onboarded_at FROM tsunagari.tenant ORDER BY slug"
            )
        show([dict(row) for row in rows], json=json, title="platforms")

    asyncio.run(run())


@app.command(name="allow-issuer")
def allow_issuer_of(slug: str, issuer: str) -> None:
    """Lets people of an OpenID Connect issuer, which the deployment trusts, be members of a platform."""

    async def run() -> None:
        async with _database() as database:
            await allow_issuer(database, slug, issuer)

    asyncio.run(run())


@app.command
def suspend(slug: str) -> None:
    """Closes a platform to everybody at their next request; nothing is deleted."""
    _set_status(slug, "suspended")


@app.command
def resume(slug: str) -> None:
    """Opens a suspended platform again."""
    _set_status(slug, "active")


def _set_status(slug: str, status: str) -> None:
    async def run() -> None:
        async with _database() as database:
            await set_status(database, slug, status)

    asyncio.run(run())


@asynccontextmanager
async def _database() -> AsyncGenerator[Database, None]:
    database = await Database.open(url_of(ONBOARDING), name="tsunagari-operator", size=1)
    try:
        yield database
    finally:
        await database.close()

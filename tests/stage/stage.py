"""A running platform on a database of its own, and the people who speak to it over HTTP."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
from litestar import Litestar

from libs.persistence.connections import Connection, connect
from libs.persistence.database import Database
from libs.persistence.objects.source import ObjectSource
from libs.persistence.roles import APP, ONBOARDING, WORKER
from libs.tenancy.tokens.issuers import TrustedIssuer
from services.platform.app import Settings, build_app
from tests.stage.server import cloned, url_of
from tests.stage.tokens import key_folder, token_of, trusted


class Clock:
    """A clock that tests can move."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def move(self, **amount: float) -> None:
        self.offset += timedelta(**amount)


@dataclass(frozen=True)
class Said:
    """An answer as the person got it."""

    status: int
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        assert "errors" not in self.body, self.body
        data: dict[str, Any] = self.body["data"]
        return data

    @property
    def errors(self) -> list[dict[str, Any]]:
        errors: list[dict[str, Any]] = self.body["errors"]
        return errors

    @property
    def code(self) -> str:
        code: str = self.errors[0]["extensions"]["code"]
        return code


@dataclass
class Person:
    """Somebody with a token, a platform and perhaps an organisation to act for."""

    http: httpx.AsyncClient
    subject: str | None
    tenant: str | None
    ids: dict[str, str] = field(default_factory=dict[str, str])

    async def ask(self, query: str, /, *, headers: Mapping[str, str] | None = None, **variables: Any) -> Said:
        """Sends GraphQL text over HTTP."""
        sent = dict(headers or {})
        if self.subject is not None:
            sent.setdefault("Authorization", f"Bearer {token_of(self.subject)}")
        if self.tenant is not None:
            sent.setdefault("Tsunagari-Acting-For", self.tenant)
        response = await self.http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=sent
        )
        return Said(response.status_code, response.json())

    async def do(
        self, mutation: str, /, *, headers: Mapping[str, str] | None = None, **input: Any
    ) -> dict[str, Any]:
        """Sends one mutation with its input; its root field's value."""
        said = await self.ask(mutation, headers=headers, input=input)
        result: dict[str, Any] = next(iter(said.data.values()))
        return result


@dataclass
class Stage:
    """One test's world: the app over HTTP, and the database as each role sees it."""

    name: str
    http: httpx.AsyncClient
    clock: Clock

    def person(self, subject: str | None, tenant: str | None) -> Person:
        return Person(self.http, subject, tenant)

    def url(self, role: str | None = None) -> str:
        return url_of(self.name, role)

    @asynccontextmanager
    async def sql(self, role: str | None = None) -> AsyncGenerator[Connection]:
        """A raw connection: as the server's admin, or as one of the product's roles."""
        connection = await connect(self.url(role))
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def database(self, role: str = APP) -> AsyncGenerator[Database]:
        database = await Database.open(self.url(role), name="tests", size=4, clock=self.clock)
        try:
            yield database
        finally:
            await database.close()

    def onboarding(self) -> Any:
        return self.database(ONBOARDING)

    def worker(self) -> Any:
        return self.database(WORKER)


@asynccontextmanager
async def staged(template: str) -> AsyncGenerator[Stage]:
    """A clone of the template with the platform running on it."""
    async with cloned(template) as name, staged_on(name) as stage:
        yield stage


@asynccontextmanager
async def staged_on(name: str, clock: Clock | None = None, **changes: Any) -> AsyncGenerator[Stage]:
    """The platform running on this database; `changes` are settings of its own."""
    clock = clock or Clock()
    app = build_app(replace(settings_for(name), **changes), clock=clock)
    async with (
        _running(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(cast("Any", app)), base_url="http://tsunagari.test"
        ) as http,
    ):
        yield Stage(name, http, clock)


def settings_for(name: str, *more_issuers: TrustedIssuer) -> Settings:
    """The platform's settings on this database."""
    return Settings(
        mode="demo",
        database_url=url_of(name, APP),
        issuers=(trusted(), *more_issuers),
        key_folder=str(key_folder()),
        objects=ObjectSource(str(key_folder().parent / "objects")),
        pool_size=4,
    )


@asynccontextmanager
async def _running(app: Litestar) -> AsyncGenerator[None]:
    """The app's lifespan in a task of its own: pytest tears a fixture down in another task."""
    ready, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            ready.set()
            await over.wait()

    life = asyncio.create_task(live())
    started = asyncio.create_task(ready.wait())
    await asyncio.wait({life, started}, return_when=asyncio.FIRST_COMPLETED)
    started.cancel()
    if life.done():
        await life
    try:
        yield
    finally:
        over.set()
        await life

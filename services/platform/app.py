"""The platform's ASGI application: settings → database, policy, schema → routes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar

from libs.observability.metrics import Metrics
from libs.observability.requests import OUTCOMES
from libs.persistence.database import Clock, Context, Database, system_clock
from libs.persistence.sealing.vault import Vault
from libs.policy.rules import Policy
from libs.reading.bounds import Limits
from libs.reading.documents import Documents
from libs.reading.engine import Engine
from libs.reading.naming import check_policy
from libs.reading.registry import Registry
from libs.serving.asking import Callers
from libs.serving.callers import TenantNames
from libs.serving.compiled import CompiledService
from libs.serving.explorer import explorer_routes
from libs.serving.health import Readiness, health_routes
from libs.serving.notices import Notices
from libs.serving.routes import graphql_routes
from libs.serving.service import Answer, Caller, GraphQLRequest
from libs.serving.transport import Transport
from libs.tenancy.tokens.verify import TokenVerifier
from libs.tenancy.viewers import Viewers
from services.platform.events import web as calendar
from services.platform.relations import RELATIONS
from services.platform.schema import build_schema
from services.platform.settings import Settings


@cache
def registry() -> Registry:
    """The schema's compiled types: the same for every app of the process. Raises UnfitDeclaration."""
    found = Registry(build_schema())
    check_policy(found, Policy.baseline(), RELATIONS)
    return found


@dataclass(slots=True)
class Platform:
    """What an app is made of once it runs."""

    database: Database
    service: CompiledService
    verifier: TokenVerifier


async def assemble(settings: Settings, database: Database, notices: Notices) -> Platform:
    """The service on an open database; what it needs is checked before the first request."""
    verifier = TokenVerifier(settings.issuers)
    engine = Engine(registry(), RELATIONS, Policy.baseline(), database)
    documents = Documents(registry().schema, Limits())
    callers = Callers(verifier, Viewers(database))
    vault = Vault.in_folder(Path(settings.key_folder), settings.master_key)
    service = CompiledService(engine, documents, callers, database, notices, vault)
    return Platform(database, service, verifier)


class LateService:
    """The transport is made before the database is open; requests come after."""

    platform: Platform

    async def execute(self, request: GraphQLRequest, caller: Caller) -> Answer:
        return await self.platform.service.execute(request, caller)

    def subscribe(self, request: GraphQLRequest, caller: Caller) -> AsyncIterator[bytes]:
        return self.platform.service.subscribe(request, caller)

    async def admit(self, caller: Caller) -> float | None:
        return await self.platform.service.admit(caller)


def build_app(settings: Settings, *, clock: Clock = system_clock) -> Litestar:
    service = LateService()
    metrics = Metrics(OUTCOMES)
    transport = Transport(service, metrics, tenants=TenantNames(settings.domain), origins=settings.origins)
    readiness = Readiness({"database": lambda: _ask(service)})

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None, None]:
        database = await Database.open(
            settings.database_url, name="tsunagari-platform", size=settings.pool_size, clock=clock
        )
        notices = Notices(settings.database_url)
        service.platform = await assemble(settings, database, notices)
        await notices.start()
        try:
            yield
        finally:
            readiness.end()
            await notices.close()
            await service.platform.verifier.close()
            await database.close()

    async def people() -> list[dict[str, Any]]:
        said = await asyncio.to_thread(Path(settings.demo_file or "").read_bytes)
        return msgspec.json.decode(said)["people"]

    return Litestar(
        [
            *graphql_routes(transport, {calendar.NAME: calendar.calendar_page(service)}),
            *health_routes(readiness, metrics),
            *explorer_routes(people=people if settings.demo_file else None),
        ],
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
    )


async def _ask(service: LateService) -> None:
    await service.platform.database.read(Context(None), "SELECT 1", [])

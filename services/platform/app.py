"""The platform's ASGI application: settings → database, policy, schema → routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from litestar import Litestar

from libs.observability.metrics import Metrics
from libs.observability.requests import OUTCOMES
from libs.persistence.database import Clock, Context, Database, system_clock
from libs.policy.rules import Policy
from libs.reading.bounds import Limits
from libs.reading.documents import Documents
from libs.reading.engine import Engine
from libs.reading.registry import Registry
from libs.serving.asking import Callers
from libs.serving.callers import TenantNames
from libs.serving.compiled import CompiledService
from libs.serving.explorer import explorer_routes
from libs.serving.health import Readiness, health_routes
from libs.serving.routes import graphql_routes
from libs.serving.service import Answer, Caller, GraphQLRequest
from libs.serving.transport import Transport
from libs.tenancy.tokens.verify import TokenVerifier
from libs.tenancy.viewers import Viewers
from services.platform.relations import RELATIONS
from services.platform.schema import build_schema
from services.platform.settings import Settings


@cache
def registry() -> Registry:
    """The schema's compiled types: the same for every app of the process."""
    return Registry(build_schema())


@dataclass(slots=True)
class Platform:
    """What an app is made of once it runs."""

    database: Database
    service: CompiledService
    verifier: TokenVerifier


async def assemble(settings: Settings, database: Database) -> Platform:
    """The service on an open database; what it needs is checked before the first request."""
    verifier = TokenVerifier(settings.issuers)
    engine = Engine(registry(), RELATIONS, Policy.baseline(), database)
    documents = Documents(registry().schema, Limits())
    callers = Callers(verifier, Viewers(database))
    return Platform(database, CompiledService(engine, documents, callers, database), verifier)


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
    transport = Transport(
        service, metrics, tenants=TenantNames(settings.domain), origins=settings.origins
    )
    readiness = Readiness({"database": lambda: _ask(service)})

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        database = await Database.open(
            settings.database_url, name="tsunagari-platform", size=settings.pool_size, clock=clock
        )
        service.platform = await assemble(settings, database)
        try:
            yield
        finally:
            readiness.end()
            await service.platform.verifier.close()
            await database.close()

    async def people() -> tuple[dict[str, Any], ...]:
        return settings.people

    return Litestar(
        [*graphql_routes(transport), *health_routes(readiness, metrics), *explorer_routes(people=people if settings.people else None)],
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
    )


async def _ask(service: LateService) -> None:
    await service.platform.database.read(Context(None), "SELECT 1", [])

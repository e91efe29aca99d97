"""The secretariat's ASGI application: settings → database, staff, schema → routes."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from litestar import Litestar

from libs.observability.metrics import Metrics
from libs.observability.requests import OUTCOMES
from libs.persistence.database import Clock, Context, Database, system_clock
from libs.reading.bounds import Limits
from libs.reading.documents import Documents
from libs.serving.explorer import explorer_routes
from libs.serving.health import Readiness, health_routes
from libs.serving.routes import graphql_routes
from libs.serving.service import Answer, Caller, GraphQLRequest
from libs.serving.transport import Transport
from libs.tenancy.tokens.verify import TokenVerifier
from services.secretariat.reading import Reading
from services.secretariat.schema import core_schema
from services.secretariat.service import FiguresService
from services.secretariat.settings import Settings
from services.secretariat.staff import Staff


@dataclass(slots=True)
class Secretariat:
    """What an app is made of once it runs."""

    database: Database
    verifier: TokenVerifier
    service: FiguresService


def assemble(settings: Settings, database: Database) -> Secretariat:
    """The service on an open database."""
    verifier = TokenVerifier(settings.issuers)
    documents = Documents(core_schema(), Limits())
    service = FiguresService(core_schema(), documents, Staff(verifier, database), Reading(database))
    return Secretariat(database, verifier, service)


class LateService:
    """The transport is made before the database is open; requests come after."""

    secretariat: Secretariat

    async def execute(self, request: GraphQLRequest, caller: Caller) -> Answer:
        return await self.secretariat.service.execute(request, caller)

    def subscribe(self, request: GraphQLRequest, caller: Caller) -> AsyncIterator[bytes]:
        return self.secretariat.service.subscribe(request, caller)

    async def admit(self, caller: Caller) -> float | None:
        return await self.secretariat.service.admit(caller)


def build_app(settings: Settings, *, clock: Clock = system_clock) -> Litestar:
    service = LateService()
    metrics = Metrics(OUTCOMES)
    transport = Transport(service, metrics, origins=settings.origins)
    readiness = Readiness({"database": lambda: _ask(service)})

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None, None]:
        database = await Database.open(
            settings.database_url, name="tsunagari-secretariat", size=settings.pool_size, clock=clock
        )
        service.secretariat = assemble(settings, database)
        try:
            yield
        finally:
            readiness.end()
            await service.secretariat.verifier.close()
            await database.close()

    async def people() -> tuple[dict[str, Any], ...]:
        return settings.people

    return Litestar(
        [
            *graphql_routes(transport),
            *health_routes(readiness, metrics),
            *explorer_routes(people=people if settings.people else None),
        ],
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
    )


async def _ask(service: LateService) -> None:
    await service.secretariat.database.read(Context(None), "SELECT 1", [])

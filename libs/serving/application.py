"""What every service's application is: GraphQL, health and explorer as routes, an engine opened with it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from litestar import Litestar
from litestar.handlers import ASGIRouteHandler

from libs.observability.metrics import Metrics
from libs.observability.requests import OUTCOMES
from libs.persistence.database import Database
from libs.serving.callers import TenantNames
from libs.serving.explorer import People, explorer_routes
from libs.serving.health import Readiness, health_routes
from libs.serving.routes import Pages, graphql_routes
from libs.serving.service import Answer, Caller, GraphQLRequest, GraphQLService
from libs.serving.transport import Transport


@dataclass(frozen=True, slots=True)
class Opened:
    """An engine that is ready to answer, and the database that must answer for it."""

    service: GraphQLService
    database: Database


class LateService:
    """The transport is made before the database is open; requests come after."""

    opened: Opened

    async def execute(self, request: GraphQLRequest, caller: Caller) -> Answer:
        return await self.opened.service.execute(request, caller)

    def subscribe(self, request: GraphQLRequest, caller: Caller) -> AsyncIterator[bytes]:
        return self.opened.service.subscribe(request, caller)

    async def admit(self, caller: Caller) -> float | None:
        return await self.opened.service.admit(caller)

    async def is_ready(self) -> None:
        """Raises where the database does not answer."""
        await self.opened.database.answers()


@dataclass(frozen=True, slots=True)
class Shape:
    """What differs between services. `explorer`: the demo only; `people` hands out its tokens."""

    opening: Callable[[Metrics], AbstractAsyncContextManager[Opened]]
    origins: frozenset[str]
    tenants: TenantNames = field(default_factory=TenantNames)
    explorer: bool = False
    people: People | None = None


def application(
    shape: Shape,
    pages: Callable[[GraphQLService], Pages] = lambda _: {},
    routes: Callable[[Transport], Sequence[ASGIRouteHandler]] = lambda _: (),
) -> Litestar:
    """The ASGI application; `pages` are further pages of a tenant, `routes` what stands beside them."""
    late, metrics = LateService(), Metrics(OUTCOMES)
    readiness = Readiness({"database": late.is_ready})
    transport = Transport(late, metrics, tenants=shape.tenants, origins=shape.origins)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None, None]:
        async with shape.opening(metrics) as late.opened:
            try:
                yield
            finally:
                readiness.end()

    explorer = explorer_routes(people=shape.people) if shape.explorer else []
    return Litestar(
        [
            *graphql_routes(transport, pages(late)),
            *routes(transport),
            *health_routes(readiness, metrics),
            *explorer,
        ],
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
    )

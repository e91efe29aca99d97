"""A real uvicorn on a loopback port, on the event loop of the tests."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio
import uvicorn
from litestar import Litestar

from libs.observability.metrics import Metrics
from libs.observability.requests import OUTCOMES
from libs.serving.callers import TenantNames
from libs.serving.explorer import explorer_routes
from libs.serving.health import Readiness, health_routes
from libs.serving.limits import TransportLimits
from libs.serving.routes import graphql_routes
from libs.serving.transport import Transport
from tests.serving.engine import SmallEngine

LIMITS = TransportLimits(
    body_bytes=100_000,
    body_seconds=0.5,
    message_bytes=50_000,
    init_seconds=0.5,
    operations_per_socket=3,
    heartbeat_seconds=0.1,
    first_item_seconds=0.1,
    disconnect_watch_seconds=0.01,
)
PEOPLE = [
    {
        "name": "Ines",
        "tenant": "生駒市",
        "organisation": "NPO ひなた",
        "kind": "npo",
        "roles": ["member"],
        "token": "token-of-ines",
    }
]


@dataclass
class Running:
    """One server with everything that tests look into."""

    url: str
    port: int
    engine: SmallEngine
    metrics: Metrics
    readiness: Readiness
    client: httpx.AsyncClient

    async def post(self, query: str, **rest: Any) -> httpx.Response:
        return await self.client.post("/graphql", json={"query": query}, **rest)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


async def people() -> Sequence[dict[str, Any]]:
    return PEOPLE


def application(engine: SmallEngine, metrics: Metrics, readiness: Readiness) -> Litestar:
    transport = Transport(
        engine,
        metrics,
        limits=LIMITS,
        tenants=TenantNames("tsunagari.test"),
        origins=frozenset({"https://pages.test"}),
    )
    routes = [*graphql_routes(transport), *health_routes(readiness, metrics), *explorer_routes(people=people)]
    return Litestar(routes, logging_config=None, openapi_config=None)


@contextlib.asynccontextmanager
async def serving(app: Any) -> AsyncGenerator[int]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws_max_size=60_000,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await running
        listener.close()


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Running]:
    engine, metrics, readiness = SmallEngine(), Metrics(OUTCOMES), Readiness({})
    async with serving(application(engine, metrics, readiness)) as port:
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url) as client:
            yield Running(url, port, engine, metrics, readiness, client)

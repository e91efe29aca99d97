"""Health and metrics of a process that serves nobody else: a small server beside what it does."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvicorn
from litestar import Litestar

from libs.serving.health import Exposing, Readiness, health_routes


@dataclass(frozen=True, slots=True)
class Listening:
    """Where it listens; port 0 is any free one."""

    host: str
    port: int


class _Beside(uvicorn.Server):
    """Signals are the process's own: they end its work first."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@asynccontextmanager
async def watched(at: Listening, readiness: Readiness, metrics: Exposing) -> AsyncGenerator[int]:
    """/healthz, /readyz and /metrics for the time of the block; yields the port. Raises OSError."""
    application = Litestar(health_routes(readiness, metrics), openapi_config=None, logging_config=None)
    with socket.create_server((at.host, at.port)) as listening:
        port: int = listening.getsockname()[1]
        server = _Beside(uvicorn.Config(application, log_config=None, access_log=False, server_header=False))
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield port
        finally:
            readiness.end()
            server.should_exit = True
            await serving

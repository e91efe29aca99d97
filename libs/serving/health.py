"""Liveness, readiness and metrics: for the orchestrator and Prometheus, not for the public."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import msgspec
import structlog
from litestar.handlers import ASGIRouteHandler

from libs.observability.failures import describe
from libs.observability.metrics import CONTENT_TYPE
from libs.serving.asgi import Scope
from libs.serving.responses import JSON, Response, page

Check = Callable[[], Awaitable[object]]
"""Returns when what it looks at works, raises when it does not."""

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.serving.health")


class Readiness:
    """Whether requests should be sent here: every check passes and the process is not on its way out."""

    def __init__(self, checks: Mapping[str, Check], *, timeout: float = 2.0) -> None:
        """`checks` by the name that the answer shows; each gets `timeout` seconds."""
        self._checks = checks
        self._timeout = timeout
        self._ending = False
        self._running: asyncio.Task[dict[str, str]] | None = None

    def end(self) -> None:
        """From now on not ready: called when the process was asked to stop, before the server stops."""
        self._ending = True

    async def state(self) -> dict[str, str]:
        """ "ok", "failed" or "timeout" by check. Callers at the same time share one run."""
        if self._ending:
            return {"process": "ending"}
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await asyncio.shield(self._running)

    async def _run(self) -> dict[str, str]:
        states = await asyncio.gather(*(self._try(name, check) for name, check in self._checks.items()))
        return dict(zip(self._checks, states, strict=True))

    async def _try(self, name: str, check: Check) -> str:
        try:
            async with asyncio.timeout(self._timeout):
                await check()
        except TimeoutError:
            _log.warning("not ready", check=name, state="timeout")
            return "timeout"
        except Exception as error:  # noqa: BLE001 -- whatever it is, the process is not ready
            _log.warning("not ready", check=name, state="failed", failure=describe(error))
            return "failed"
        return "ok"


class Exposing(Protocol):
    """What has measurements to show."""

    def exposition(self) -> bytes:
        """The text that Prometheus scrapes."""
        ...


def health_routes(readiness: Readiness, metrics: Exposing) -> list[ASGIRouteHandler]:
    """/healthz (the process turns), /readyz (it can answer: 200 or 503), /metrics (Prometheus' text)."""

    async def healthz(_: Scope) -> Response:
        return Response(200, JSON, b'{"alive":true}')

    async def readyz(_: Scope) -> Response:
        checks = await readiness.state()
        ready = all(state == "ok" for state in checks.values())
        return Response(200 if ready else 503, JSON, msgspec.json.encode({"ready": ready, "checks": checks}))

    async def exposition(_: Scope) -> Response:
        return Response(200, CONTENT_TYPE.encode(), metrics.exposition())

    return [page("/healthz", healthz), page("/readyz", readyz), page("/metrics", exposition)]

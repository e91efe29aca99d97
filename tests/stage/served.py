"""The platform behind a real server on loopback, with the worker beside it, as in a deployment."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvicorn

from libs.persistence.roles import APP, WORKER
from libs.persistence.sealing.vault import Vault
from libs.serving.limits import TransportLimits
from libs.tenancy.tokens.issuers import TrustedIssuer
from services.platform.app import build_app
from services.platform.notices.sending.outside import Outside
from services.platform.worker import run_worker
from tests.stage.stage import Stage, settings_for


@dataclass(frozen=True, slots=True)
class Served:
    """Where the platform listens."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"


class _Server(uvicorn.Server):
    """Leaves the signals of the test run alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@contextlib.asynccontextmanager
async def served(stage: Stage, *more_issuers: TrustedIssuer, **changes: Any) -> AsyncGenerator[Served]:
    """The platform on the stage's database, trusting `more_issuers` too, with `changes` of settings."""
    settings = replace(settings_for(stage.name, *more_issuers), **changes)
    app = build_app(settings, clock=stage.clock)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        ws_max_size=TransportLimits().message_bytes,
        timeout_graceful_shutdown=2,
    )
    server, over = _Server(config), asyncio.Event()
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    outside = Outside(Vault.in_folder(Path(settings.key_folder)), None, "")
    objects = settings.object_source().opened()
    working = asyncio.create_task(
        run_worker(stage.url(WORKER), stage.url(APP), over, outside=outside, objects=objects)
    )
    try:
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield Served(listener.getsockname()[1])
    finally:
        over.set()
        server.should_exit = True
        await asyncio.gather(serving, working)
        listener.close()

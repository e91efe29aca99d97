"""`tsunagari serve | secretariat | worker`: the processes of a deployment, configured by the environment."""

import asyncio
import signal
import sys
from functools import partial
from typing import Annotated, Any

import uvicorn
from cyclopts import Parameter

from libs.observability import logs
from libs.persistence.roles import APP, WORKER
from libs.serving.corked import CorkedHttpProtocol
from libs.serving.limits import TransportLimits
from services.operator.environment import url_of
from services.operator.ports import check_free

Host = Annotated[str, Parameter(help="address to listen on")]
Port = Annotated[int, Parameter(help="port to listen on")]
GRACE_SECONDS = 20


def serve(*, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Runs the platform: GraphQL for all tenants."""
    from services.platform.app import build_app
    from services.platform.settings import from_environment

    settings = from_environment()
    logs.configure(sys.stdout, settings.log_level)
    _run(build_app(settings), host, port)


def secretariat(*, host: Host = "127.0.0.1", port: Port = 8001) -> None:
    """Runs the national secretariat's service: published figures and the register, nothing of a tenant."""
    from services.secretariat.app import build_app
    from services.secretariat.settings import from_environment

    settings = from_environment()
    logs.configure(sys.stdout, settings.log_level)
    _run(build_app(settings), host, port)


def worker(
    *,
    host: Host = "127.0.0.1",
    port: Annotated[
        int | None,
        Parameter(
            env_var="TSUNAGARI_WORKER_PORT", help="port of /readyz and /metrics; without one there is none"
        ),
    ] = None,
) -> None:
    """Runs the worker: due work of all tenants, notices between processes."""
    from libs.serving.watched import Listening
    from services.platform.settings import worker_from_environment
    from services.platform.worker import run_worker

    urls = url_of(WORKER), url_of(APP)
    settings = worker_from_environment()
    outside, objects = settings.outside(), settings.object_source().opened()
    listening = None if port is None else Listening(host, port)
    if port is not None:
        check_free(host, port)
    logs.configure(sys.stdout)
    run = partial(run_worker, outside=outside, objects=objects, listening=listening)
    asyncio.run(_until_told(run, *urls))


async def _until_told(run: Any, *urls: str) -> None:  # noqa: ANN401 - a worker's main
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(*urls, stop)


def _run(app: Any, host: str, port: int) -> None:  # noqa: ANN401 - an ASGI application
    check_free(host, port)
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=CorkedHttpProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        ws_max_size=TransportLimits().message_bytes,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )

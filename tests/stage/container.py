"""The run's PostgreSQL in a container (TSUNAGARI_TEST_DB=containers); what a killed run left is cleared."""

import os
import secrets
import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, cast

import pytest
from docker.errors import DockerException, NotFound
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.config import testcontainers_config
from testcontainers.core.docker_client import DockerClient
from testcontainers.core.exceptions import ContainerStartException

IMAGE: Final = "TSUNAGARI_TEST_IMAGE"
OWNER_LABEL: Final = "tsunagari.test.run"
# as the embedded server of the tests: what change feeds need, and no care for a crash
_SETTINGS = {
    "max_connections": "200",
    "wal_level": "logical",
    "timezone": "UTC",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
_NO_ENGINE = """No Docker engine answers, and DB=containers needs one.
  Start Docker, or name its address in DOCKER_HOST; `docker info` shows whether it answers.
  Without Docker: `make test` brings its own PostgreSQL."""
_NO_CONTAINER = """The Docker engine answers, but gives no PostgreSQL from {image}: {reason}
  Without a registry, load an image of PostgreSQL 18 and name it in {variable},
  and set TESTCONTAINERS_RYUK_DISABLED=true, which does without testcontainers' own image {ryuk}."""
_NOT_READY = """The container of {image} started, but its PostgreSQL does not answer. It must be an image of
  PostgreSQL 18 that takes POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB as the official one does. It said:
{said}"""


@contextmanager
def container() -> Generator[str]:
    """The server's URL as its admin. Raises UsageError, whose text pytest shows alone, with what to do."""
    image = os.environ.get(IMAGE, "postgres:18")
    _remove_leftovers()
    server = _described(image)
    try:
        _start(server, image)
        yield server.get_connection_url()
    finally:
        server.stop()


def _start(server: PostgresContainer, image: str) -> None:
    try:
        server.start()
    except TimeoutError:  # whose text has the password
        raise pytest.UsageError(_NOT_READY.format(image=image, said=_last_words(server))) from None
    except DockerException as error:
        ryuk = testcontainers_config.ryuk_image
        raise pytest.UsageError(
            _NO_CONTAINER.format(image=image, reason=error, variable=IMAGE, ryuk=ryuk)
        ) from error


def _last_words(server: PostgresContainer) -> str:
    try:
        return "\n".join(stream.decode(errors="replace")[-1000:] for stream in server.get_logs())
    except ContainerStartException:
        return "(nothing: Ryuk did not answer; TESTCONTAINERS_RYUK_DISABLED=true does without it)"


def _described(image: str) -> PostgresContainer:
    described = PostgresContainer(image, password=secrets.token_hex(16), driver=None)
    settings = [word for pair in _SETTINGS.items() for word in ("-c", "=".join(pair))]
    # Docker gives 64 MB of shared memory, which parallel queries outgrow
    return described.with_command(settings).with_kwargs(labels={OWNER_LABEL: _run()}, shm_size="256m")


def _run() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


def _remove_leftovers() -> None:
    """Without Ryuk nobody removes the container of a run that was killed, so the next run does."""
    client = _engine()
    try:
        every = cast("list[Any]", client.client.containers.list(all=True, filters={"label": OWNER_LABEL}))
        for left in every:
            if _ended(left.labels[OWNER_LABEL]):
                _remove(left)
    finally:
        client.client.close()


def _engine() -> DockerClient:
    try:
        client = DockerClient()
        client.client.ping()  # pyright: ignore[reportUnknownMemberType] - docker types its arguments loosely
    except DockerException as error:
        raise pytest.UsageError(_NO_ENGINE) from error
    return client


def _ended(run: str) -> bool:
    """Only this machine's runs can be judged; another machine's may share the engine and still go on."""
    host, _, process = run.rpartition("/")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _remove(left: Any) -> None:
    try:
        left.remove(force=True, v=True)
    except NotFound:
        return  # a run that started at the same time was quicker

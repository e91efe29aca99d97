"""What every test can ask for: an empty platform, or the two cities with their people."""

import os
import tempfile
from collections.abc import AsyncIterator

import pytest

from libs.persistence.embedded.server import EmbeddedServer
from tests.stage import server
from tests.stage.cities import Cities, found_cities
from tests.stage.stage import Stage, staged, staged_on
from tests.stage.tokens import FOLDER

CITIES = "TSUNAGARI_TEST_CITIES"
_server = pytest.StashKey[EmbeddedServer | None]()


def pytest_configure(config: pytest.Config) -> None:
    """The one process that is not a worker starts the server and makes the templates for all."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="tsunagari-keys-")
    config.stash[_server] = server.start_server()
    server.make_template()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server not in config.stash:
        return
    running = config.stash[_server]
    if running is not None:
        running.stop()
    else:
        server.drop_template()


@pytest.fixture(scope="session")
async def cities_template() -> AsyncIterator[str]:
    """The two cities as this worker's template, founded once through the product's own doors."""
    async with server.cloned(os.environ[server.TEMPLATE]) as name:
        async with staged_on(name) as stage:
            await found_cities(stage)
        yield name


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A platform without tenants."""
    async with staged(os.environ[server.TEMPLATE]) as empty:
        yield empty


@pytest.fixture
async def cities(cities_template: str) -> AsyncIterator[Cities]:
    """生駒市 and 高松市 with their people, in a database of this test's own."""
    async with staged(cities_template) as stage:
        yield Cities(stage)


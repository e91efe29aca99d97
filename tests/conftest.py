"""What every test can ask for: an empty platform, or the two cities with their people."""

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings

from tests.referrals.conftest import Loop, formed
from tests.stage import log_watch, server
from tests.stage.cities import Cities, found_cities
from tests.stage.stage import Stage, staged, staged_on
from tests.stage.tokens import FOLDER
from tests.stage.watched import all_watched, refuse_bad_statements

CITIES = "TSUNAGARI_TEST_CITIES"
_running = pytest.StashKey[ExitStack]()

settings.register_profile("tsunagari", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("tsunagari")


def pytest_configure(config: pytest.Config) -> None:
    """The one process that is not a worker starts the server and makes the templates for all."""
    running = config.stash[_running] = ExitStack()
    running.enter_context(all_watched())
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    for folder in (FOLDER, log_watch.FOLDER):
        os.environ[folder] = tempfile.mkdtemp(prefix="tsunagari-run-")
        running.callback(shutil.rmtree, os.environ[folder])
    running.enter_context(server.running_server())
    running.enter_context(server.migrated_template())


def pytest_unconfigure(config: pytest.Config) -> None:
    if _running in config.stash:
        config.stash[_running].close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test that made a role send a statement without its tenant fails, whatever else it shows."""
    result = yield
    refuse_bad_statements()
    return result


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The log of the whole run, all workers', is searched once at its end."""
    if hasattr(session.config, "workerinput") or session.config.option.collectonly:
        return
    lines, found = log_watch.leaked()
    sys.stdout.write(f"\n{lines} log lines searched for planted names and tokens: {found or 'none found'}\n")
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def kept_logs() -> None:
    """Every test's log lines go where they are searched; a test may send its own elsewhere."""
    log_watch.keep_logs()


@pytest.fixture(scope="session")
async def cities_template() -> AsyncGenerator[str]:
    """The two cities as this worker's template, founded once through the product's own doors."""
    async with server.cloned(os.environ[server.TEMPLATE]) as name:
        async with staged_on(name) as stage:
            await found_cities(stage)
        yield name


@pytest.fixture
async def stage() -> AsyncGenerator[Stage]:
    """A platform without tenants."""
    async with staged(os.environ[server.TEMPLATE]) as empty:
        yield empty


@pytest.fixture
async def cities(cities_template: str) -> AsyncGenerator[Cities]:
    """生駒市 and 高松市 with their people, in a database of this test's own."""
    async with staged(cities_template) as stage:
        yield Cities(stage)


@pytest.fixture(scope="session")
async def loop_template(cities_template: str) -> AsyncGenerator[tuple[str, Loop]]:
    """The cities with the working group of the referrals' tests, formed once a worker."""
    async with server.cloned(cities_template) as name:
        async with staged_on(name) as stage:
            made = await formed(Cities(stage))
        yield name, made


@pytest.fixture
async def loop(loop_template: tuple[str, Loop]) -> AsyncGenerator[Loop]:
    """Every desk of 生駒市 filled, a group in which all hold a seat, in a database of this test's own."""
    name, formed_there = loop_template
    async with staged(name) as stage:
        yield replace(formed_there, cities=Cities(stage))

"""The city of all states, made once a module and cloned for each of its tests: most only read or try."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from tests.acting.city import City, a_city
from tests.referrals.conftest import Loop
from tests.stage import server
from tests.stage.cities import Cities
from tests.stage.stage import staged, staged_on


@pytest.fixture(scope="module")
async def city_template(loop_template: tuple[str, Loop]) -> AsyncGenerator[tuple[str, City]]:
    """Not once a worker: what begins in a quarter of an hour would have begun before its tests do."""
    name, formed = loop_template
    async with server.cloned(name) as mine:
        async with staged_on(mine) as stage:
            made = await a_city(replace(formed, cities=Cities(stage)))
        yield mine, made


@pytest.fixture
async def city(city_template: tuple[str, City]) -> AsyncGenerator[City]:
    """In a database of this test's own."""
    name, made = city_template
    async with staged(name) as stage:
        yield replace(made, loop=replace(made.loop, cities=Cities(stage)))

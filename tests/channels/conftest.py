"""The world, told once for all tests of a process: its scenes stand still, whoever looks at them."""

from collections.abc import AsyncGenerator

import pytest

from tests.channels.ways import all_scenes, some_scenes
from tests.channels.world import World, told


@pytest.fixture(scope="session")
async def world(cities_template: str) -> AsyncGenerator[World]:
    """Some scenes of every way, every state among them."""
    async with told(cities_template, some_scenes()) as made:
        yield made


@pytest.fixture(scope="session")
async def whole_world(cities_template: str) -> AsyncGenerator[World]:
    """All scenes."""
    async with told(cities_template, all_scenes()) as made:
        yield made


@pytest.fixture(scope="session")
async def quiet_world(cities_template: str) -> AsyncGenerator[World]:
    """The same people, and nothing has happened yet: for tests that let something happen."""
    async with told(cities_template, []) as made:
        yield made

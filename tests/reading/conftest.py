"""One populated database for all tests of this room: they only read."""

from collections.abc import AsyncGenerator

import pytest

from tests.reading.asking import Reading, reading_on


@pytest.fixture(scope="session")
async def reading() -> AsyncGenerator[Reading]:
    async with reading_on(seed=20_261_123) as populated:
        yield populated

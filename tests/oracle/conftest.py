"""One populated database for all tests of this room that only read."""

from collections.abc import AsyncGenerator

import pytest

from tests.oracle.asking import asked_on
from tests.reading.asking import Reading


@pytest.fixture(scope="session")
async def asked() -> AsyncGenerator[Reading]:
    async with asked_on() as populated:
        yield populated

"""How much a process takes in at one time: bodies lie in /tmp, which is memory in a pod."""

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from libs.serving.problems import RateLimited

RETRY_SECONDS: Final = 5
MOST_HELD: Final = 48 * 1024 * 1024
"""Bytes of all bodies together; the chart's /tmp has room for more (tests/deploy)."""


class Turns:
    """One file of a person at a time, and no more bytes of all than there is room for."""

    def __init__(self) -> None:
        self._sizes: dict[uuid.UUID, int] = {}

    @contextmanager
    def taken(self, sender: uuid.UUID, size: int) -> Generator[None]:
        """`size`: the most that will come. Raises RateLimited."""
        if sender in self._sizes or sum(self._sizes.values()) + size > MOST_HELD:
            raise RateLimited(RETRY_SECONDS)
        self._sizes[sender] = size
        try:
            yield
        finally:
            del self._sizes[sender]

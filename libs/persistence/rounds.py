"""A worker's loops: a round that raises, whatever it raised, is followed by another one a little later."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Final

import structlog

from libs.observability.worker_metrics import WorkerMetrics

Clock = Callable[[], datetime]
LONGEST_PAUSE: Final = 30.0
FRESH: Final = timedelta(minutes=2)
"""A loop that got nothing right for this long is not ready: above the longest pause, and any errand."""

_chance: Final = SystemRandom()
_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.persistence.worker")


class Rounds:
    """All loops of one worker: which of them got somewhere lately."""

    def __init__(self, clock: Clock, metrics: WorkerMetrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self._turned: dict[str, datetime | None] = {}

    async def repeat(
        self, loop: str, action: Callable[[], Awaitable[object]], seconds: float, stop: asyncio.Event
    ) -> None:
        """Until `stop` is set: what a round raises is logged and counted, and the pauses grow."""
        self._turned[loop] = None
        failures = 0
        while not stop.is_set():
            try:
                await action()
            except Exception as error:  # noqa: BLE001 - a worker that ends does nobody's work
                failures += 1
                self._metrics.stumbled(loop)
                _log.error("round failed", loop=loop, failures=failures, exc_info=error)
            else:
                failures = 0
                self.turned(loop)
            await _asleep(_pause(seconds, failures), stop)

    def turned(self, loop: str) -> None:
        """The loop got something done: a round to its end, or one piece of a long one."""
        now = self._clock()
        self._turned[loop] = now
        self._metrics.turned(loop, now)

    def stale(self) -> list[str]:
        """The loops that got nothing done lately, or nothing yet."""
        since = self._clock() - FRESH
        return sorted(loop for loop, at in self._turned.items() if at is None or at < since)


def _pause(seconds: float, failures: int) -> float:
    """Doubled with each failure in a row, and never quite the same: several workers come apart."""
    if not failures:
        return seconds
    longest = min(LONGEST_PAUSE, seconds * 2.0 ** min(failures, 16))
    return _chance.uniform(longest / 2, longest)


async def _asleep(seconds: float, stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return

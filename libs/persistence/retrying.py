"""A transaction that PostgreSQL gave up, so that another one could go on, is begun anew.

Works lock a referral before what hangs on it, several in the order of their ids; foreign keys lock besides,
so a circle stays possible. Nothing of a transaction that was given up remains: the action is judged again.
Whoever takes something out of an action beside its answer takes what the last attempt left, never the first.
"""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import asyncpg
import structlog

TRIES: Final = 3
GIVEN_UP: Final = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)

Answer = TypeVar("Answer")

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.persistence.retrying")


async def undisturbed(attempt: Callable[[], Awaitable[Answer]]) -> Answer:
    """What the attempt answers, which opens its own transaction. Raises its errors; of several the last."""
    for _ in range(TRIES - 1):
        try:
            return await attempt()
        except GIVEN_UP as error:
            _log.warning("transaction begun anew", sqlstate=error.sqlstate)
    return await attempt()

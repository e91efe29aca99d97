"""The database away or out of time: the caller is told to come again, not that we erred."""

from collections.abc import Iterator
from typing import Final

import asyncpg

from libs.serving.problems import Unavailable

_OUTAGES: Final = (
    asyncpg.QueryCanceledError,  # statement_timeout
    asyncpg.LockNotAvailableError,  # lock_timeout
    asyncpg.DeadlockDetectedError,  # again and again: see libs.persistence.retrying
    asyncpg.SerializationError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,  # asyncpg's own state, after the server hung up while it was idle
    ConnectionError,
)


def outage(error: BaseException) -> Unavailable | None:
    """What to tell the caller where this error is the database's state of the moment; None for a fault."""
    if any(isinstance(each, _OUTAGES) or _is_closed(each) for each in _chain(error)):
        return Unavailable()
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Giving a lost connection back fails too: what it was lost by stands behind that."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _is_closed(error: BaseException) -> bool:
    """asyncpg has no type of its own for it; its sub-types are about values and misuse."""
    return type(error) is asyncpg.InterfaceError and "closed" in str(error)

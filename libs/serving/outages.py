"""The database away or out of time: the caller is told to come again, not that we erred."""

import asyncpg

from libs.serving.problems import Unavailable

_OUTAGES = (
    asyncpg.QueryCanceledError,  # statement_timeout
    asyncpg.LockNotAvailableError,  # lock_timeout
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    ConnectionError,
)


def outage(error: BaseException) -> Unavailable | None:
    """What to tell the caller where this error is the database's state of the moment; None for a fault."""
    return Unavailable() if isinstance(error, _OUTAGES) else None

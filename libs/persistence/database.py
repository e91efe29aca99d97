"""Connections to PostgreSQL, and the only two ways to use one: a read of bytes, or a Work."""

import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import msgspec

from libs.errors.problems import Problem
from libs.persistence.actor import Actor
from libs.persistence.connections import Connection, Pool, connect, pool_of
from libs.persistence.readers import Readers
from libs.persistence.turns import Turns
from libs.persistence.work import Work

STATEMENTS_PER_CONNECTION = 100

PLANNED_AS: Final = {
    "timezone": "UTC",
    "jit": "off",
    # a generic plan takes every platform for one of middling size: a bitmap would read a large board whole
    # and sort it where the index has its newest page in order
    "enable_bitmapscan": "off",
}
"""What every connection says to the planner."""

ASKING_WHETHER_IT_ANSWERS: Final = uuid.UUID(int=1)

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """What a transaction is opened for. `account` lets row security show one's own subject's rows."""

    tenant_id: uuid.UUID | None
    account: str | None = None

    def opening(self, mode: str) -> str:
        """BEGIN with the tenant, as one string and one round trip; both values are of closed alphabets."""
        tenant = f"SET LOCAL app.tenant_id = '{self.tenant_id.hex if self.tenant_id else ''}';"
        account = f"SET LOCAL app.account = '{bytes.fromhex(self.account).hex()}';" if self.account else ""
        return f"BEGIN {mode};{tenant}{account}"


class Database:
    """One role's connections: half answer reads, half do work. Nothing is set on one beyond a transaction."""

    def __init__(self, pool: Pool, turns: Turns, readers: Readers, clock: Clock) -> None:
        self._pool = pool
        self._turns = turns
        self._readers = readers
        self.clock = clock

    @classmethod
    async def open(  # noqa: PLR0913 - each is a setting of the pool
        cls,
        url: str,
        *,
        name: str,
        size: int = 8,
        clock: Clock = system_clock,
        statement_timeout_ms: int = 5_000,
        connection_class: type[asyncpg.Connection] = asyncpg.Connection,
    ) -> "Database":
        settings: dict[str, object] = {
            "connection_class": connection_class,
            "max_cached_statement_lifetime": 0,
            "max_cacheable_statement_size": 0,
            "server_settings": {
                "application_name": name,
                **PLANNED_AS,
                "statement_timeout": str(statement_timeout_ms),
                "lock_timeout": str(statement_timeout_ms),
                "idle_in_transaction_session_timeout": "30000",
            },
        }

        async def reading_connection() -> Connection:
            return await connect(url, statement_cache_size=0, **settings)

        working = max(1, size - size // 2)
        pool = await pool_of(
            url,
            min_size=1,
            max_size=working,
            init=_prepare_connection,
            reset=_refuse_open_transaction,
            statement_cache_size=STATEMENTS_PER_CONNECTION,
            **settings,
        )
        return cls(pool, Turns(working), Readers(reading_connection, max(1, size // 2)), clock)

    async def close(self) -> None:
        await self._readers.close()
        await self._pool.close()

    async def answers(self) -> None:
        """Raises where the database does not; waits for nobody who reads."""
        opening = Context(None).opening("READ ONLY")
        await self._readers.read(ASKING_WHETHER_IT_ANSWERS, opening, "SELECT 1", [])

    async def read(self, context: Context, sql: str, arguments: Sequence[Any]) -> Any:  # noqa: ANN401
        """One statement in a read-only transaction of the tenant; its single value, JSON as bytes."""
        return await self._readers.read(context.tenant_id, context.opening("READ ONLY"), sql, arguments)

    @asynccontextmanager
    async def reading(self, context: Context) -> AsyncGenerator[Connection, None]:
        """A read-only transaction; nothing it could write would be kept."""
        async with self._transaction(context.opening("READ ONLY"), context.tenant_id) as connection:
            yield connection

    @asynccontextmanager
    async def work(
        self, tenant_id: uuid.UUID, actor: Actor, *, account: str | None = None
    ) -> AsyncGenerator[Work, None]:
        """One write transaction of one tenant: committed when the block ends, rolled back when it raises."""
        opening = Context(tenant_id, account).opening("READ WRITE")
        work: Work | None = None
        try:
            async with self._transaction(opening, tenant_id) as connection:
                work = Work(connection, tenant_id, actor, self.clock())
                yield work
                await work.seal()
        except Problem:
            if work is not None and work.refusals:
                await self._keep_refusals(opening, work)
            raise

    async def _keep_refusals(self, opening: str, work: Work) -> None:
        async with self._transaction(opening, work.tenant_id) as connection:
            kept = Work(connection, work.tenant_id, work.actor, work.now)
            kept.entries = work.refusals
            await kept.seal()

    @asynccontextmanager
    async def outside_tenants(self) -> AsyncGenerator[Connection, None]:
        """A write transaction on shared tables: claiming due work, relaying, publishing, onboarding."""
        async with self._transaction("BEGIN READ WRITE", None) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(
        self, opening: str, tenant_id: uuid.UUID | None
    ) -> AsyncGenerator[Connection, None]:
        async with self._turns.of(tenant_id), self._pool.acquire() as connection:
            try:
                await connection.execute(opening)
                yield connection
                await connection.execute("COMMIT")
            except BaseException:
                # also when cut off while opening or committing: the server may have begun already
                if not connection.is_closed():
                    await connection.execute("ROLLBACK")
                raise


async def _prepare_connection(connection: Connection) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_encode_json, decoder=msgspec.json.decode, format="text"
    )


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def _refuse_open_transaction(connection: Connection) -> None:
    """The last wall: a connection that is still in a transaction is thrown away, not lent again."""
    if connection.is_in_transaction():
        connection.terminate()

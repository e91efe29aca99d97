"""Connections that answer compiled reads, each statement prepared once.

A connection keeps its read-only transaction, and with it the tenant that was set for it, open for that
tenant's next read; another tenant's read ends it and opens its own in one round trip, and so does a pause.
Each statement still sees what was committed before it began (READ COMMITTED), nothing later than in a
transaction of its own, and the tenant is set by `SET LOCAL` alone (docs/decisions/0024).
"""

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from time import monotonic
from typing import Any, Final

import asyncpg

from libs.persistence.connections import Connection
from libs.persistence.turns import Key, Turns

STATEMENTS_PREPARED = 80
STATEMENTS_IN_A_LIFE = 2_000
"""A backend keeps about 100 KiB of each statement it ever planned: after so many it is replaced."""
READS_IN_A_TRANSACTION = 256
IDLE_SECONDS = 0.02
ENDING: Final = uuid.UUID(int=0)
"""Takes turns of its own: what is asked outside tenants must not keep transactions from being ended."""

ENDED_BY_THE_SERVER: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,  # what asyncpg says where the end arrived before the question was sent
    ConnectionError,
)

Connect = Callable[[], Awaitable[Connection]]


class Readers:
    """At most `size` connections, taken in turns by tenants; the one that was used last first."""

    def __init__(self, connect: Connect, size: int) -> None:
        self._connect = connect
        self._turns = Turns(size)
        self._idle: list[Reader] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._sweep: asyncio.TimerHandle | None = None
        self._closed = False

    async def read(self, tenant: Key, opening: str, sql: str, arguments: Sequence[Any]) -> Any:  # noqa: ANN401 - one value of any column
        """The statement's single value, read in a transaction that begins with `opening`.

        Where the server ended the connection it is read once more on another: a read changes nothing.
        """
        try:
            return await self._read(tenant, opening, sql, arguments)
        except ENDED_BY_THE_SERVER:
            return await self._read(tenant, opening, sql, arguments)

    async def close(self) -> None:
        """Ends all connections that are not in use, and those in use when they come back."""
        self._closed = True
        if self._sweep is not None:
            self._sweep.cancel()
        for reader in self._idle:
            self._later(reader.close())
        self._idle.clear()
        while self._ending:
            await asyncio.gather(*self._ending, return_exceptions=True)

    async def _read(self, tenant: Key, opening: str, sql: str, arguments: Sequence[Any]) -> Any:  # noqa: ANN401 - likewise
        await self._turns.take(tenant)
        try:
            reader = self._best(opening) or Reader(await self._connect())
        except BaseException:
            self._turns.give_back(tenant)
            raise
        try:
            value = await reader.value(opening, sql, arguments)
        except BaseException:
            self._later(self._end(reader, tenant, "ROLLBACK"))
            raise
        self._give(reader, tenant)
        return value

    def _best(self, opening: str) -> "Reader | None":
        """One that is open for this tenant, else one that is open for none, else the one idle for longest."""
        idle = self._idle
        while idle:
            reader = idle.pop(self._place(opening))
            if not reader.is_spent:
                return reader
            self._later(reader.close())
        return None

    def _place(self, opening: str) -> int:
        for wanted in (opening, None):
            for place in range(len(self._idle) - 1, -1, -1):
                if self._idle[place].opening == wanted:
                    return place
        return 0

    def _give(self, reader: "Reader", tenant: Key) -> None:
        if self._closed or reader.is_spent:
            self._later(reader.close())
        else:
            reader.used = monotonic()
            self._idle.append(reader)
            if self._sweep is None and reader.opening is not None:
                self._sweep = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_idle)
        self._turns.give_back(tenant)

    def _end_idle(self) -> None:
        """Commits what nobody has used for a moment: no lock and no snapshot outlives the requests."""
        self._sweep, now = None, monotonic()
        opened = [each for each in self._idle if each.opening is not None]
        for reader in opened:
            if now - reader.used >= IDLE_SECONDS and self._turns.take_now(ENDING):
                self._idle.remove(reader)
                self._later(self._end(reader, ENDING, "COMMIT"))
        if opened:
            self._sweep = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_idle)

    async def _end(self, reader: "Reader", tenant: Key, how: str) -> None:
        """Ends the transaction; a connection on which that fails is of no more use."""
        try:
            await reader.end(how)
        except BaseException:
            self._turns.give_back(tenant)
            await reader.close()
            raise
        self._give(reader, tenant)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._ending.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._ending.discard(task)
        if not task.cancelled():
            # a connection that could not be ended cleanly is gone; whoever read on it has had the error
            task.exception()


class Reader:
    """One connection, what it has prepared, and the opening of the transaction that it is in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._prepared: OrderedDict[str, Any] = OrderedDict()
        self._prepared_ever = 0
        self._reads = 0
        self.opening: str | None = None
        self.used = 0.0

    @property
    def is_spent(self) -> bool:
        return self._connection.is_closed() or self._prepared_ever >= STATEMENTS_IN_A_LIFE

    async def value(self, opening: str, sql: str, arguments: Sequence[Any]) -> Any:  # noqa: ANN401 - likewise
        if self.opening != opening or self._reads >= READS_IN_A_TRANSACTION:
            await self._open(opening)
        self._reads += 1
        statement = self._prepared.get(sql)
        if statement is None:
            statement = await self._prepare(sql)
        else:
            self._prepared.move_to_end(sql)
        return await statement.fetchval(*arguments)

    async def end(self, how: str) -> None:
        """COMMIT or ROLLBACK. Raises where the connection cannot be used any more.

        Sent whatever asyncpg believes: cut off while opening, it has not heard yet that the server began.
        """
        self.opening = None
        await self._connection.execute(how)

    async def close(self) -> None:
        self._prepared.clear()
        if not self._connection.is_closed():
            await self._connection.close()

    async def _open(self, opening: str) -> None:
        ending = "COMMIT;" if self.opening is not None else ""
        self.opening, self._reads = None, 0
        await self._connection.execute(ending + opening)
        self.opening = opening

    async def _prepare(self, sql: str) -> Any:  # noqa: ANN401 - asyncpg declares no types
        self._prepared_ever += 1
        # named: asyncpg would have an unnamed one planned anew at each execution
        statement = await self._connection.prepare(sql, name=f"read_{self._prepared_ever}")
        self._prepared[sql] = statement
        if len(self._prepared) > STATEMENTS_PREPARED:
            self._prepared.popitem(last=False)
        return statement

"""asyncpg ships no types: what a connection can do is typed here, where it enters."""

from collections.abc import AsyncIterable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, cast

import asyncpg


class Connection(Protocol):
    """What this product asks of a connection: SQL text with `$n` places, and their values."""

    async def execute(self, query: str, *args: object) -> str: ...
    async def executemany(self, command: str, args: Sequence[Sequence[object]]) -> None: ...
    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]: ...
    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None: ...
    async def fetchval(self, query: str, *args: object) -> Any: ...  # noqa: ANN401 - one value of any column
    def cursor(self, query: str, *args: object, prefetch: int) -> AsyncIterable[asyncpg.Record]: ...
    async def prepare(self, query: str, *, name: str) -> Any: ...  # noqa: ANN401 - asyncpg declares no types
    async def add_listener(self, channel: str, callback: Callable[..., None]) -> None: ...
    async def set_type_codec(
        self,
        typename: str,
        *,
        schema: str,
        encoder: Callable[..., object],
        decoder: Callable[..., object],
        format: str,
    ) -> None: ...
    def transaction(self) -> AbstractAsyncContextManager[object]: ...
    def is_in_transaction(self) -> bool: ...
    def is_closed(self) -> bool: ...
    def terminate(self) -> None: ...
    async def close(self) -> None: ...


class Pool(Protocol):
    """Connections lent one transaction at a time."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]: ...
    async def close(self) -> None: ...


async def connect(url: str, **settings: object) -> Connection:
    """One connection outside any pool; `settings` are asyncpg.connect's. The caller closes it."""
    return await cast("Any", asyncpg).connect(url, **settings)


async def pool_of(url: str, **settings: object) -> Pool:
    """A pool; `settings` are asyncpg.create_pool's."""
    return await cast("Any", asyncpg).create_pool(url, **settings)

"""What other processes changed: one listening connection, and the subscriptions that wait for a notice.

A notice says tenant, topic and key and nothing else; whoever waits reads anew under their own policy.
"""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import asyncpg
import structlog

from libs.persistence.due import CHANNEL
from libs.policy.policies import PUBLISHED

RECONNECT_SECONDS = 1.0

Address = tuple[uuid.UUID, str, uuid.UUID]

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.serving.notices")


class Notices:
    """One for a process. A waiting subscription that falls behind sees several changes as one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: defaultdict[Address, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._listen_for_ever())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @asynccontextmanager
    async def of(self, address: Address) -> AsyncGenerator[asyncio.Event, None]:
        """An event that is set at each change; the one who waits clears it."""
        changed = asyncio.Event()
        self._waiting[address].add(changed)
        try:
            yield changed
        finally:
            self._waiting[address].discard(changed)
            if not self._waiting[address]:
                del self._waiting[address]

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("not listening", exc_info=error)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        connection: Any = await cast("Any", asyncpg).connect(
            self._url, server_settings={"application_name": "tsunagari-notices"}
        )
        lost = asyncio.Event()
        connection.add_termination_listener(_setter(lost))
        try:
            await connection.add_listener(CHANNEL, self._pass_on)
            # whatever was told while nobody listened may have been missed
            self._wake_all()
            await lost.wait()
        finally:
            with suppress(OSError, asyncpg.InterfaceError):
                await connection.close(timeout=1)

    def _pass_on(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        tenant, topic, key = str(payload).split(" ")
        if topic == PUBLISHED:  # whatever the tenant's people watch is read anew, under the new policy
            self._wake_tenant(uuid.UUID(tenant))
        for changed in self._waiting.get((uuid.UUID(tenant), topic, uuid.UUID(key)), ()):
            changed.set()

    def _wake_tenant(self, tenant_id: uuid.UUID) -> None:
        for (watched, _, _), waiting in self._waiting.items():
            if watched == tenant_id:
                for changed in waiting:
                    changed.set()

    def _wake_all(self) -> None:
        for waiting in self._waiting.values():
            for changed in waiting:
                changed.set()


def _setter(event: asyncio.Event) -> Callable[[object], None]:
    return lambda _: event.set()

"""Stopping work for a client that has gone, at hardly any cost for one that stays."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from libs.serving.asgi import Message, Receive, Send

Result = TypeVar("Result")


class Disconnected(Exception):
    """The client went away; there is nobody to answer."""


async def until_disconnect(work: Awaitable[Result], receive: Receive, patience: float) -> Result:
    """Await `work` in this task; cancel it and raise `Disconnected` if the client goes away meanwhile.

    The connection is watched only after `patience` seconds: a task for each request costs more than a short
    statement that runs to its end for nobody.
    """
    watch = _Watch(receive)
    timer = asyncio.get_running_loop().call_later(patience, watch.start)
    try:
        result = await work
    except asyncio.CancelledError:
        if watch.take_back():
            raise Disconnected from None
        raise
    finally:
        timer.cancel()
        watch.stop()
    if watch.take_back():
        raise Disconnected
    return result


def guarded(send: Send) -> Send:
    """`send`, raising `Disconnected` where a server reports a client that has gone as an OSError."""

    async def guarded_send(message: Message) -> None:
        try:
            await send(message)
        except OSError:
            raise Disconnected from None

    return guarded_send


class _Watch:
    """Waits for the disconnect event and then cancels the task that made it."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._worker = asyncio.current_task()
        self._watcher: asyncio.Task[None] | None = None
        self._gone = False

    def start(self) -> None:
        self._watcher = asyncio.get_running_loop().create_task(self._wait())

    def stop(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()

    def take_back(self) -> bool:
        """Whether the cancellation was this watch's own and nobody else's; then it is undone."""
        if not self._gone or self._worker is None:
            return False
        self._gone = False
        return self._worker.uncancel() == 0

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._worker is not None:
            self._worker.cancel()

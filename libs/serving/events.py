"""Results as server-sent events, one stream per operation (graphql-sse, distinct connections mode)."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from typing import Any, Final

from libs.errors.problems import Problem, Unauthenticated
from libs.observability.requests import Outcome
from libs.serving import errors
from libs.serving.asgi import Receive, Send
from libs.serving.disconnects import Disconnected
from libs.serving.limits import TransportLimits
from libs.serving.service import Caller, GraphQLRequest, GraphQLService

_START: Final = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-accel-buffering", b"no"),
    ],
}
_COMPLETE: Final = b"event: complete\ndata: \n\n"
_HEARTBEAT: Final = b":\n\n"


class EventStream:
    """Sends a service's results until they end, the client goes or the token expires."""

    def __init__(
        self, service: GraphQLService, limits: TransportLimits, receive: Receive, send: Send
    ) -> None:
        self._service = service
        self._limits = limits
        self._receive = receive
        self._send = send

    async def run(self, request: GraphQLRequest, caller: Caller) -> Outcome:
        """Raises what the service raises before its first item, as long as that comes at once."""
        expiry = await self._service.admit(caller)
        results = self._service.subscribe(request, caller)
        gone = asyncio.create_task(_disconnect(self._receive))
        item = _next(results)
        try:
            await _either(item, gone, self._limits.first_item_seconds)
            if item.done() and (error := item.exception()) is not None:
                raise error
            await self._send(_START)
            return await self._to_the_end(self._pass_on(results, item, gone, expiry), caller)
        finally:
            await close(item, gone, results)

    async def _to_the_end(self, passing: Awaitable[Outcome], caller: Caller) -> Outcome:
        """The response has begun: from here an error becomes the last event."""
        try:
            return await passing
        except Disconnected:
            raise
        except Exception as error:  # noqa: BLE001 -- the last resort: masked, logged under an id
            return await self._end_with(error, caller)

    async def _pass_on(
        self,
        results: AsyncIterator[bytes],
        item: asyncio.Task[bytes | None],
        gone: asyncio.Task[None],
        expiry: float | None,
    ) -> Outcome:
        try:
            while not gone.done():
                if _expired(expiry):
                    raise Unauthenticated("expired")
                if not item.done():
                    await self._write(_HEARTBEAT)
                elif (result := item.result()) is None:
                    await self._write(_COMPLETE, more=False)
                    return "ok"
                else:
                    await self._write(_event(result))
                    item = _next(results)
                await _either(item, gone, _patience(expiry, self._limits.heartbeat_seconds))
        finally:
            await close(item)
        return "cancelled"

    async def _end_with(self, error: Exception, caller: Caller) -> Outcome:
        if isinstance(error, Problem):
            answer = errors.refusal(error, caller.language)
        else:
            answer = errors.fault(error, caller.language)
        await self._write(_event(answer.body) + _COMPLETE, more=False)
        return answer.outcome

    async def _write(self, chunk: bytes, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": chunk, "more_body": more})


async def close(*owned: AsyncIterator[bytes] | asyncio.Task[Any]) -> None:
    """Cancel what still runs and wait until it has let go of its resources."""
    for each in owned:
        if isinstance(each, asyncio.Task):
            each.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await each
        elif (aclose := getattr(each, "aclose", None)) is not None:
            with suppress(Exception):
                await aclose()


def _next(results: AsyncIterator[bytes]) -> asyncio.Task[bytes | None]:
    async def following() -> bytes | None:
        return await anext(results, None)

    return asyncio.create_task(following())


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _either(item: asyncio.Task[Any], gone: asyncio.Task[Any], patience: float) -> None:
    await asyncio.wait({item, gone}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)


def _event(result: bytes) -> bytes:
    """PostgreSQL's JSON has line breaks between rows, and a line break ends an event's field."""
    return b"event: next\ndata: " + result.replace(b"\r", b"").replace(b"\n", b"\ndata: ") + b"\n\n"


def _expired(expiry: float | None) -> bool:
    return expiry is not None and time.time() >= expiry


def _patience(expiry: float | None, heartbeat: float) -> float:
    return heartbeat if expiry is None else max(0.0, min(heartbeat, expiry - time.time()))

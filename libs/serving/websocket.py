"""GraphQL over WebSocket: the graphql-transport-ws protocol, and no other (legacy graphql-ws is refused)."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import msgspec

from libs.errors.problems import Problem, TooMuch
from libs.observability import requests
from libs.observability.requests import Outcome
from libs.serving import bodies, errors
from libs.serving.asgi import Receive, Scope, Send
from libs.serving.callers import Headers, caller, caller_of_payload, single_headers
from libs.serving.disconnects import Disconnected, guarded
from libs.serving.events import close
from libs.serving.problems import BadRequest
from libs.serving.service import Caller, GraphQLRequest
from libs.serving.transport import Transport

SUBPROTOCOL: Final = "graphql-transport-ws"
_ID_LENGTH: Final = 128
_decode: Final = msgspec.json.Decoder()
_text: Final = msgspec.json.Encoder()


class _Close(Exception):
    """The socket ends with this code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.end = (code, reason)


_TOO_BIG: Final = (1009, "Message too big")
_BAD: Final = (4400, "Invalid message")
_UNAUTHORIZED: Final = (4401, "Unauthorized")
_FORBIDDEN: Final = (4403, "Forbidden")
_WRONG_PROTOCOL: Final = (4406, "Subprotocol not acceptable")
_INIT_TIMEOUT: Final = (4408, "Connection initialisation timeout")
_INIT_TWICE: Final = (4429, "Too many initialisation requests")
_FAULT: Final = (4500, "Internal server error")


class WebSocketEndpoint:
    """An ASGI application for /graphql over WebSocket."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold one connection until either side ends it."""
        send = guarded(send)
        await receive()  # websocket.connect
        who = self._caller(scope)
        if who is None:
            await send({"type": "websocket.close"})  # before it is accepted: status 403
            return
        known = SUBPROTOCOL in scope.get("subprotocols", ())
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if known else None})
        if not known:
            await _send_close(send, *_WRONG_PROTOCOL)
            return
        with self._transport.metrics.sockets.track_inprogress():
            await _Connection(self._transport, who, receive, send).run()

    def _caller(self, scope: Scope) -> Caller | None:
        try:
            headers = single_headers(scope)
            if (
                not _same_origin(headers)
                and headers[b"origin"].decode("latin-1") not in self._transport.origins
            ):
                return None
            offered = headers.get(b"x-request-id", b"").decode("latin-1")
            return caller(headers, self._transport.tenants.of(scope, headers), requests.request_id(offered))
        except BadRequest:
            return None


class _Connection:
    """One accepted socket: its caller once initialised, its operations by id."""

    def __init__(self, transport: Transport, who: Caller, receive: Receive, send: Send) -> None:
        self._service = transport.service
        self._metrics = transport.metrics
        self._limits = transport.limits
        self._caller = who
        self._receive = receive
        self._send = send
        self._initialised = False
        self._admitted = False
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._count = 0

    async def run(self) -> None:
        try:
            end = await self._until_end()
        finally:
            await close(*self._running)
        if end is not None:
            await _send_close(self._send, *end)

    async def _until_end(self) -> tuple[int, str] | None:
        """How this side ends the connection, or None where the client has ended it."""
        try:
            async with asyncio.timeout(self._limits.init_seconds) as deadline:
                while (text := await self._message()) is not None:
                    await self._take(text, deadline)
        except _Close as closing:
            return closing.end
        except TimeoutError:
            # 4403 lets clients reconnect with a new token; after 4401 they give up.
            return _FORBIDDEN if self._admitted else _INIT_TIMEOUT
        except Disconnected:
            return None
        return None

    async def _message(self) -> str | None:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            return None
        text = message.get("text")
        if text is None:
            _end(_BAD)
        if len(text) > self._limits.message_bytes:
            _end(_TOO_BIG)
        return text

    async def _take(self, text: str, deadline: asyncio.Timeout) -> None:
        message = _object(text)
        match message.get("type"):
            case "connection_init":
                await self._init(message, deadline)
            case "ping":
                _check_payload(message)
                await self._say({"type": "pong"})
            case "pong":
                _check_payload(message)
            case "subscribe":
                await self._subscribe(_id(message), message.get("payload"))
            case "complete":
                self._complete(_id(message))
            case _:
                _end(_BAD)

    async def _init(self, message: dict[str, Any], deadline: asyncio.Timeout) -> None:
        if self._initialised:
            _end(_INIT_TWICE)
        self._initialised = True
        _check_payload(message)
        self._caller = _with_payload(self._caller, message.get("payload") or {})
        expiry = await self._admit()
        self._admitted = True
        now = asyncio.get_running_loop().time()
        deadline.reschedule(None if expiry is None else now + expiry - time.time())
        await self._say({"type": "connection_ack"})

    async def _admit(self) -> float | None:
        try:
            return await self._service.admit(self._caller)
        except Problem as problem:
            errors.refusal(problem, self._caller.language)  # writes the reason to the log
            _end(_FORBIDDEN)
        except Exception as error:  # noqa: BLE001 -- the last resort: masked, logged under an id
            errors.fault(error, self._caller.language)
            _end(_FAULT)

    async def _subscribe(self, operation: str, payload: Any) -> None:  # noqa: ANN401 -- decoded JSON
        if not self._admitted:
            _end(_UNAUTHORIZED)
        if operation in self._operations:
            raise _Close(4409, f"Subscriber for {operation} already exists"[:120])
        try:
            request = bodies.from_message(payload)
        except BadRequest:
            _end(_BAD)
        if len(self._running) >= self._limits.operations_per_socket:
            await self._refuse(operation, _too_many(self._limits.operations_per_socket))
            return
        self._start(operation, request)

    def _start(self, operation: str, request: GraphQLRequest) -> None:
        self._count += 1
        who = replace(self._caller, request_id=f"{self._caller.request_id}.{self._count}")
        task = asyncio.create_task(self._run(operation, request, who))
        self._operations[operation] = task
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _complete(self, operation: str) -> None:
        if (task := self._operations.pop(operation, None)) is not None:
            task.cancel()

    async def _run(self, operation: str, request: GraphQLRequest, who: Caller) -> None:
        record = requests.begin("websocket", who.request_id, self._metrics)
        outcome: Outcome = "cancelled"
        results = self._service.subscribe(request, who)
        try:
            with suppress(Disconnected):  # the client went away
                outcome = await self._pass_on(operation, results, who)
        finally:
            requests.finish(record, outcome, self._metrics)
            await close(results)

    async def _pass_on(self, operation: str, results: AsyncIterator[bytes], who: Caller) -> Outcome:
        try:
            async for result in results:
                await self._say_text(
                    b'{"id":%b,"type":"next","payload":%b}' % (_text.encode(operation), result)
                )
        except Disconnected:
            raise
        except Problem as problem:
            self._forget(operation)
            await self._refuse(operation, problem)
            return errors.outcome_of(problem)
        except Exception as error:  # noqa: BLE001 -- the last resort: masked, logged under an id
            self._forget(operation)
            await self._error(operation, [errors.shape_fault(error, who.language)])
            return "internal"
        self._forget(operation)  # before the client hears of it: it may use the id again at once
        await self._say({"id": operation, "type": "complete"})
        return "ok"

    def _forget(self, operation: str) -> None:
        if self._operations.get(operation) is asyncio.current_task():
            del self._operations[operation]

    async def _refuse(self, operation: str, problem: Problem) -> None:
        await self._error(operation, errors.errors_of(problem, self._caller.language))

    async def _error(self, operation: str, shaped: list[dict[str, Any]]) -> None:
        await self._say({"id": operation, "type": "error", "payload": shaped})

    async def _say(self, message: dict[str, Any]) -> None:
        await self._say_text(_text.encode(message))

    async def _say_text(self, message: bytes) -> None:
        await self._send({"type": "websocket.send", "text": message.decode()})


def _object(text: str) -> dict[str, Any]:
    try:
        message = _decode.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        _end(_BAD)
    if not isinstance(message, dict):
        _end(_BAD)
    return message  # pyright: ignore[reportUnknownVariableType] -- decoded JSON has string keys


def _id(message: dict[str, Any]) -> str:
    operation = message.get("id")
    if not isinstance(operation, str) or not 0 < len(operation) <= _ID_LENGTH:
        _end(_BAD)
    return operation


def _check_payload(message: dict[str, Any]) -> None:
    if not isinstance(message.get("payload"), dict | None):
        _end(_BAD)


def _with_payload(who: Caller, payload: dict[str, Any]) -> Caller:
    try:
        return caller_of_payload(who, payload)
    except BadRequest:
        _end(_BAD)


def _too_many(most: int) -> TooMuch:
    return TooMuch(
        "operations",
        f"一つの接続で同時に開けるのは{most}件までです。使わないものを閉じてください。",
        f"At most {most} operations may be open on one connection. Complete one first.",
    )


def _same_origin(headers: Headers) -> bool:
    origin = headers.get(b"origin")
    return origin is None or urlsplit(origin).netloc == headers.get(b"host")


def _end(how: tuple[int, str]) -> NoReturn:
    raise _Close(*how)


async def _send_close(send: Send, code: int, reason: str) -> None:
    with suppress(Disconnected, RuntimeError):  # it was closed by the other side meanwhile
        await send({"type": "websocket.close", "code": code, "reason": reason})

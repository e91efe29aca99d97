"""GET /exports/{list}.csv and .xlsx: a signed-in person's own view of a list, as a file."""

from contextlib import ExitStack
from datetime import datetime
from typing import IO, Final

from litestar.handlers import ASGIRouteHandler

from libs.errors.problems import Problem, Unauthenticated
from libs.japan.calendar import JST
from libs.observability import requests
from libs.observability.requests import Outcome
from libs.serving import errors, negotiation
from libs.serving.asgi import Receive, Scope, Send
from libs.serving.callers import caller, single_headers
from libs.serving.disconnects import Disconnected, guarded, until_disconnect
from libs.serving.exports.asked import Asked, asked
from libs.serving.exports.declared import Exports
from libs.serving.exports.exporting import Exporting, File
from libs.serving.problems import MethodNotAllowed
from libs.serving.responses import JSON, Header, Response, respond, route
from libs.serving.service import Answer
from libs.serving.statuses import STATUS
from libs.serving.transport import Transport

PATH: Final = "/exports"
_CHUNK: Final = 65_536


def export_route(transport: Transport, exports: Exports, exporting: Exporting) -> ASGIRouteHandler:
    """The tenant is named by `Tsunagari-Acting-For`, by host, or by having one membership."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        await _Exchange(transport, exports, exporting, scope, receive, guarded(send)).run()

    return route(PATH, application, mount=True)


class _Exchange:
    """One request and its file."""

    def __init__(  # noqa: PLR0913 - what one request meets
        self,
        transport: Transport,
        exports: Exports,
        exporting: Exporting,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._transport = transport
        self._exports = exports
        self._exporting = exporting
        self._scope = scope
        self._receive = receive
        self._send = send
        self._headers: dict[bytes, bytes] = dict(scope["headers"])

    async def run(self) -> None:
        metrics = self._transport.metrics
        offered = self._headers.get(b"x-request-id", b"").decode("latin-1")
        record = requests.begin("http", requests.request_id(offered), metrics)
        outcome: Outcome = "cancelled"
        try:
            with ExitStack() as until:
                outcome = await self._answered(record.request_id, until)
        except Disconnected:
            pass  # nobody is there to be answered
        finally:
            requests.finish(record, outcome, metrics)

    async def _answered(self, request_id: str, until: ExitStack) -> Outcome:
        language = negotiation.language(self._headers.get(b"accept-language"))
        try:
            wanted = self._asked()
            file = await self._file(wanted, request_id, until)
        except Problem as problem:
            return await self._refused(errors.refusal(problem, language))
        except Disconnected:
            raise
        except Exception as error:  # noqa: BLE001 -- the last resort: masked, logged under an id
            return await self._refused(errors.fault(error, language))
        await self._sent(file, _headers(wanted, file, self._exporting.now()))
        return "ok"

    def _asked(self) -> Asked:
        if self._scope["method"] != "GET":
            raise MethodNotAllowed
        if b"authorization" not in self._headers:
            raise Unauthenticated("no token")
        language = negotiation.language(self._headers.get(b"accept-language"))
        query: bytes = self._scope["query_string"]
        return asked(self._exports, self._scope["path"], query, language, self._transport.limits)

    async def _file(self, wanted: Asked, request_id: str, until: ExitStack) -> File:
        headers = single_headers(self._scope)
        who = caller(headers, self._transport.tenants.of(self._scope, headers), request_id)
        making = self._exporting.file(self._transport.service, who, wanted, until)
        return await until_disconnect(making, self._receive, self._transport.limits.disconnect_watch_seconds)

    async def _refused(self, answer: Answer) -> Outcome:
        await respond(self._send, Response(STATUS[answer.outcome], JSON, answer.body, answer.headers))
        return answer.outcome

    async def _sent(self, file: File, headers: list[Header]) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        while chunk := file.content.read(_CHUNK):
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self._send({"type": "http.response.body", "body": b""})


def _headers(wanted: Asked, file: File, now: datetime) -> list[Header]:
    name = f"{wanted.export.name}-{now.astimezone(JST):%Y%m%d}.{wanted.format}"
    return [
        (b"content-type", file.media),
        (b"content-length", b"%d" % _size(file.content)),
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"sandbox"),
        (b"tsunagari-replaced-characters", b"%d" % file.replaced),
    ]


def _size(content: IO[bytes]) -> int:
    size = content.seek(0, 2)
    content.seek(0)
    return size

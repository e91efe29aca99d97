"""GraphQL over HTTP by the specification: methods, media types, statuses; queries by GET, all by POST."""

from typing import Final

from libs.errors.problems import Problem
from libs.observability import requests
from libs.observability.requests import Outcome, RequestRecord
from libs.serving import bodies, errors, negotiation
from libs.serving.asgi import Receive, Scope, Send
from libs.serving.callers import caller, single_headers
from libs.serving.disconnects import Disconnected, guarded, until_disconnect
from libs.serving.events import EventStream
from libs.serving.negotiation import EVENTS, GRAPHQL, JSON
from libs.serving.problems import MethodNotAllowed
from libs.serving.service import Answer, Caller, GraphQLRequest
from libs.serving.statuses import STATUS
from libs.serving.transport import Transport

# Under plain application/json a well-formed request is answered 200 whatever GraphQL says of it.
_STATUS_JSON: Final[dict[Outcome, int]] = {**STATUS, "request_error": 200, "too_much": 200}
_ALWAYS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"accept"),
)
_BY_OUTCOME: Final[dict[Outcome, tuple[tuple[bytes, bytes], ...]]] = {
    "unauthenticated": ((b"www-authenticate", b'Bearer realm="graphql"'),),
    "method_not_allowed": ((b"allow", b"GET, POST"),),
}
_CONTENT_TYPES: Final = {
    JSON: (b"content-type", b"application/json; charset=utf-8"),
    GRAPHQL: (b"content-type", b"application/graphql-response+json; charset=utf-8"),
}


class HttpEndpoint:
    """An ASGI application for /graphql over HTTP."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request and write its line."""
        metrics = self._transport.metrics
        record = requests.begin("http", _request_id(scope), metrics)
        outcome: Outcome = "cancelled"
        try:
            outcome = await _Exchange(self._transport, record, scope, receive, guarded(send)).run()
        except Disconnected:
            pass  # nobody is there to be answered
        except Exception:
            outcome = "internal"  # while answering: the server closes the connection
            raise
        finally:
            requests.finish(record, outcome, metrics)


class _Exchange:
    """One request and its response."""

    def __init__(
        self, transport: Transport, record: RequestRecord, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._transport = transport
        self._limits = transport.limits
        self._record = record
        self._scope = scope
        self._receive = receive
        self._send = send
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        self._media = JSON
        self._unread = True

    async def run(self) -> Outcome:
        language = negotiation.language(self._headers.get(b"accept-language"))
        try:
            answer = await self._answer()
        except Problem as problem:
            answer = errors.refusal(problem, language)
        except Disconnected:
            raise
        except Exception as error:  # noqa: BLE001 -- the last resort: masked, logged under an id
            answer = errors.fault(error, language)
        if isinstance(answer, Answer):
            await self._respond(answer)
            return answer.outcome
        return answer

    async def _answer(self) -> Answer | Outcome:
        """The answer, or how the stream ended that was sent instead of one."""
        headers = single_headers(self._scope)
        who = caller(headers, self._transport.tenants.of(self._scope, headers), self._record.request_id)
        media = negotiation.answer_media(headers.get(b"accept"))
        self._media = JSON if media == EVENTS else media
        request = await self._request()
        self._unread = False
        if media == EVENTS:
            return await self._stream(request, who)
        work = self._transport.service.execute(request, who)
        return await until_disconnect(work, self._receive, self._limits.disconnect_watch_seconds)

    async def _request(self) -> GraphQLRequest:
        method = self._scope["method"]
        if method == "POST":
            negotiation.require_json(
                self._headers.get(b"content-type"), self._headers.get(b"content-encoding")
            )
            return bodies.from_body(await bodies.read_body(self._receive, self._limits))
        if method == "GET":
            return bodies.from_query_string(self._scope["query_string"], self._limits)
        raise MethodNotAllowed

    async def _stream(self, request: GraphQLRequest, who: Caller) -> Outcome:
        self._record.transport = "sse"
        stream = EventStream(self._transport.service, self._limits, self._receive, self._send)
        with self._transport.metrics.streams.track_inprogress():
            return await stream.run(request, who)

    async def _respond(self, answer: Answer) -> None:
        statuses = _STATUS_JSON if self._media == JSON else STATUS
        headers = [
            _CONTENT_TYPES[self._media],
            (b"content-length", b"%d" % len(answer.body)),
            (b"x-request-id", self._record.request_id.encode()),
            *_ALWAYS,
            *_BY_OUTCOME.get(answer.outcome, ()),
            *answer.headers,
        ]
        if self._unread:  # what may still come of the body is not waited for
            headers.append((b"connection", b"close"))
        await self._send(
            {"type": "http.response.start", "status": statuses[answer.outcome], "headers": headers}
        )
        await self._send({"type": "http.response.body", "body": answer.body})


def _request_id(scope: Scope) -> str:
    offered = next((value for name, value in scope["headers"] if name == b"x-request-id"), None)
    return requests.request_id(offered.decode("latin-1") if offered is not None else None)

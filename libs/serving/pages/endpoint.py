"""A page as an ASGI application: GET shows, POST takes a form, and whatever goes wrong is a page too."""

import os
from dataclasses import dataclass, replace
from http import HTTPStatus
from time import perf_counter
from typing import Final

import structlog

from libs.errors.problems import NotFound, Problem
from libs.observability.failures import describe
from libs.serving import bodies, errors
from libs.serving.asgi import Receive, Scope, Send
from libs.serving.callers import single_headers
from libs.serving.disconnects import Disconnected, guarded
from libs.serving.limits import TransportLimits
from libs.serving.outages import outage
from libs.serving.pages import forms, guarding
from libs.serving.pages.forms import Form
from libs.serving.pages.requests import Handler, PageRequest, page_request
from libs.serving.pages.templates import Templates
from libs.serving.problems import Fault, FormNotTaken, RateLimited, Unavailable
from libs.serving.responses import Application, Header, Response, respond
from libs.serving.statuses import STATUS

MOST_BYTES: Final = 65_536
"""Of a form: 4,000 characters in each of a few fields, nine bytes each as browsers write them."""
_OWN: Final = Templates.of("libs.serving.pages")

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.serving.pages")


def html_page(show: Handler, take: Handler | None = None) -> Application:
    """`show` answers GET and HEAD, `take` a POST with its form; both may raise a Problem."""
    endpoint = _Endpoint(show, take)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        await endpoint.answer(scope, receive, guarded(send))

    return application


def refusal(request: PageRequest, problem: Problem) -> Response:
    """A problem as a page of its own: what is the matter, and what to do."""
    status = STATUS[errors.outcome_of(problem)]
    return _OWN.page(
        request,
        "refusal.html",
        status=HTTPStatus.BAD_REQUEST if status == HTTPStatus.OK else status,
        headers=_headers(problem),
        text=request.say(problem.ja, problem.en),
    )


@dataclass(frozen=True, slots=True)
class _Endpoint:
    show: Handler
    take: Handler | None

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Writes one line of log: the page's name and how it went, never its path: that may hold a secret."""
        began, request = perf_counter(), page_request(scope, Form())
        try:
            response = await self._response(scope, receive, request)
            await respond(send, response)
        except Disconnected:
            return
        _log.info(
            "page",
            page=request.name,
            method=scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other",
            status=response.status,
            duration_ms=round((perf_counter() - began) * 1_000, 3),
        )

    async def _response(self, scope: Scope, receive: Receive, request: PageRequest) -> Response:
        try:
            return await self._handled(scope, receive, request)
        except Disconnected:
            raise
        except Problem as problem:
            return refusal(request, problem)
        except Exception as error:  # noqa: BLE001 -- the last resort: masked, logged under an id
            return refusal(request, told(error))

    async def _handled(self, scope: Scope, receive: Receive, request: PageRequest) -> Response:
        if scope["method"] in ("GET", "HEAD"):
            return await self.show(request)
        if scope["method"] != "POST" or self.take is None:
            raise FormNotTaken
        headers = single_headers(scope)
        guarding.refuse_foreign(headers)
        forms.require_form(headers.get(b"content-type"), headers.get(b"content-encoding"))
        body = await bodies.read_body(receive, TransportLimits(body_bytes=MOST_BYTES))
        return await self.take(replace(request, form=forms.parse(body)))


def told(error: Exception) -> Problem:
    """What the person reads of anything unexpected; the log has the rest under its number."""
    away = outage(error)
    if away is not None:
        _log.warning("database away", failure=describe(error))
        return away
    fault = os.urandom(16).hex()
    _log.error("fault", fault=fault, failure=describe(error))
    return Fault(fault)


def _headers(problem: Problem) -> tuple[Header, ...]:
    if isinstance(problem, RateLimited | Unavailable):
        return ((b"retry-after", b"%d" % problem.retry_after),)
    return ((b"allow", b"GET, HEAD, POST"),) if isinstance(problem, FormNotTaken) else ()


def not_here(request: PageRequest) -> Response:
    """What is absent, ended or another's, in one answer."""
    return refusal(request, NotFound("このページはありません。", "There is no such page."))

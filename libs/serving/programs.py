"""A page that programs speak to: one method, JSON answers, and whatever goes wrong is JSON too."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Final

import structlog

from libs.errors.problems import Problem
from libs.serving import errors, negotiation
from libs.serving.asgi import Receive, Scope, Send
from libs.serving.disconnects import Disconnected, guarded
from libs.serving.problems import MethodNotAllowed
from libs.serving.responses import JSON, Application, Header, Response, respond
from libs.serving.service import Answer
from libs.serving.statuses import STATUS

Handle = Callable[[Scope, Receive], Awaitable[Response]]
# what may still come of a refused body is not waited for
_CLOSING: Final[Header] = (b"connection", b"close")

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.serving.programs")


def program_page(name: str, method: str, handle: Handle) -> Application:
    """`handle` may raise a Problem. One line of log tells the page's name and how it went, never its path."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        began = perf_counter()
        try:
            response = await _response(scope, receive, method, handle)
            await respond(guarded(send), response)
        except Disconnected:
            return
        duration = round((perf_counter() - began) * 1_000, 3)
        _log.info("page", page=name, method=method, status=response.status, duration_ms=duration)

    return application


async def _response(scope: Scope, receive: Receive, method: str, handle: Handle) -> Response:
    language = negotiation.language(dict(scope["headers"]).get(b"accept-language"))
    try:
        _check_method(scope, method)
        return await handle(scope, receive)
    except Disconnected:
        raise
    except Problem as problem:
        return _refused(errors.refusal(problem, language))
    except Exception as error:  # noqa: BLE001 -- the last resort: masked, logged under an id
        return _refused(errors.fault(error, language))


def _check_method(scope: Scope, method: str) -> None:
    if scope["method"] != method:
        raise MethodNotAllowed


def _refused(answer: Answer) -> Response:
    return Response(STATUS[answer.outcome], JSON, answer.body, (*answer.headers, _CLOSING))

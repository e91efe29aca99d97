"""A file as an answer: streamed, saved and never shown, so that nothing in it runs on our pages."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final
from urllib.parse import quote

import structlog

from libs.errors.problems import Problem
from libs.observability.failures import describe
from libs.serving.asgi import Receive, Scope, Send
from libs.serving.disconnects import Disconnected, guarded
from libs.serving.pages.endpoint import refusal, told
from libs.serving.pages.forms import Form
from libs.serving.pages.requests import PageRequest, page_request
from libs.serving.problems import FormNotTaken
from libs.serving.responses import Application, Header, respond

HEADERS: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"x-robots-tag", b"noindex, noarchive"),
)

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("libs.serving.downloads")


@dataclass(frozen=True, slots=True)
class Download:
    """`pieces` come to exactly `size` bytes."""

    name: str
    media_type: str
    size: int
    pieces: AsyncIterator[bytes]


Prepare = Callable[[PageRequest], Awaitable[Download]]


def download_page(prepare: Prepare) -> Application:
    """`prepare` may raise a Problem, which is shown as a page. The log knows neither path nor name."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        del receive  # reading has no body
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        began, request = perf_counter(), page_request(scope, Form())
        try:
            status = await _answer(scope, request, prepare, guarded(send))
        except Disconnected:
            return
        duration = round((perf_counter() - began) * 1_000, 3)
        _log.info("page", page=request.name, status=status, duration_ms=duration)

    return application


async def _answer(scope: Scope, request: PageRequest, prepare: Prepare, send: Send) -> int:
    try:
        _check_method(scope)
        download = await prepare(request)
        # what cannot be opened shows at its first piece, while it can still be said
        first = await anext(download.pieces, b"")
    except Problem as problem:
        response = refusal(request, problem)
    except Exception as error:  # noqa: BLE001 -- the last resort: masked, logged under an id
        response = refusal(request, told(error))
    else:
        return await _stream(scope, download, first, send)
    await respond(send, response)
    return response.status


async def _stream(scope: Scope, download: Download, first: bytes, send: Send) -> int:
    headers = [
        (b"content-type", download.media_type.encode()),
        (b"content-length", b"%d" % download.size),
        (b"content-disposition", _disposition(download.name)),
        *HEADERS,
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["method"] == "GET":
        await send({"type": "http.response.body", "body": first, "more_body": True})
        try:
            async for piece in download.pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        except Disconnected:
            raise
        except Exception as error:  # noqa: BLE001 -- too late to say: the connection ends short of its length
            _log.error("download broken off", failure=describe(error))
            return 500
    await send({"type": "http.response.body", "body": b""})
    return 200


def _check_method(scope: Scope) -> None:
    if scope["method"] not in ("GET", "HEAD"):
        raise FormNotTaken


def _disposition(name: str) -> bytes:
    """RFC 6266: a plain name for who knows no other, and the real one."""
    ending = name.rpartition(".")[2]
    return f"attachment; filename=\"file.{ending}\"; filename*=UTF-8''{quote(name, safe='')}".encode()

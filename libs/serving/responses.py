"""Small answers beside /graphql, and how a plain ASGI function becomes a route."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from litestar.handlers import ASGIRouteHandler, asgi

from libs.serving.asgi import Receive, Scope, Send

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]
TEXT: Final = b"text/plain; charset=utf-8"
JSON: Final = b"application/json; charset=utf-8"
_NO_STORE: Final[Header] = (b"cache-control", b"no-store")


@dataclass(frozen=True, slots=True)
class Response:
    """One whole response. It is not to be stored anywhere unless `caching` says how."""

    status: int
    media: bytes
    body: bytes
    headers: tuple[Header, ...] = ()
    caching: Header = _NO_STORE


Page = Callable[[Scope], Awaitable[Response]]


def route(path: str, application: Application, *, mount: bool = False) -> ASGIRouteHandler:
    """A Litestar route that hands every request and socket to `application` untouched.

    With `mount` also whatever lies below `path`, which is then cut off scope["path"].
    """

    async def handle(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 -- Litestar's own ASGI types
        await application(scope, receive, send)

    return asgi(path, copy_scope=False, is_mount=mount)(handle)


def page(path: str, read: Page) -> ASGIRouteHandler:
    """A Litestar route that is only read: GET and HEAD."""
    return route(path, reading(read))


def reading(read: Page) -> Application:
    """An ASGI application that answers GET and HEAD with what `read` makes."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        del receive  # reading has no body
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        elif scope["method"] in ("GET", "HEAD"):
            await respond(send, await read(scope))
        else:
            await respond(send, Response(405, TEXT, b"", ((b"allow", b"GET, HEAD"),)))

    return application


async def respond(send: Send, response: Response) -> None:
    """Send it."""
    headers = [
        (b"content-type", response.media),
        *_length(response),
        (b"x-content-type-options", b"nosniff"),
        response.caching,
        *response.headers,
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _length(response: Response) -> list[Header]:
    """A 304 would have to state the length of what it does not send (RFC 9110, 8.6)."""
    if response.status == HTTPStatus.NOT_MODIFIED:
        return []
    return [(b"content-length", b"%d" % len(response.body))]

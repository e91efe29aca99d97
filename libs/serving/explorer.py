"""GraphiQL on this server, without any other host: page, its files, and in the demo the people to act as."""

import hashlib
import html
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

import msgspec
from litestar.handlers import ASGIRouteHandler

from libs.serving.asgi import Scope
from libs.serving.responses import JSON, TEXT, Header, Response, page

People = Callable[[], Awaitable[Sequence[Mapping[str, Any]]]]
"""Each with name, tenant, organisation, kind, roles, token and, where needed, actingFor."""

_MEDIA: Final = {
    "js": b"text/javascript; charset=utf-8",
    "css": b"text/css; charset=utf-8",
    "html": b"text/html; charset=utf-8",
}
_FILES: Final = (
    "explorer.js",
    "explorer.css",
    "graphiql/graphiql.min.js",
    "graphiql/graphiql.min.css",
    "react/react.production.min.js",
    "react-dom/react-dom.production.min.js",
)
_FOR_EVER: Final[Header] = (b"cache-control", b"public, max-age=31536000, immutable")
_ASK_AGAIN: Final[Header] = (b"cache-control", b"no-cache")
# Inline styles: GraphiQL's dialogs and its editor write style elements. Scripts are this server's files only.
_LOOPBACK: Final = re.compile(rb"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?")
_POLICY: Final[Header] = (
    b"content-security-policy",
    b"; ".join(
        (
            b"default-src 'none'",
            b"script-src 'self'",
            b"style-src 'self' 'unsafe-inline'",
            b"connect-src 'self'",
            b"img-src 'self' data:",
            b"font-src 'self' data:",
            b"base-uri 'none'",
            b"form-action 'none'",
            b"frame-ancestors 'none'",
        )
    ),
)
_PRIVATE: Final[tuple[Header, ...]] = (
    _POLICY,
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def explorer_routes(
    *, path: str = "/explorer", endpoint: str = "/graphql", people: People | None = None
) -> list[ASGIRouteHandler]:
    """The explorer's page at `path` and its files below /explorer/assets.

    `people` hands out tokens to whoever asks and belongs to the demo alone.
    """
    files = {name: _Asset.read(name) for name in _FILES}
    digest = hashlib.sha256("".join(each.etag for each in files.values()).encode()).hexdigest()[:16]
    assets = f"/explorer/assets/{digest}"
    home = _page(assets, endpoint, "/explorer/people" if people else "")
    routes = [page(path, partial(_cached, home, caching=_ASK_AGAIN, headers=_PRIVATE))]
    routes += [page(f"{assets}/{name}", partial(_cached, each)) for name, each in files.items()]
    if people is not None:
        routes.append(page("/explorer/people", partial(_hand_out, people)))
    return routes


@dataclass(frozen=True, slots=True)
class _Asset:
    """A file in memory with its name for caches."""

    media: bytes
    body: bytes
    etag: str

    @classmethod
    def read(cls, name: str) -> "_Asset":
        return cls.of(name, _static(name).read_bytes())

    @classmethod
    def of(cls, name: str, body: bytes) -> "_Asset":
        return cls(_MEDIA[name.rpartition(".")[2]], body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def _static(name: str) -> Traversable:
    return resources.files("libs.serving").joinpath("static", *name.split("/"))


def _page(assets: str, endpoint: str, people: str) -> _Asset:
    text = _static("explorer.html").read_text(encoding="utf-8")
    for name, value in (("assets", assets), ("endpoint", endpoint), ("people", people)):
        text = text.replace(f"{{{name}}}", html.escape(value))
    return _Asset.of("explorer.html", text.encode())


async def _cached(
    asset: _Asset, scope: Scope, *, caching: Header = _FOR_EVER, headers: tuple[Header, ...] = ()
) -> Response:
    etag = (b"etag", asset.etag.encode())
    if dict(scope["headers"]).get(b"if-none-match") == asset.etag.encode():
        return Response(304, asset.media, b"", (etag, *headers), caching)
    return Response(200, asset.media, asset.body, (etag, *headers), caching)


async def _hand_out(people: People, scope: Scope) -> Response:
    """To pages of this server only: another site's page must not read tokens, not even of the demo."""
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site", b"same-origin")
    # another name for this address is how a foreign page becomes "same origin" (DNS rebinding)
    if site not in (b"same-origin", b"none") or not _LOOPBACK.fullmatch(headers.get(b"host", b"")):
        return Response(403, TEXT, b"")
    return Response(200, JSON, msgspec.json.encode(list(await people())))

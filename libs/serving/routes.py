"""/graphql as Litestar routes, and what else a platform serves below its own path."""

import re
from collections.abc import Mapping
from typing import Any, Final

from litestar.handlers import ASGIRouteHandler

from libs.serving.asgi import Receive, Scope, Send
from libs.serving.http import HttpEndpoint
from libs.serving.responses import TEXT, Application, Response, respond, route
from libs.serving.transport import Transport
from libs.serving.websocket import WebSocketEndpoint

PATH: Final = "/graphql"
_TENANTS: Final = "/t"
_BELOW_TENANTS: Final = re.compile(r"/([^/]+)/graphql/?")
_PAGE_OF_TENANT: Final = re.compile(
    r"/(?P<tenant>[a-z0-9-]{1,63})/(?P<name>[a-z0-9.]{1,40})(?:/(?P<rest>[A-Za-z0-9_/-]{1,200}?))?/?"
)

Pages = Mapping[str, Application]
"""By name below the tenant: "help", "help/answer"; one that ends in a slash ("l/") takes one more part."""


def graphql_routes(transport: Transport, pages: Pages | None = None) -> list[ASGIRouteHandler]:
    """HTTP, event streams and sockets at /graphql, and at /t/{tenant}/graphql for who names the tenant so.

    `pages` are served at /t/{tenant}/<name> and find tenant, name and key (that one more part, or None) in
    scope["path_params"]. What lies below /t is a mount that reads its path itself: Litestar 2.25 answers 500
    for a path parameter in front of an ASGI handler.
    """
    http = HttpEndpoint(transport)
    websocket = WebSocketEndpoint(transport)
    below = pages or {}

    async def graphql(scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = http if scope["type"] == "http" else websocket
        await endpoint(scope, receive, send)

    async def tenants(scope: Scope, receive: Receive, send: Send) -> None:
        if found := _BELOW_TENANTS.fullmatch(scope["path"]):
            scope["path_params"] = {"tenant": found[1]}
            await graphql(scope, receive, send)
        elif (place := _place(scope["path"], below)) is not None:
            scope["path_params"] = place
            await below[place["name"]](scope, receive, send)
        else:
            await _nothing_here(scope, send)

    return [route(PATH, graphql), route(_TENANTS, tenants, mount=True)]


def _place(path: str, below: Pages) -> dict[str, Any] | None:
    """Tenant, name and key of the page at this path; None where none is."""
    found = _PAGE_OF_TENANT.fullmatch(path)
    if found is None:
        return None
    tenant, name, rest = found["tenant"], found["name"], found["rest"]
    whole = name if rest is None else f"{name}/{rest}"
    if whole in below:
        return {"tenant": tenant, "name": whole, "key": None}
    of, slash, key = whole.rpartition("/")
    if key and of + slash in below:
        return {"tenant": tenant, "name": of + slash, "key": key}
    return None


async def _nothing_here(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    else:
        await respond(send, Response(404, TEXT, b""))

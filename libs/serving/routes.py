"""/graphql as Litestar routes, and what else a platform serves below its own path."""

import re
from collections.abc import Mapping
from typing import Final

from litestar.handlers import ASGIRouteHandler

from libs.serving.asgi import Receive, Scope, Send
from libs.serving.http import HttpEndpoint
from libs.serving.responses import TEXT, Page, Response, reading, respond, route
from libs.serving.transport import Transport
from libs.serving.websocket import WebSocketEndpoint

PATH: Final = "/graphql"
_TENANTS: Final = "/t"
_BELOW_TENANTS: Final = re.compile(r"/([^/]+)/graphql/?")
_PAGE_OF_TENANT: Final = re.compile(r"/([a-z0-9-]{1,63})/([a-z0-9.]{1,40})/?")


def graphql_routes(transport: Transport, pages: Mapping[str, Page] | None = None) -> list[ASGIRouteHandler]:
    """HTTP, event streams and sockets at /graphql, and at /t/{tenant}/graphql for who names the tenant so.

    `pages` are served at /t/{tenant}/<name> and find the tenant in scope["path_params"]. What lies below /t
    is a mount that reads its path itself: Litestar 2.25 answers 500 for a path parameter in front of an ASGI
    handler.
    """
    http = HttpEndpoint(transport)
    websocket = WebSocketEndpoint(transport)
    below = {name: reading(read) for name, read in (pages or {}).items()}

    async def graphql(scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = http if scope["type"] == "http" else websocket
        await endpoint(scope, receive, send)

    async def tenants(scope: Scope, receive: Receive, send: Send) -> None:
        if found := _BELOW_TENANTS.fullmatch(scope["path"]):
            scope["path_params"] = {"tenant": found[1]}
            await graphql(scope, receive, send)
        elif (found := _PAGE_OF_TENANT.fullmatch(scope["path"])) and found[2] in below:
            scope["path_params"] = {"tenant": found[1]}
            await below[found[2]](scope, receive, send)
        else:
            await _nothing_here(scope, send)

    return [route(PATH, graphql), route(_TENANTS, tenants, mount=True)]


async def _nothing_here(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    else:
        await respond(send, Response(404, TEXT, b""))

"""The one stylesheet of all pages, under a name that changes with it."""

import hashlib
from importlib import resources
from typing import Final

from libs.serving.asgi import Scope
from libs.serving.responses import Application, Header, Response, reading

_BODY: Final = resources.files("libs.serving").joinpath("static", "pages.css").read_bytes()
NAME: Final = f"pages.{hashlib.sha256(_BODY).hexdigest()[:16]}.css"
_FOR_EVER: Final[Header] = (b"cache-control", b"public, max-age=31536000, immutable")


def stylesheet() -> dict[str, Application]:
    """The stylesheet as a page of every platform: below /t, which is all that is open to the world."""

    async def read(_: Scope) -> Response:
        return Response(200, b"text/css; charset=utf-8", _BODY, caching=_FOR_EVER)

    return {NAME: reading(read)}

"""POST /t/{tenant}/uploads: the raw content as the body, its name in Content-Disposition, the token as ever.

It answers the id that a room's mutation takes. Nothing is kept of a body that breaks off or is refused.
POST /t/{tenant}/photos takes a picture alike, without a name, and makes a profile's photo of it.
"""

import asyncio
import hashlib
import re
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from urllib.parse import unquote

import msgspec
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput, NotFound, Unauthenticated
from libs.persistence.objects.store import Objects
from libs.reading import ids
from libs.serving.arriving import Arrived, arriving
from libs.serving.asgi import Receive, Scope
from libs.serving.asking import Asking
from libs.serving.callers import Headers, caller, single_headers
from libs.serving.problems import TooLarge, UnsupportedMedia
from libs.serving.responses import JSON, Response
from libs.serving.signed_in import act
from libs.serving.visitors import Visitors
from services.platform.files.actions import sending
from services.platform.files.inspection import inspect, named
from services.platform.files.models import MOST_BYTES, Content, Purpose, place_of
from services.platform.files.photos import remade
from services.platform.files.scanning import Scanner
from services.platform.files.web.turns import Turns

NAME: Final = "uploads"
PHOTOS: Final = "photos"
PREFIX: Final = "upload"
PHOTO_NAME: Final = "photo.jpg"
PHOTO_TYPE: Final = "image/jpeg"
SECONDS: Final = 120.0
COST: Final = 1_000
_NAME: Final = re.compile(rb"filename\*=utf-8''([^;\s]{1,2000})", re.IGNORECASE)
_PLAIN_NAME: Final = re.compile(rb'filename="([\x20-\x21\x23-\x5b\x5d-\x7e]{1,300})"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sending:
    """`looking`: one body is looked into at a time, since that may take several times its size of memory."""

    visitors: Visitors
    objects: Objects
    scanner: Scanner
    _turns: Turns = field(default_factory=Turns)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, scope: Scope, receive: Receive) -> Response:
        """Raises the problems of who asks, and InvalidInput for what is not taken."""
        headers = single_headers(scope)
        asking, sender = await self._asking(scope, headers, NAME)
        name, kind = named(_name(headers))
        async with self._arriving(headers, sender, receive) as arrived:
            async with self._looking:
                await asyncio.to_thread(inspect, arrived.content, kind)
            content = Content(uuid7(), name, kind.media_type, arrived.size, arrived.sha256)
            await self._keep(asking, content, arrived.pieces(), "file")
        return Response(201, JSON, msgspec.json.encode(_said(content)))

    async def take_photo(self, scope: Scope, receive: Receive) -> Response:
        """Raises as `take`."""
        headers = single_headers(scope)
        asking, sender = await self._asking(scope, headers, PHOTOS)
        async with self._arriving(headers, sender, receive) as arrived, self._looking:
            made = await asyncio.to_thread(remade, arrived.content)
        content = Content(uuid7(), PHOTO_NAME, PHOTO_TYPE, len(made), hashlib.sha256(made).hexdigest())
        await self._keep(asking, content, _whole(made), "photo")
        return Response(201, JSON, msgspec.json.encode(_said(content)))

    @asynccontextmanager
    async def _arriving(
        self, headers: Headers, sender: uuid.UUID, receive: Receive
    ) -> AsyncGenerator[Arrived]:
        """The body, scanned. Raises RateLimited, TooLarge, TooSlow, Disconnected, and as the scanner."""
        most = _most(headers)
        with self._turns.taken(sender, most):
            async with arriving(receive, most=most, seconds=SECONDS) as arrived:
                await self.scanner.check(arrived.pieces())
                yield arrived

    async def _asking(self, scope: Scope, headers: Headers, page: str) -> tuple[Asking, uuid.UUID]:
        """Who it is, before their body is read."""
        who = caller(headers, scope["path_params"]["tenant"], page)
        asking = await self.visitors.doors.callers.asking(who)
        if not asking.is_signed_in:
            raise Unauthenticated("no token")
        sender = (await asking.viewer()).person_id
        if sender is None:
            raise NotFound
        return asking, sender

    async def _keep(
        self, asking: Asking, content: Content, pieces: AsyncIterator[bytes], purpose: Purpose
    ) -> None:
        begun = partial(sending.begin, content=content, purpose=purpose)
        await act(self.visitors, asking, begun, cost=COST)
        tenant_id = (await asking.viewer()).tenant_id
        sealer = await self.visitors.vault.of_tenant(tenant_id)
        sealed = sealer.seal_stream(place_of(content.object_id), pieces)
        await self.objects.put(tenant_id, content.object_id, sealed)
        await act(self.visitors, asking, partial(sending.arrived, identity=content.object_id), cost=0)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _name(headers: Headers) -> str:
    given = headers.get(b"content-disposition", b"")
    if found := _NAME.search(given):
        try:
            return unquote(found[1].decode("ascii"), errors="strict")
        except UnicodeDecodeError:
            raise _no_name() from None
    if found := _PLAIN_NAME.search(given):
        return found[1].decode("ascii")
    raise _no_name()


def _no_name() -> InvalidInput:
    return InvalidInput(
        "name",
        "ファイル名を Content-Disposition: attachment; filename*=UTF-8''… で送ってください。",
        "Send the file's name as Content-Disposition: attachment; filename*=UTF-8''…",
        detail="REQUIRED",
    )


def _most(headers: Headers) -> int:
    """The bytes to come. Refuses before anything is read what says itself that it is too large or packed."""
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise UnsupportedMedia
    length = headers.get(b"content-length", str(MOST_BYTES).encode())
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise TooLarge("body", MOST_BYTES)
    return int(length)


def _said(content: Content) -> dict[str, object]:
    return {
        "id": ids.encode(PREFIX, content.object_id),
        "name": content.name,
        "mediaType": content.media_type,
        "size": content.size,
        "sha256": content.sha256,
    }

"""POST /t/{tenant}/uploads: the raw content as the body, its name in Content-Disposition, the token as ever.

It answers the id that a room's mutation takes. Nothing is kept of a body that breaks off or is refused.
"""

import asyncio
import re
import uuid
from collections.abc import Generator
from contextlib import contextmanager
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
from libs.serving.problems import RateLimited, TooLarge, UnsupportedMedia
from libs.serving.responses import JSON, Response
from libs.serving.signed_in import act
from libs.serving.visitors import Visitors
from services.platform.files.actions import sending
from services.platform.files.inspection import inspect, named
from services.platform.files.kinds import Kind
from services.platform.files.models import MOST_BYTES, Content, place_of

NAME: Final = "uploads"
PREFIX: Final = "upload"
SECONDS: Final = 120.0
COST: Final = 1_000
RETRY_SECONDS: Final = 5
MOST_AT_ONCE: Final = 3
"""Bodies that a process takes in at one time: they lie in /tmp, which may be memory."""
_NAME: Final = re.compile(rb"filename\*=utf-8''([^;\s]{1,2000})", re.IGNORECASE)
_PLAIN_NAME: Final = re.compile(rb'filename="([\x20-\x21\x23-\x5b\x5d-\x7e]{1,300})"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sending:
    visitors: Visitors
    objects: Objects
    _senders: set[uuid.UUID] = field(default_factory=set[uuid.UUID])

    async def take(self, scope: Scope, receive: Receive) -> Response:
        """Raises the problems of who asks, and InvalidInput for what is not taken."""
        headers = single_headers(scope)
        asking = await self._asking(scope, headers)
        sender = (await asking.viewer()).person_id
        if sender is None:
            raise NotFound
        name, kind = named(_name(headers))
        _check_length(headers)
        with self._turn(sender):
            return await self._taken(receive, asking, name, kind)

    async def _taken(self, receive: Receive, asking: Asking, name: str, kind: Kind) -> Response:
        async with arriving(receive, most=MOST_BYTES, seconds=SECONDS) as arrived:
            await asyncio.to_thread(inspect, arrived.content, kind)
            content = Content(uuid7(), name, kind.media_type, arrived.size, arrived.sha256)
            await self._keep(asking, content, arrived)
        return Response(201, JSON, msgspec.json.encode(_said(content)))

    async def _asking(self, scope: Scope, headers: Headers) -> Asking:
        """Who it is, before their body is read."""
        who = caller(headers, scope["path_params"]["tenant"], NAME)
        asking = await self.visitors.doors.callers.asking(who)
        if not asking.is_signed_in:
            raise Unauthenticated("no token")
        return asking

    @contextmanager
    def _turn(self, sender: uuid.UUID) -> Generator[None]:
        """One file of a person at a time. Raises RateLimited."""
        if sender in self._senders or len(self._senders) >= MOST_AT_ONCE:
            raise RateLimited(RETRY_SECONDS)
        self._senders.add(sender)
        try:
            yield
        finally:
            self._senders.discard(sender)

    async def _keep(self, asking: Asking, content: Content, arrived: Arrived) -> None:
        await act(self.visitors, asking, partial(sending.begin, content=content), cost=COST)
        tenant_id = (await asking.viewer()).tenant_id
        sealer = await self.visitors.vault.of_tenant(tenant_id)
        sealed = sealer.seal_stream(place_of(content.object_id), arrived.pieces())
        await self.objects.put(tenant_id, content.object_id, sealed)
        await act(self.visitors, asking, partial(sending.arrived, identity=content.object_id), cost=0)


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


def _check_length(headers: Headers) -> None:
    """Refuses before anything is read what says itself that it is too large, or comes packed."""
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise UnsupportedMedia
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise TooLarge("body", MOST_BYTES)


def _said(content: Content) -> dict[str, object]:
    return {
        "id": ids.encode(PREFIX, content.object_id),
        "name": content.name,
        "mediaType": content.media_type,
        "size": content.size,
        "sha256": content.sha256,
    }

"""One request's session: who asks, what document, and how its mutations act and its payloads are read."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
import strawberry

from libs.errors.problems import Problem, Unauthenticated
from libs.persistence.actor import Actor
from libs.persistence.database import Database
from libs.persistence.retrying import undisturbed
from libs.persistence.sealing.vault import Vault
from libs.policy.acting import Acting
from libs.reading import ids
from libs.reading.charging import Charge
from libs.reading.documents import Document
from libs.reading.engine import Engine
from libs.serving import idempotency
from libs.serving.service import Language
from libs.serving.user_errors import as_user_error
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewer import Viewer, ViewerOutdated
from libs.tenancy.viewers import Viewers

VIEWER_TRIES = 10  # others' admissions may outdate the viewer again and again

Action = Callable[[Acting], Awaitable[uuid.UUID]]
Reload = Callable[[], Awaitable[Viewer]]


@dataclass(slots=True)
class Session:
    """The context of everything that runs in graphql-core beside compiled reads."""

    engine: Engine
    database: Database
    vault: Vault
    document: Document
    variables: Mapping[str, Any]
    viewer: Viewer
    identity: Identity | None
    language: Language
    idempotency_key: str | None
    request_hash: bytes
    reload: Reload
    owe: Charge

    async def act(self, root_field: str, action: Action, *, once: bool = True) -> uuid.UUID:
        """Runs the action in one Work, once per Idempotency-Key; the id of what it made or changed.

        Not `once`: each request is judged and logged anew (a reveal).
        """
        for _ in range(VIEWER_TRIES):
            try:
                return await undisturbed(lambda: self._act(root_field, action, once=once))
            except ViewerOutdated:
                self.viewer = await self.reload()
        raise ViewerOutdated

    async def _act(self, root_field: str, action: Action, *, once: bool) -> uuid.UUID:
        viewer = self.viewer
        if self.identity is None or viewer.account is None:
            raise Unauthenticated("no token")
        actor = Actor(viewer.person_id, viewer.organisation_id)
        # before the work: who loads a policy while holding a connection may wait for another one for ever
        access = await self.engine.access(viewer)
        async with self.database.work(viewer.tenant_id, actor, account=viewer.account) as work:
            await Viewers.check(viewer, work)
            acting = Acting(work, viewer, access, self.vault)
            if self.idempotency_key is None or not once:
                return await action(acting)
            request = idempotency.Request(viewer.account, self.idempotency_key, root_field, self.request_hash)
            return await idempotency.once(work, request, lambda: action(acting))

    async def read(self, info: Any, type_name: str, identity: uuid.UUID) -> "RawJson | None":  # noqa: ANN401 - graphql-core's info
        """One object under the viewer's policy of now, in the selection of the field being resolved."""
        for _ in range(VIEWER_TRIES):
            try:
                json = await self.engine.read_one(
                    self.document,
                    type_name,
                    info.field_nodes,
                    identity,
                    self.variables,
                    self.viewer,
                    self.owe,
                )
            except ViewerOutdated:
                self.viewer = await self.reload()
            else:
                return None if json == b"null" else RawJson(json)
        raise ViewerOutdated


class RawJson:
    """A value that PostgreSQL has made already; the executor passes it through."""

    # no dataclass: msgspec would encode it as an object

    __slots__ = ("json",)

    def __init__(self, json: bytes) -> None:
        self.json = json

    def encoded(self) -> msgspec.Raw:
        return msgspec.Raw(self.json)


@strawberry.type
class Payload:
    """What a mutation answers with: the id of its object, read anew after the commit."""

    identity: strawberry.Private[uuid.UUID]


class PayloadOf(Protocol):
    """A payload's type, or a function that adds what is shown only once."""

    def __call__(self, *, identity: uuid.UUID) -> Payload: ...


def session(info: strawberry.Info) -> Session:
    return info.context


def signed_in(info: strawberry.Info) -> Identity:
    """The account that asks. Raises Unauthenticated."""
    identity = session(info).identity
    if identity is None:
        raise Unauthenticated("no token")
    return identity


async def perform(info: strawberry.Info, payload: PayloadOf, action: Action) -> Any:  # noqa: ANN401
    """A mutation's resolver: the payload, or the problem as the union's member."""
    current = session(info)
    try:
        return payload(identity=await current.act(str(info.path.key), action))
    except Problem as problem:
        return as_user_error(problem, current.language)


async def written(info: strawberry.Info, type_name: str, payload: Payload) -> Any:  # noqa: ANN401
    """A payload's field: the object as the viewer may see it now; null where it may not be seen."""
    raw: Any = info._raw_info  # noqa: SLF001 # pyright: ignore - strawberry's only way to graphql-core's info
    return await session(info).read(raw, type_name, payload.identity)


def identity_of(text: str, prefix: str, field: str = "id") -> uuid.UUID | None:
    """The UUID of an id given as input; None (not found) for another type's. Raises InvalidInput."""
    return ids.of_type(prefix, text, field)

"""What the transport asks of the engine that answers GraphQL. The transport itself knows no GraphQL."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from libs.observability.requests import Outcome

Language = Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """One request's members by the GraphQL over HTTP specification, their types checked and nothing else.

    `read_only` says that it came by GET: a mutation must be refused with `MethodNotAllowed`.
    """

    query: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None
    read_only: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as the request says it; nothing of this has been verified.

    `authorization` is the whole header value ("Bearer …"), `tenant_hint` comes from path or host,
    `language` from Accept-Language.
    """

    authorization: str | None
    acting_for: str | None
    tenant_hint: str | None
    idempotency_key: str | None
    request_id: str
    language: Language


@dataclass(frozen=True, slots=True)
class Answer:
    """A GraphQL response as UTF-8 JSON. With another outcome than "ok" the body must hold no `data`.

    The transport makes status and media type of `outcome`; `headers` are added (names in lower case).
    """

    body: bytes
    outcome: Outcome
    headers: tuple[tuple[bytes, bytes], ...] = ()


class GraphQLService(Protocol):
    """The engine. Cancelling a call must cancel its database statement.

    Any `Problem` raised is shaped into an answer; any other exception is logged under an id and masked.
    """

    async def execute(self, request: GraphQLRequest, caller: Caller) -> Answer:
        """Answer a query or mutation."""
        ...

    def subscribe(self, request: GraphQLRequest, caller: Caller) -> AsyncIterator[bytes]:
        """Every result of a subscription as JSON; a query or mutation yields its single result.

        Raises a `Problem` before the first item where the request is refused. Must end when it is closed.
        """
        ...

    async def admit(self, caller: Caller) -> float | None:
        """Verify the caller for a lasting connection; the Unix time at which the token ends, if it does.

        Raises `Unauthenticated`.
        """
        ...

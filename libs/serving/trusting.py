"""Which document a request means: its own text, or a registered one that it names by hash.

Two forms say the same: Apollo's `extensions.persistedQuery.sha256Hash`, and `documentId: "sha256:…"` of the
GraphQL over HTTP specification's proposal, which the transport turns into the first (docs/decisions/0021).
"""

from dataclasses import replace
from typing import Any, Final, Literal

from libs.errors.problems import Problem
from libs.reading.trusted import HASH, TrustedDocuments, hash_of
from libs.serving.problems import BadRequest
from libs.serving.service import GraphQLRequest

Mode = Literal["optional", "only"]
MODES: Final[tuple[Mode, ...]] = ("optional", "only")
EXTENSION: Final = "persistedQuery"


class DocumentNotRegistered(Problem):
    """No document has this hash. The code is the one that clients know."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(
            "このハッシュの文書は登録されていません。"
            "配備の際に tsunagari documents register で登録してください。",
            "No document has this hash. Register it at deploy: tsunagari documents register.",
        )


class RegistrationRefused(Problem):
    """A client sent text and hash to have them remembered; clients that know the code stop trying."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"

    def __init__(self) -> None:
        super().__init__(
            "クライアントからの自動登録は受け付けません。"
            "拡張 persistedQuery を外して送るか、"
            "配備の際に tsunagari documents register で登録してください。",
            "Clients cannot register documents. Send the text without persistedQuery, or register it at "
            "deploy: tsunagari documents register.",
        )


class DocumentNotTrusted(Problem):
    """This deployment answers registered documents only."""

    code = "DOCUMENT_NOT_TRUSTED"

    def __init__(self) -> None:
        super().__init__(
            "このサービスは登録済みの文書だけに答えます。"
            "配備の際に tsunagari documents register で登録し、そのハッシュを送ってください。",
            "Only registered documents are answered here. Register it at deploy (tsunagari documents "
            "register) and send its hash.",
        )


class Trust:
    """Finds a request's text. One for a process."""

    def __init__(self, documents: TrustedDocuments, mode: Mode) -> None:
        self._documents = documents
        self._mode = mode

    async def resolved(self, request: GraphQLRequest) -> GraphQLRequest:
        """The request with its text.

        Raises BadRequest, DocumentNotRegistered, RegistrationRefused, DocumentNotTrusted.
        """
        named = _named(request.extensions)
        if named is None:
            await self._check_text(request.query or "")
            return request
        text = await self._documents.text(named)
        if request.query is not None:
            _check_both(request.query, named, text)
        elif text is None:
            raise DocumentNotRegistered
        return replace(request, query=text)

    async def _check_text(self, text: str) -> None:
        if self._mode == "only" and await self._documents.text(hash_of(text)) is None:
            raise DocumentNotTrusted


def _check_both(query: str, hash: str, text: str | None) -> None:
    if hash_of(query) != hash:
        raise BadRequest(
            "persistedQueryのハッシュが文書と一致しません。",
            "The hash of persistedQuery is not that of the text.",
            field="extensions",
        )
    if text is None:
        raise RegistrationRefused


def _named(extensions: dict[str, Any] | None) -> str | None:
    if not extensions or EXTENSION not in extensions:
        return None
    match extensions[EXTENSION]:
        case {"version": 1, "sha256Hash": str(hash)} if HASH.fullmatch(hash):
            return hash
        case _:
            raise BadRequest(
                "persistedQueryは {version: 1, sha256Hash: 小文字16進64桁} の形で送ってください。",
                "persistedQuery is {version: 1, sha256Hash: 64 lower-case hex digits}.",
                field="extensions",
            )

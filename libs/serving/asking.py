"""From a request's headers to the one who asks: identity by the token, address by header, path or host."""

from libs.errors.problems import InvalidInput, Unauthenticated
from libs.observability.requests import current as current_record
from libs.reading import ids
from libs.serving.service import Caller
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.tokens.verify import TokenVerifier
from libs.tenancy.viewer import Viewer
from libs.tenancy.viewers import HEADER, Address, Viewers

ORGANISATION_PREFIX = "organisation"


class Callers:
    """Verifies callers. One for a process."""

    def __init__(self, verifier: TokenVerifier, viewers: Viewers) -> None:
        self._verifier = verifier
        self._viewers = viewers

    async def asking(self, caller: Caller) -> "Asking":
        """Raises Unauthenticated for a token that is not valid, InvalidInput for a garbled header."""
        identity = await self._identity(caller.authorization)
        return Asking(identity, _address(caller), self._viewers)

    async def _identity(self, authorization: str | None) -> Identity | None:
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("no bearer token")
        return await self._verifier.verify(token.strip())


class Asking:
    """One request's asker; the viewer is loaded when it is first needed."""

    def __init__(self, identity: Identity | None, address: Address, viewers: Viewers) -> None:
        self.identity = identity
        self._address = address
        self._viewers = viewers
        self._used: Viewer | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.identity is not None

    @property
    def expires_at(self) -> float | None:
        return None if self.identity is None else float(self.identity.expires_at)

    async def viewer(self) -> Viewer:
        viewer = self._used = await self._viewers.of(self.identity, self._address)
        record = current_record()
        if record is not None:
            record.tenant = str(viewer.tenant_id)
            record.person = None if viewer.person_id is None else str(viewer.person_id)
        return viewer

    async def fresh_viewer(self) -> Viewer:
        """Read from the database now: what writes must rest on."""
        self.forget_viewer()
        return await self.viewer()

    async def same_viewer(self) -> Viewer:
        """The one under whom this request has read; a fresh one where it has read nothing yet."""
        return self._used or await self.fresh_viewer()

    def forget_viewer(self) -> None:
        self._viewers.forget(self.identity, self._address)


def _address(caller: Caller) -> Address:
    if caller.acting_for is None:
        return Address(caller.tenant_hint)
    slug, _, organisation = caller.acting_for.partition("/")
    if caller.tenant_hint is not None and slug != caller.tenant_hint:
        raise InvalidInput(
            HEADER,
            f"URLのプラットフォームとヘッダー {HEADER} が食い違っています。どちらかに揃えてください。",
            f"The platform in the URL and in the header {HEADER} differ. Make them one.",
            detail="PLATFORM_MISMATCH",
        )
    if not organisation:
        return Address(slug)
    identity = ids.of_type(ORGANISATION_PREFIX, organisation, HEADER)
    if identity is None:
        raise InvalidInput(
            HEADER,
            f"ヘッダー {HEADER} の「/」の後には団体のIDを書いてください。",
            f"Behind the slash in {HEADER} stands the id of an organisation.",
            detail="MALFORMED_ID",
        )
    return Address(slug, identity)

"""Taking a signed token apart, strictly, before anything in it is believed (RFC 7515, 7519; RFC 8725)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any, NamedTuple

import msgspec

from libs.errors.problems import Unauthenticated

# Tokens of municipal identity providers are 1–2 KB; proxies in front of us cap whole headers at 8 KiB.
MAX_TOKEN_BYTES = 8 * 1024

# Seconds since 1970 (RFC 7519, 2), at most the year 9999: later than that, calendars overflow.
NumericDate = Annotated[float, msgspec.Meta(ge=0, le=253_402_300_799)]


class Header(msgspec.Struct, frozen=True):
    """What selects key and algorithm. `jku`, `x5u`, `x5c` and `jwk` are not read, so nobody follows them."""

    alg: str
    typ: str = ""
    kid: str | msgspec.UnsetType = msgspec.UNSET
    crit: Any = msgspec.UNSET

    @property
    def key_name(self) -> str | None:
        """The `kid`, if there is one."""
        return None if self.kid is msgspec.UNSET else self.kid


class Claims(msgspec.Struct, frozen=True):
    """The claims that decide, with the types that RFC 7519 gives them."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: NumericDate
    nbf: NumericDate | msgspec.UnsetType = msgspec.UNSET
    iat: NumericDate | msgspec.UnsetType = msgspec.UNSET
    cnf: Any = msgspec.UNSET
    events: Any = msgspec.UNSET


class UnverifiedToken(NamedTuple):
    """A token in parts. Nothing in it is proven; `claims.iss` may select where to look for keys, no more."""

    header: Header
    claims: Claims
    signed: bytes
    signature: bytes


_header = msgspec.json.Decoder(Header)
_claims = msgspec.json.Decoder(Claims)


def to_bytes(token: str) -> bytes:
    """The token as bytes, bounded. Raises Unauthenticated."""
    if len(token) > MAX_TOKEN_BYTES:
        raise Unauthenticated("too_large")
    try:
        return token.encode("ascii")
    except UnicodeEncodeError:
        raise Unauthenticated("malformed") from None


def read(token: bytes) -> UnverifiedToken:
    """Parse a compact JWS in its one canonical spelling. Raises Unauthenticated for anything else."""
    try:
        header, payload, signature = token.split(b".")
        return UnverifiedToken(
            _header.decode(_base64url(header)),
            _claims.decode(_base64url(payload)),
            header + b"." + payload,
            _base64url(signature),
        )
    except (ValueError, RecursionError):
        # from None: the cause carries pieces of the token
        raise Unauthenticated("malformed") from None


def _base64url(segment: bytes) -> bytes:
    """Decode without padding and without slack: one value has one spelling, so a token has no twins."""
    decoded = urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
    if urlsafe_b64encode(decoded).rstrip(b"=") != segment:
        raise ValueError
    return decoded

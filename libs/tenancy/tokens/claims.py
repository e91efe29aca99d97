"""What a token whose signature holds must still say before it names somebody (RFC 7519, 8725, 9068)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self
from unicodedata import category

import msgspec

from libs.errors.problems import Unauthenticated
from libs.tenancy.tokens.compact import Claims, Header
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.tokens.keys import ALGORITHMS, algorithm_name

MAX_SUBJECT_CHARACTERS = 255  # OpenID Connect Core, 2

# Control characters, lone surrogates, line and paragraph separators: they reach database and log otherwise.
_FORBIDDEN_IN_SUBJECTS = frozenset({"Cc", "Cs", "Zl", "Zp"})

# RFC 9068 access tokens, and plain JWT because Keycloak, Entra ID and others give their access tokens that
# type. An ID token may be such a JWT too: it is taken only where its audience is ours, that is, where the
# operator listed the sign-in client itself as our audience. Others (logout+jwt, dpop+jwt, …) are refused.
_TYPES = frozenset({"jwt", "at+jwt"})


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A verified identity and the moment from which its token counts (unix seconds, leeway included)."""

    identity: Identity
    valid_from: float

    @classmethod
    def of(cls, claims: Claims, *, audiences: Collection[str], leeway: int) -> Self:
        """Raises Unauthenticated where the claims do not name a person to us; time is `at`'s matter."""
        _check_use(claims)
        _check_audience(claims, audiences)
        _check_subject(claims.sub)
        starts = [at for at in (claims.nbf, claims.iat) if at is not msgspec.UNSET]
        return cls(Identity(claims.iss, claims.sub, int(claims.exp)), max(starts, default=0.0) - leeway)

    def at(self, now: float) -> Identity:
        """The identity, if `now` lies within the token's time. No leeway at the end: expired is expired."""
        if now >= self.identity.expires_at:
            raise Unauthenticated("expired")
        if now < self.valid_from:
            raise Unauthenticated("not_yet_valid")
        return self.identity


def check_header(header: Header) -> str:
    """The algorithm that the header claims; the key decides whether it holds. Raises Unauthenticated."""
    algorithm = algorithm_name(header.alg)
    if algorithm not in ALGORITHMS:
        raise Unauthenticated("algorithm_not_allowed")
    if header.crit is not msgspec.UNSET:
        raise Unauthenticated("critical_header")
    if header.typ.lower().removeprefix("application/") not in _TYPES:
        raise Unauthenticated("wrong_type")
    return algorithm


def _check_use(claims: Claims) -> None:
    if claims.cnf is not msgspec.UNSET:
        # Bound to a key that its holder must prove (RFC 8705, 9449); a bearer header proves nothing.
        raise Unauthenticated("sender_constrained")
    if claims.events is not msgspec.UNSET:
        raise Unauthenticated(
            "wrong_type"
        )  # a security event or logout token (RFC 8417), whatever its typ says


def _check_audience(claims: Claims, audiences: Collection[str]) -> None:
    named = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    if not any(audience in audiences for audience in named):
        raise Unauthenticated("wrong_audience")


def _check_subject(subject: str) -> None:
    if not 0 < len(subject) <= MAX_SUBJECT_CHARACTERS:
        raise Unauthenticated("bad_subject")
    if any(category(character) in _FORBIDDEN_IN_SUBJECTS for character in subject):
        raise Unauthenticated("bad_subject")

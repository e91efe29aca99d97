"""An issuer's public keys, each bound to the one algorithm that it may verify (RFC 8725, 3.1 and 3.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self, cast

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from joserfc.jws import JWSRegistry
from joserfc.util import base64_to_int

RSA_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
CURVE_ALGORITHMS = {
    ("EC", "P-256"): "ES256",
    ("EC", "P-384"): "ES384",
    ("EC", "P-521"): "ES512",
    ("OKP", "Ed25519"): "Ed25519",
}
ALGORITHMS = RSA_ALGORITHMS | frozenset(CURVE_ALGORITHMS.values())

# OpenID Connect's default where an RSA key does not name its algorithm (Discovery 1.0, 3).
_RSA_DEFAULT = "RS256"
# NIST SP 800-131A at the low end; at the high end verifying would cost us more than it costs the sender.
_RSA_BITS = range(2048, 8192 + 1)
_PUBLIC_MEMBERS = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}
_REGISTRY = JWSRegistry(algorithms=ALGORITHMS)


def algorithm_name(alg: str) -> str:
    """The present name of an algorithm: RFC 9864 replaced the ambiguous `EdDSA` by `Ed25519`."""
    return "Ed25519" if alg == "EdDSA" else alg


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """One public key. Keys are equal when name, algorithm and key material are."""

    kid: str | None
    algorithm: str
    thumbprint: str
    key: Key = field(compare=False, repr=False)

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """Whether the private half of this key made `signature` over `signed`, by this key's algorithm."""
        return _REGISTRY.get_alg(self.algorithm).verify(signed, signature, self.key)


@dataclass(frozen=True, slots=True)
class IssuerKeys:
    """All keys with which an issuer signs at present."""

    keys: frozenset[VerificationKey]

    @classmethod
    def from_jwks(cls, members: Iterable[Mapping[str, object]]) -> Self:
        """The usable ones of a key set's `keys`; those not understood are passed over (RFC 7517, 5)."""
        read = (_verification_key(member) for member in members)
        return cls(frozenset(key for key in read if key is not None))

    def named(self, kid: str | None) -> list[VerificationKey]:
        """The keys called `kid`; a token may leave it out where there is but one key (Core 1.0, 10.1)."""
        if kid is None:
            return list(self.keys) if len(self.keys) == 1 else []
        return [key for key in self.keys if key.kid == kid]


def _verification_key(jwk: Mapping[str, object]) -> VerificationKey | None:
    algorithm = _algorithm(jwk)
    if algorithm is None or not _is_for_signatures(jwk) or _is_private(jwk):
        return None
    key = _import(jwk)
    kid = jwk.get("kid")
    if key is None or not isinstance(kid, str | None):
        return None
    return VerificationKey(kid, algorithm, key.thumbprint(), key)


def _algorithm(jwk: Mapping[str, object]) -> str | None:
    named = jwk.get("alg")
    named = algorithm_name(named) if isinstance(named, str) else None
    if jwk.get("kty") == "RSA":
        return named if named in RSA_ALGORITHMS else None if "alg" in jwk else _RSA_DEFAULT
    by_curve = CURVE_ALGORITHMS.get((str(jwk.get("kty")), str(jwk.get("crv"))))
    return by_curve if "alg" not in jwk or named == by_curve else None


def _is_for_signatures(jwk: Mapping[str, object]) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    return jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations


def _is_private(jwk: Mapping[str, object]) -> bool:
    """A key whose private half was published proves nothing any more."""
    return "d" in jwk


def _import(jwk: Mapping[str, object]) -> Key | None:
    kty = str(jwk["kty"])
    members = {name: jwk.get(name) for name in _PUBLIC_MEMBERS[kty]}
    if not all(isinstance(value, str) for value in members.values()):
        return None
    texts = cast("dict[str, str]", members)
    try:
        if kty == "RSA" and base64_to_int(texts["n"]).bit_length() not in _RSA_BITS:
            return None
        return JWKRegistry.import_key({"kty": kty, **texts})
    except (JoseError, ValueError, UnsupportedAlgorithm):
        return None

"""Which published keys count, and for which algorithm."""

from typing import Any

import pytest

from libs.tenancy.tokens.keys import IssuerKeys
from tests.tenancy.tokens.signing import ec_key, ed_key, public, refusal, rsa_key, token, verifier_of

EC, RSA, ED = ec_key(), rsa_key(), ed_key()


def algorithms(*members: dict[str, Any]) -> list[str]:
    return sorted(key.algorithm for key in IssuerKeys.from_jwks(members).keys)


@pytest.mark.parametrize(
    ("jwk", "algorithm"),
    [
        (public(EC), "ES256"),
        (public(EC, alg="ES256", use="sig", key_ops=["verify"]), "ES256"),
        (public(RSA), "RS256"),
        (public(RSA, alg="PS512", x5c=["not read"], x5t=3), "PS512"),
        (public(ED), "Ed25519"),
        (public(ED, alg="EdDSA"), "Ed25519"),
    ],
)
def test_a_usable_key_has_one_algorithm(jwk: dict[str, Any], algorithm: str):
    assert algorithms(jwk) == [algorithm]


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "x"},
        {"kty": "AKP", "alg": "ML-DSA-65", "pub": "AA"},
        public(EC, use="enc"),
        public(EC, key_ops=["sign"]),
        public(EC, key_ops="verify"),
        public(EC, alg="ES384"),
        public(EC, alg="HS256"),
        public(EC, alg=None),
        public(EC, crv="P-999"),
        public(EC, crv="secp256k1"),
        public(EC, x=public(ec_key())["x"]),
        public(EC, x="***"),
        public(EC, y=None),
        public(EC, kid=7),
        EC.as_dict(private=True),
        public(RSA, alg="none"),
        public(RSA, alg="RSA-OAEP"),
        public(RSA, n="AQAB"),
        public(RSA, n="A" * 200 + public(RSA)["n"][-142:]),
        public(RSA, n="_" * 1400),
        public(RSA, n=""),
        public(RSA, e="AA"),
        public(ED, crv="X25519"),
        public(ED, x="AA"),
    ],
)
def test_an_unusable_key_is_passed_over_and_its_neighbours_stay(jwk: dict[str, Any]):
    assert algorithms(jwk) == []
    assert algorithms(public(EC), jwk, public(RSA)) == ["ES256", "RS256"]


async def test_a_token_without_key_name_is_taken_only_from_an_issuer_with_one_key():
    nameless = token(EC, head={"kid": None})
    assert await verifier_of(public(EC)).verify(nameless)
    assert await refusal(verifier_of(public(EC), public(RSA)), nameless) == "unknown_key"


async def test_one_name_for_two_kinds_of_keys_leads_to_the_right_one():
    ec, rsa = public(EC, kid="2026"), public(RSA, kid="2026")
    verifier = verifier_of(ec, rsa)
    assert await verifier.verify(token(EC, head={"kid": "2026"}))
    assert await verifier.verify(token(RSA, "RS256", head={"kid": "2026"}))

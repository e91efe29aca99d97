"""Nobody but the issuer's key makes a token: changes, borrowed signatures, confusions are refused."""

import hmac
import json
import string
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey

from libs.errors.problems import Unauthenticated
from tests.tenancy.tokens.signing import (
    AUDIENCE,
    NOW,
    Clock,
    Provider,
    base64url,
    claims,
    compact,
    ec_key,
    ed_key,
    header,
    public,
    refusal,
    rsa_key,
    token,
    verifier_of,
)

KEY = ec_key()
GOOD = token(KEY)
OTHER = token(KEY, sub="haru", exp=NOW + 7200)
VERIFIER = verifier_of(public(KEY))
ALPHABET = string.ascii_letters + string.digits + "-_"
SIGNERS = {
    "RS256": rsa_key(),
    "RS384": rsa_key("rsa384"),
    "PS256": rsa_key("pss"),
    "ES256": ec_key(),
    "ES384": ec_key("ec384", "P-384"),
    "ES512": ec_key("ec521", "P-521"),
    "Ed25519": ed_key(),
}


async def test_a_change_of_any_one_character_is_refused():
    assert await VERIFIER.verify(GOOD)
    reasons = Counter[str]()
    for at, character in enumerate(GOOD):
        # a neighbour differs in the lowest bit only, where base64 may have slack
        near = ALPHABET[(ALPHABET.find(character) + 1) % len(ALPHABET)]
        for other in {near, "A", "_", ".", "="} - {character}:
            reasons[await refusal(VERIFIER, GOOD[:at] + other + GOOD[at + 1 :])] += 1
    assert reasons["bad_signature"] > 300, "many of them leave a readable token"


@pytest.mark.parametrize(
    "changes",
    [{"sub": "haru"}, {"exp": NOW + 9999}, {"aud": [AUDIENCE, "more"]}, {"role": "admin"}, {"iat": None}],
)
async def test_claims_written_anew_under_the_old_signature_are_refused(changes: dict[str, Any]):
    head, _, signature = GOOD.split(".")
    body = base64url(json.dumps(claims(**changes)).encode())
    assert await refusal(VERIFIER, f"{head}.{body}.{signature}") == "bad_signature"
    assert await VERIFIER.verify(token(KEY, **changes)), "the same claims, signed"


@pytest.mark.parametrize("changes", [{"typ": "JWT"}, {"kid": KEY.kid, "more": 1}])
async def test_a_header_written_anew_over_the_old_signature_is_refused(changes: dict[str, Any]):
    _, body, signature = GOOD.split(".")
    head = base64url(json.dumps(header(KEY, changes=changes)).encode())
    assert await refusal(VERIFIER, f"{head}.{body}.{signature}") == "bad_signature"
    assert await VERIFIER.verify(token(KEY, head=changes)), "the same header, signed"


@settings(max_examples=200, deadline=None)
@given(st.data())
async def test_no_splice_of_two_good_tokens_is_a_token(data: st.DataObject):
    parts = [data.draw(st.sampled_from(pair)) for pair in zip(GOOD.split("."), OTHER.split("."), strict=True)]
    spliced = ".".join(parts)
    assume(spliced not in {GOOD, OTHER})
    assert await refusal(VERIFIER, spliced) == "bad_signature"


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.text(alphabet=ALPHABET, max_size=80), min_size=3, max_size=3).map(".".join),
        st.tuples(st.integers(0, len(GOOD)), st.text(min_size=1, max_size=9)).map(
            lambda it: GOOD[: it[0]] + it[1] + GOOD[it[0] :]
        ),
    )
)
async def test_whatever_comes_is_refused_and_never_breaks(text: str):
    with pytest.raises(Unauthenticated):
        await VERIFIER.verify(text)


@pytest.mark.parametrize("alg", SIGNERS)
async def test_each_asymmetric_algorithm_works_and_a_stranger_of_the_same_kind_does_not(alg: str):
    key = SIGNERS[alg]
    verifier = verifier_of(public(key, alg=alg))
    assert await verifier.verify(token(key, alg))
    stranger = {"RSA": rsa_key("stranger"), "OKP": ed_key()}.get(key.key_type) or ec_key(
        curve=str(key.get("crv"))
    )
    forged = compact(header(key, alg), claims(), stranger, alg)
    assert await refusal(verifier, forged) == "bad_signature"


@pytest.mark.parametrize("said", [alg for alg in SIGNERS if alg != "ES256"])
async def test_the_key_decides_the_algorithm_not_the_header(said: str):
    assert await refusal(VERIFIER, token(KEY, head={"alg": said})) == "algorithm_mismatch"


async def test_an_rsa_key_has_one_algorithm_only():
    key = rsa_key()
    by_default, pss = verifier_of(public(key)), verifier_of(public(key, alg="PS256"))
    assert await by_default.verify(token(key, "RS256"))
    assert await refusal(by_default, token(key, "PS256")) == "algorithm_mismatch"
    assert await pss.verify(token(key, "PS256"))
    assert await refusal(pss, token(key, "RS256")) == "algorithm_mismatch"


async def test_the_old_name_of_ed25519_is_understood():
    key = ed_key()
    old = compact(header(key, "EdDSA"), claims(), key, "Ed25519")
    for named in ({}, {"alg": "EdDSA"}, {"alg": "Ed25519"}):
        assert await verifier_of(public(key, **named)).verify(old)


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("key", [KEY, rsa_key()], ids=["EC", "RSA"])
async def test_the_public_key_is_no_shared_secret(alg: str, key: ECKey | RSAKey):
    for secret in (key.as_pem(), key.as_pem().strip(), key.as_der(), str(public(key)).encode()):
        # signed by hand: joserfc itself declines to make such a forgery
        signed = compact(header(key, alg), claims(), KEY).rpartition(".")[0]
        signature = hmac.digest(secret, signed.encode(), "sha" + alg.removeprefix("HS"))
        forged = f"{signed}.{base64url(signature)}"
        assert await refusal(verifier_of(public(key)), forged) == "algorithm_not_allowed"


async def test_unsigned_tokens_are_refused_however_they_are_spelt():
    for name in ("none", "None", "NONE", "nOnE"):
        unsigned = token(KEY, head={"alg": name}).rpartition(".")[0] + "."
        assert await refusal(VERIFIER, unsigned) == "algorithm_not_allowed"


async def test_keys_that_a_token_brings_along_are_neither_used_nor_fetched():
    stranger = ec_key()  # the same kid, so that only the key material differs
    brought = {
        "jwk": public(stranger),
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/chain",
        "x5c": ["MIIB"],
    }
    provider = Provider(public(KEY))
    verifier = provider.verifier(Clock())
    assert await verifier.verify(token(KEY, head=brought)), "a good token may carry them"
    forged = compact(header(KEY, changes=brought), claims(), stranger)
    assert await refusal(verifier, forged) == "bad_signature"
    assert not [url for url in provider.asked if "evil" in url]

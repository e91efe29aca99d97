"""Each rule of verification: a token that breaks it alone is refused, without the breach it is not."""

from typing import Any

import pytest

from libs.errors.problems import InvalidInput, Unauthenticated
from libs.tenancy.tokens.claims import Acceptance
from libs.tenancy.tokens.compact import MAX_TOKEN_BYTES, Claims
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.tokens.issuers import TrustedIssuer
from tests.tenancy.tokens.signing import (
    AUDIENCE,
    ISSUER,
    NOW,
    Clock,
    claims,
    compact,
    ec_key,
    header,
    public,
    refusal,
    token,
    verifier_of,
)

KEY = ec_key()
LEEWAY = 30


def verifier(**options: Any):
    return verifier_of(public(KEY), leeway=LEEWAY, **options)


async def test_a_good_token_names_its_person():
    assert await verifier().verify(token(KEY)) == Identity(ISSUER, "ines", NOW + 3600)


BREACHES: list[tuple[str, dict[str, Any], str]] = [
    ("another issuer", {"iss": "https://login.nara.example"}, "untrusted_issuer"),
    ("the issuer with a slash more", {"iss": ISSUER + "/"}, "untrusted_issuer"),
    ("the issuer in capitals", {"iss": ISSUER.upper()}, "untrusted_issuer"),
    ("no issuer", {"iss": None}, "malformed"),
    ("another audience", {"aud": "https://api.other.example"}, "wrong_audience"),
    ("a longer audience", {"aud": AUDIENCE + "/admin"}, "wrong_audience"),
    ("others in the audience list", {"aud": ["account", "portal"]}, "wrong_audience"),
    ("an empty audience list", {"aud": []}, "wrong_audience"),
    ("no audience", {"aud": None}, "malformed"),
    ("an audience of numbers", {"aud": [1]}, "malformed"),
    ("no end", {"exp": None}, "malformed"),
    ("an end in words", {"exp": str(NOW + 60)}, "malformed"),
    ("an end that is true", {"exp": True}, "malformed"),
    ("an end beyond calendars", {"exp": 10**15}, "malformed"),
    ("an end before the beginning of time", {"exp": -1}, "malformed"),
    ("the end just reached", {"exp": NOW}, "expired"),
    ("the end long past", {"exp": NOW - 86_400}, "expired"),
    ("a start beyond leeway", {"nbf": NOW + LEEWAY + 1}, "not_yet_valid"),
    ("issued beyond leeway", {"iat": NOW + LEEWAY + 1}, "not_yet_valid"),
    ("a start in words", {"nbf": "now"}, "malformed"),
    ("no subject", {"sub": None}, "malformed"),
    ("a subject that is a number", {"sub": 7}, "malformed"),
    ("an empty subject", {"sub": ""}, "bad_subject"),
    ("a subject too long", {"sub": "x" * 256}, "bad_subject"),
    ("a line feed in the subject", {"sub": "ines\nadmin"}, "bad_subject"),
    ("a NUL in the subject", {"sub": "ines\0"}, "bad_subject"),
    ("a delete in the subject", {"sub": "ines\x7f"}, "bad_subject"),
    ("a C1 control in the subject", {"sub": "ines\x85"}, "bad_subject"),
    ("a line separator in the subject", {"sub": "ines\u2028"}, "bad_subject"),
    ("a lone surrogate in the subject", {"sub": "ines\ud800"}, "malformed"),
    ("bound to its holder's key", {"cnf": {"jkt": "x"}}, "sender_constrained"),
    ("a logout token", {"events": {}}, "wrong_type"),
]


@pytest.mark.parametrize(("changes", "reason"), [it[1:] for it in BREACHES], ids=[it[0] for it in BREACHES])
async def test_a_breach_in_the_claims_is_refused(changes: dict[str, Any], reason: str):
    assert await verifier().verify(token(KEY))
    assert await refusal(verifier(), token(KEY, **changes)) == reason


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["account", AUDIENCE]},
        {"exp": NOW + 1},
        {"exp": NOW + 1.5},
        {"nbf": NOW + LEEWAY},
        {"iat": NOW + LEEWAY},
        {"iat": None},
        {"sub": "x" * 255},
        {"sub": "生駒 市民😀"},
        {"scope": "openid", "nonce": "n", "groups": [{"a": 1}]},
    ],
)
async def test_what_comes_close_to_a_breach_is_accepted(changes: dict[str, Any]):
    assert (await verifier().verify(token(KEY, **changes))).subject == changes.get("sub", "ines")


HEADER_BREACHES: list[tuple[dict[str, Any], str]] = [
    ({"typ": None}, "wrong_type"),
    ({"typ": "logout+jwt"}, "wrong_type"),
    ({"typ": "dpop+jwt"}, "wrong_type"),
    ({"typ": "JWE"}, "wrong_type"),
    ({"typ": 1}, "malformed"),
    ({"crit": ["exp"]}, "critical_header"),
    ({"crit": []}, "critical_header"),
    ({"crit": ["b64"], "b64": False}, "critical_header"),
    ({"kid": "another"}, "unknown_key"),
    ({"kid": 5}, "malformed"),
    ({"kid": ""}, "unknown_key"),
    ({"alg": None}, "malformed"),
    ({"alg": "none"}, "algorithm_not_allowed"),
    ({"alg": "None"}, "algorithm_not_allowed"),
    ({"alg": ""}, "algorithm_not_allowed"),
    ({"alg": "ES256K"}, "algorithm_not_allowed"),
    ({"alg": "es256"}, "algorithm_not_allowed"),
    ({"alg": "HS256"}, "algorithm_not_allowed"),
    ({"alg": "dir"}, "algorithm_not_allowed"),
    ({"alg": "ES384"}, "algorithm_mismatch"),
    ({"alg": "RS256"}, "algorithm_mismatch"),
]


@pytest.mark.parametrize(("changes", "reason"), HEADER_BREACHES)
async def test_a_breach_in_the_header_is_refused(changes: dict[str, Any], reason: str):
    assert await verifier().verify(token(KEY))
    assert await refusal(verifier(), token(KEY, head=changes)) == reason


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "application/JWT"])
async def test_the_types_of_access_tokens_are_accepted(kind: str):
    assert await verifier().verify(token(KEY, head={"typ": kind}))


async def test_an_id_token_counts_only_where_its_client_is_our_audience():
    id_token = token(KEY, head={"typ": "JWT"}, aud="portal", nonce="n", auth_time=NOW - 60)
    assert await refusal(verifier(), id_token) == "wrong_audience"
    portal = TrustedIssuer(ISSUER, "portal", {"keys": [public(KEY)]})
    assert await type(verifier())([portal], clock=Clock()).verify(id_token)


async def test_one_issuer_may_know_us_by_several_audiences():
    keys = {"keys": [public(KEY)]}
    both = type(verifier())([TrustedIssuer(ISSUER, it, keys) for it in ("ikoma", "nara")], clock=Clock())
    for audience in ("ikoma", "nara"):
        assert await both.verify(token(KEY, aud=audience))
    assert await refusal(both, token(KEY, aud="kyoto")) == "wrong_audience"


async def test_the_size_is_bounded_before_anything_is_parsed():
    room = MAX_TOKEN_BYTES - len(token(KEY, fill=""))
    largest = next(
        it for n in range(room * 3 // 4 + 4, 0, -1) if len(it := token(KEY, fill="x" * n)) <= MAX_TOKEN_BYTES
    )
    assert len(largest) > MAX_TOKEN_BYTES - 4
    assert await verifier().verify(largest)
    assert await refusal(verifier(), largest + "AAAA") == "too_large"
    assert await refusal(verifier(), "x" * 10_000_000) == "too_large"


SHAPES = [
    "",
    ".",
    "..",
    "...",
    "x",
    "Bearer x",
    "a.b.c",
    "e30.e30.",
    "e30.e30.e30",
    "bnVsbA.bnVsbA.",
    "W10.W10.W10",
    "é.é.é",
    "\ud800.\ud800.\ud800",
    "\0",
]


@pytest.mark.parametrize("shape", SHAPES)
async def test_what_is_no_token_is_malformed(shape: str):
    assert await refusal(verifier(), shape) == "malformed"


async def test_encrypted_detached_and_joined_tokens_are_malformed():
    good = token(KEY)
    head, body, signature = good.split(".")
    assert await verifier().verify(good)
    for other in (
        f"{head}..{signature}",
        f"{good}.e30.e30",
        f"{good}.",
        f".{good}",
        f"{good},{good}",
        f" {good}",
    ):
        assert await refusal(verifier(), other) == "malformed"
    assert await refusal(verifier(), f"{head}.{body}.") == "bad_signature"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"ines"',
        b"{",
        b"\xff\xfe",
        b'{"iss":"\xff"}',
        b'{"a":' + b"[" * 2900 + b"]" * 2900 + b"}",
        b'{"exp":' + b"9" * 5000 + b"}",
        b'{"exp":NaN}',
    ],
)
async def test_a_signed_payload_that_is_no_set_of_claims_is_malformed(body: bytes):
    assert await refusal(verifier(), compact(header(KEY), body, KEY)) == "malformed"
    assert await refusal(verifier(), compact(body, claims(), KEY)) == "malformed"


def test_a_lone_surrogate_is_refused_even_if_a_parser_lets_it_through():
    for subject in ("ines\ud800", "\udfff"):
        with pytest.raises(Unauthenticated) as refused:
            Acceptance.of(Claims(ISSUER, subject, AUDIENCE, NOW + 1.0), audiences={AUDIENCE}, leeway=0)
        assert refused.value.reason == "bad_subject"
    good = Claims(ISSUER, "ines", AUDIENCE, NOW + 1.0)
    assert Acceptance.of(good, audiences={AUDIENCE}, leeway=0).at(NOW).subject == "ines"


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "login.ikoma.example",
        "http://login.ikoma.example",
        "http://10.0.0.1",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "ftp://login.ikoma.example",
        "https://user:secret@login.ikoma.example",
        "https://login.ikoma.example?x=1",
        "https://login.ikoma.example#x",
        "https://login.ikoma.example:port",
        "https://login.ikoma.example/\n",
        "https://",
        "https://[::1",
    ],
)
def test_an_issuer_that_cannot_be_trusted_is_not_listed(issuer: str):
    with pytest.raises(InvalidInput):
        TrustedIssuer(issuer, AUDIENCE)


@pytest.mark.parametrize(
    "issuer", [ISSUER, "http://127.0.0.1:9000", "http://localhost:9000/x", "http://[::1]:1"]
)
def test_https_and_loopback_issuers_are_listed(issuer: str):
    assert TrustedIssuer(issuer, AUDIENCE).issuer == issuer


def test_an_issuer_needs_an_audience_and_one_set_of_keys():
    with pytest.raises(InvalidInput):
        TrustedIssuer(ISSUER, "")
    with pytest.raises(InvalidInput):
        type(verifier())([TrustedIssuer(ISSUER, "a", {"keys": []}), TrustedIssuer(ISSUER, "b")])
    with pytest.raises(InvalidInput):
        type(verifier())([TrustedIssuer(ISSUER, "a", {"keys": "none"})])

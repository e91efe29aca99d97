"""The demo's issuer: its tokens are real, its key stays private, and nothing else can pass for it."""

import os
import threading
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import ECKey, RSAKey

from libs.errors.problems import InvalidInput
from libs.tenancy.tokens.embedded_issuer import EMBEDDED_ISSUER_PREFIX, KEY_FILE, EmbeddedIssuer
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.tokens.issuers import TrustedIssuer
from libs.tenancy.tokens.verify import TokenVerifier
from tests.tenancy.tokens.signing import AUDIENCE, NOW, Clock, refusal

NAME = EMBEDDED_ISSUER_PREFIX + "demo"


def verifier(issuer: EmbeddedIssuer) -> TokenVerifier:
    return TokenVerifier([TrustedIssuer(issuer.issuer, AUDIENCE, issuer.key_set())], clock=Clock())


def signed(issuer: EmbeddedIssuer) -> str:
    return issuer.sign("ines", audience=AUDIENCE, lifetime=600, now=NOW)


async def test_its_tokens_are_accepted_where_its_keys_are_known(tmp_path: Path):
    issuer = EmbeddedIssuer.load_or_create(tmp_path, NAME)
    assert await verifier(issuer).verify(signed(issuer)) == Identity(NAME, "ines", NOW + 600)
    assert (
        await refusal(verifier(issuer), issuer.sign("ines", audience="x", lifetime=600, now=NOW))
        == "wrong_audience"
    )


async def test_the_next_start_has_the_same_key_and_another_folder_has_not(tmp_path: Path):
    first = EmbeddedIssuer.load_or_create(tmp_path / "a", NAME)
    again = EmbeddedIssuer.load_or_create(tmp_path / "a", NAME)
    other = EmbeddedIssuer.load_or_create(tmp_path / "b", NAME)
    assert first.key_set() == again.key_set()
    assert await verifier(again).verify(signed(first))
    assert await refusal(verifier(other), signed(first)) == "unknown_key"


async def test_it_can_be_read_by_discovery(tmp_path: Path):
    issuer = EmbeddedIssuer.load_or_create(tmp_path, NAME)
    documents = {
        NAME + "/.well-known/openid-configuration": issuer.discovery(),
        issuer.discovery()["jwks_uri"]: issuer.key_set(),
    }
    transport = httpx.MockTransport(lambda asked: httpx.Response(200, json=documents[str(asked.url)]))
    trusted = [TrustedIssuer(NAME, AUDIENCE)]
    discovering = TokenVerifier(trusted, client=httpx.AsyncClient(transport=transport), clock=Clock())
    assert await discovering.verify(signed(issuer))


def test_only_the_public_half_is_shown(tmp_path: Path):
    shown = EmbeddedIssuer.load_or_create(tmp_path, NAME).key_set()["keys"]
    assert [set(key) for key in shown] == [{"kty", "crv", "x", "y", "kid", "alg", "use"}]


def test_the_key_file_is_the_owners_alone_whatever_the_umask(tmp_path: Path):
    before = os.umask(0)
    try:
        EmbeddedIssuer.load_or_create(tmp_path / "new", NAME)
    finally:
        os.umask(before)
    assert (tmp_path / "new" / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_starts_at_the_same_time_end_with_one_key_and_no_litter(tmp_path: Path):
    start, issuers = threading.Barrier(8), list[EmbeddedIssuer]()

    def begin() -> None:
        start.wait()
        issuers.append(EmbeddedIssuer.load_or_create(tmp_path, NAME))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(issuers) == 8
    assert all(it.key_set() == issuers[0].key_set() for it in issuers)
    assert [it.name for it in tmp_path.iterdir()] == [KEY_FILE]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path):
    EmbeddedIssuer.load_or_create(tmp_path, NAME)
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(InvalidInput):
        EmbeddedIssuer.load_or_create(tmp_path, NAME)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a key",
        ECKey.generate_key("P-256").as_pem(private=False),
        ECKey.generate_key("P-384").as_pem(private=True),
        RSAKey.generate_key(2048).as_pem(private=True),
    ],
    ids=["empty", "text", "public", "another curve", "RSA"],
)
def test_a_file_that_is_no_such_key_is_refused_and_left_alone(tmp_path: Path, content: bytes):
    path = tmp_path / KEY_FILE
    path.touch(mode=0o600)
    path.write_bytes(content)
    with pytest.raises(InvalidInput):
        EmbeddedIssuer.load_or_create(tmp_path, NAME)
    assert path.read_bytes() == content


def test_it_cannot_take_the_name_of_a_real_issuer(tmp_path: Path):
    for name in ("https://login.ikoma.example", "http://127.0.0.1:8000", EMBEDDED_ISSUER_PREFIX[:-1]):
        with pytest.raises(InvalidInput):
            EmbeddedIssuer.load_or_create(tmp_path, name)

"""What an issuer may answer when it is asked for its keys."""

import asyncio
import gzip
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from libs.tenancy.tokens import discovery
from libs.tenancy.tokens.discovery import MAX_DOCUMENT_BYTES, KeysUnavailable, fetch_keys
from tests.tenancy.tokens.signing import ISSUER, Clock, Provider, client_of, ec_key, public, refusal, token

KEY = ec_key()
BEARER = token(KEY)
KEYS = json.dumps({"keys": [public(KEY)]}).encode()


def answering(**changes: Any) -> Provider:
    provider = Provider(public(KEY))
    provider.metadata |= changes
    return provider


def serving(**reply: Any) -> Provider:
    """A provider whose key set is answered with `reply`."""
    provider = answering()
    status = reply.pop("status", 200)
    provider.override = lambda asked: (
        httpx.Response(status, **reply) if str(asked.url) == provider.metadata["jwks_uri"] else None
    )
    return provider


async def outcome(provider: Provider) -> str:
    """The reason of the refusal; before it, the fetch itself must have failed in the one way it may."""
    with pytest.raises(KeysUnavailable):
        await fetch_keys(client_of(provider), provider.issuer)
    return await refusal(provider.verifier(Clock()), BEARER)


@pytest.mark.parametrize("where", [ISSUER + "/keys", "https://keys.elsewhere.example/jwks?v=1"])
async def test_keys_may_lie_anywhere_behind_https(where: str):
    assert await answering(jwks_uri=where).verifier(Clock()).verify(BEARER)


@pytest.mark.parametrize(
    "where",
    [
        "http://login.ikoma.example/keys",
        "http://127.0.0.1/keys",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://user:secret@login.ikoma.example/keys",
        "/keys",
        "",
    ],
)
async def test_keys_of_an_https_issuer_are_fetched_from_nowhere_else(where: str):
    provider = answering(jwks_uri=where)
    assert await outcome(provider) == "issuer_unreachable"
    assert set(provider.asked) == {ISSUER + "/.well-known/openid-configuration"}


@pytest.mark.parametrize("named", [ISSUER + "/", "https://login.nara.example", ""])
async def test_the_document_must_be_the_issuers_own(named: str):
    assert await outcome(answering(issuer=named)) == "issuer_unreachable"


async def test_a_loopback_issuer_may_use_http():
    provider = Provider(public(KEY), issuer="http://127.0.0.1:9999/oidc/")
    provider.metadata["jwks_uri"] = "http://127.0.0.1:9999/keys"
    provider.override = lambda asked: (
        httpx.Response(200, json=provider.metadata) if "well-known" in str(asked.url) else None
    )
    assert await provider.verifier(Clock()).verify(token(KEY, iss=provider.issuer))
    assert provider.asked[0] == "http://127.0.0.1:9999/oidc/.well-known/openid-configuration"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirects_are_not_followed_even_by_a_client_that_would(status: int):
    provider = serving(status=status, headers={"location": "https://evil.example/keys"})
    assert await outcome(provider) == "issuer_unreachable"
    assert not [url for url in provider.asked if "evil" in url]


@pytest.mark.parametrize("status", [204, 404, 500])
async def test_other_statuses_bring_no_keys(status: int):
    assert await outcome(serving(status=status, content=KEYS)) == "issuer_unreachable"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"keys":{}}',
        b'{"keys":["x"]}',
        b"\xff",
        b"<html>",
        b'{"x":' + b"[" * 100_000,
        KEYS[:-1],
    ],
)
async def test_what_is_no_key_set_brings_no_keys(body: bytes):
    assert await serving(content=KEYS).verifier(Clock()).verify(BEARER)
    assert await outcome(serving(content=body)) == "issuer_unreachable"


async def test_documents_are_bounded_in_size():
    largest = KEYS + b" " * (MAX_DOCUMENT_BYTES - len(KEYS))
    assert await serving(content=largest).verifier(Clock()).verify(BEARER)
    assert await outcome(serving(content=largest + b" ")) == "issuer_unreachable"


async def test_an_endless_document_is_left_at_the_bound():
    sent = 0

    async def endless():
        nonlocal sent
        while True:
            sent += 1024
            yield b" " * 1024

    assert await outcome(serving(content=endless())) == "issuer_unreachable"
    assert sent <= 2 * (MAX_DOCUMENT_BYTES + 1024), "of the two fetches each stopped there"


async def test_compressed_documents_are_neither_asked_for_nor_unpacked():
    packed = serving(content=gzip.compress(KEYS), headers={"content-encoding": "gzip"})
    assert await outcome(packed) == "issuer_unreachable"


async def test_documents_are_bounded_in_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(discovery, "FETCH_SECONDS", 0.05)
    provider = answering()
    provider.open.clear()
    assert await asyncio.wait_for(outcome(provider), 10) == "issuer_unreachable"


def raising(error: Exception) -> Callable[[httpx.Request], httpx.Response | None]:
    def fail(_: httpx.Request) -> httpx.Response | None:
        raise error

    return fail


@pytest.mark.parametrize(
    "error", [httpx.ConnectTimeout("x"), httpx.RemoteProtocolError("x"), httpx.InvalidURL("x"), OSError("x")]
)
async def test_whatever_breaks_on_the_way_is_a_refusal_not_a_fault(error: Exception):
    provider = answering()
    provider.override = raising(error)
    assert await outcome(provider) == "issuer_unreachable"

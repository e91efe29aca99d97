"""What the token tests sign with: keys, raw tokens of any shape, and an OpenID provider in memory."""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from libs.errors.problems import Unauthenticated
from libs.tenancy.tokens.issuers import TrustedIssuer
from libs.tenancy.tokens.verify import TokenVerifier

ISSUER = "https://login.ikoma.example/realms/tsunagari"
AUDIENCE = "https://api.tsunagari.example"
NOW = 1_800_000_000

_EVERY = JWSRegistry(
    algorithms=["RS256", "RS384", "PS256", "ES256", "ES384", "ES512", "Ed25519", "HS256", "HS384", "HS512"]
)


class Clock:
    """A wall clock that tests set."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


@cache
def rsa_key(name: str = "rsa") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name})


def ec_key(name: str = "ec", curve: str = "P-256") -> ECKey:
    return ECKey.generate_key(curve, {"kid": name})


def ed_key(name: str = "ed") -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": name})


def public(key: Key, **members: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), **members}


def claims(**changes: Any) -> dict[str, Any]:
    """A good token's claims; None leaves one out."""
    good = {"iss": ISSUER, "sub": "ines", "aud": AUDIENCE, "iat": NOW - 60, "exp": NOW + 3600, **changes}
    return {name: value for name, value in good.items() if value is not None}


def header(key: Key, alg: str = "ES256", changes: dict[str, Any] | None = None) -> dict[str, Any]:
    good = {"alg": alg, "typ": "at+jwt", "kid": key.kid, **(changes or {})}
    return {name: value for name, value in good.items() if value is not None}


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(head: dict[str, Any] | bytes, body: dict[str, Any] | bytes, key: Key, alg: str = "ES256") -> str:
    """A signed token of whatever header and payload, well-formed or not."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (head, body)]
    signed = ".".join(base64url(part) for part in parts)
    return f"{signed}.{base64url(_EVERY.get_alg(alg).sign(signed.encode(), key))}"


def token(key: Key, alg: str = "ES256", head: dict[str, Any] | None = None, **changes: Any) -> str:
    """A good token with some claims (and header members) changed."""
    return compact(header(key, alg, head), claims(**changes), key, alg)


def verifier_of(
    *keys: dict[str, Any], clock: Callable[[], float] | None = None, **options: Any
) -> TokenVerifier:
    """A verifier that knows `keys` beforehand."""
    trusted = TrustedIssuer(ISSUER, AUDIENCE, {"keys": list(keys)})
    return TokenVerifier([trusted], clock=clock or Clock(), **options)


async def refusal(verifier: TokenVerifier, bearer: str) -> str:
    """The reason for which the token is refused; fails where it is not."""
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(bearer)
    assert len(bearer) < 20 or bearer not in str(refused.value)
    return refused.value.reason


class Provider:
    """An OpenID provider in memory: its documents, who asked for them, and what may go wrong."""

    def __init__(self, *keys: dict[str, Any], issuer: str = ISSUER) -> None:
        self.issuer = issuer
        self.keys = list(keys)
        self.metadata: dict[str, Any] = {"issuer": issuer, "jwks_uri": issuer + "/keys"}
        self.asked: list[str] = []
        self.down = False
        self.reached = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()
        self.override: Callable[[httpx.Request], httpx.Response | None] = lambda _: None

    @property
    def fetches(self) -> int:
        """How often discovery was begun."""
        return sum(url.endswith("/.well-known/openid-configuration") for url in self.asked)

    def verifier(self, clock: Callable[[], float], **options: Any) -> TokenVerifier:
        return discovering(self, clock=clock, **options)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        self.reached.set()
        await self.open.wait()
        if self.down:
            raise httpx.ConnectError("refused")
        return self.override(request) or self._document(request)

    def _document(self, request: httpx.Request) -> httpx.Response:
        documents = {
            self.issuer + "/.well-known/openid-configuration": self.metadata,
            self.metadata["jwks_uri"]: {"keys": self.keys},
        }
        found = documents.get(str(request.url))
        return httpx.Response(404) if found is None else httpx.Response(200, json=found)


def discovering(*providers: Provider, clock: Callable[[], float], **options: Any) -> TokenVerifier:
    """A verifier that fetches the keys of these providers."""
    trusted = [TrustedIssuer(it.issuer, AUDIENCE) for it in providers]
    return TokenVerifier(trusted, client=client_of(*providers), clock=clock, **options)


def client_of(*providers: Provider) -> httpx.AsyncClient:
    """A client that reaches these providers and would, by itself, follow redirects."""

    async def route(request: httpx.Request) -> httpx.Response:
        by_name = (it for it in providers if str(request.url).startswith(it.issuer))
        return await next(by_name, providers[0]).answer(request)

    return httpx.AsyncClient(transport=httpx.MockTransport(route), follow_redirects=True)


async def turns_of_the_loop() -> None:
    """Let what runs beside the requests come to its end; nothing here waits for anything real."""
    for _ in range(100):
        await asyncio.sleep(0)

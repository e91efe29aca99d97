"""Verifying bearer tokens as an OpenID Connect resource server (RFC 6750, 8725, 9068; Discovery 1.0)."""

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from hashlib import sha256

import httpx
import msgspec

from libs.errors.problems import InvalidInput, Unauthenticated
from libs.tenancy.tokens.claims import Acceptance, check_header
from libs.tenancy.tokens.compact import UnverifiedToken, read, to_bytes
from libs.tenancy.tokens.discovery import FETCH_SECONDS, KeySetDocument, fetch_keys
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.tokens.issuers import TrustedIssuer
from libs.tenancy.tokens.key_source import FetchedKeys, KeySource, KnownKeys
from libs.tenancy.tokens.keys import IssuerKeys, VerificationKey
from libs.tenancy.tokens.remembered import RememberedTokens


class TokenVerifier:
    """Turns tokens of trusted issuers into identities, and everything else into Unauthenticated.

    One per process and event loop. `leeway` (seconds) is for issuers whose clock runs ahead of ours;
    `remembered` bounds how many verified tokens are recognised without checking their signature again.
    `client` stays the caller's to close; without it the verifier has its own.
    """

    def __init__(
        self,
        issuers: Iterable[TrustedIssuer],
        *,
        client: httpx.AsyncClient | None = None,
        clock: Callable[[], float] = time.time,
        leeway: int = 30,
        remembered: int = 10_000,
    ) -> None:
        self._clock = clock
        self._leeway = leeway
        self._remembered = RememberedTokens(remembered)
        self._client = client
        self._own_client: httpx.AsyncClient | None = None
        listed = list(issuers)
        self._audiences = _audiences(listed)
        self._sources = {issuer: self._source(issuer, jwks) for issuer, jwks in _key_sets(listed).items()}

    async def verify(self, token: str) -> Identity:
        """Who `token` was issued to. Raises Unauthenticated, whose `reason` is a code for the log.

        The reasons: too_large, malformed, algorithm_not_allowed, critical_header, wrong_type,
        untrusted_issuer, issuer_unreachable, unknown_key, algorithm_mismatch, bad_signature,
        sender_constrained, wrong_audience, bad_subject, expired, not_yet_valid.
        """
        raw = to_bytes(token)
        digest = sha256(raw).digest()
        now = self._clock()
        known = self._remembered.get(digest)
        if known is not None and self._sources[known.identity.issuer].is_fresh(now):
            return known.at(now)
        proven = await self._prove(raw)
        identity = proven.at(self._clock())
        self._remembered.remember(digest, proven)
        return identity

    async def close(self) -> None:
        """End fetches under way and the verifier's own connections."""
        for source in self._sources.values():
            await source.close()
        if self._own_client is not None:
            await self._own_client.aclose()

    async def _prove(self, raw: bytes) -> Acceptance:
        """What a token says, once its issuer's key has proven it. Nothing is awaited after that choice."""
        token = read(raw)
        algorithm = check_header(token.header)
        key = await self._key(token, algorithm)
        if not key.verifies(token.signed, token.signature):
            raise Unauthenticated("bad_signature")
        audiences = self._audiences[token.claims.iss]
        return Acceptance.of(token.claims, audiences=audiences, leeway=self._leeway)

    async def _key(self, token: UnverifiedToken, algorithm: str) -> VerificationKey:
        named = await self._keys_named(token)
        if not named:
            raise Unauthenticated("unknown_key")
        for key in named:
            if key.algorithm == algorithm:
                return key
        raise Unauthenticated("algorithm_mismatch")

    async def _keys_named(self, token: UnverifiedToken) -> list[VerificationKey]:
        source = self._sources.get(token.claims.iss)
        if source is None:
            raise Unauthenticated("untrusted_issuer")
        kid = token.header.key_name
        named = (await source.current()).named(kid)
        return named if named or kid is None else (await source.after_unknown_key()).named(kid)

    def _source(self, issuer: str, jwks: Mapping[str, object] | None) -> KeySource:
        if jwks is not None:
            return KnownKeys(_known(jwks))
        return FetchedKeys(
            issuer,
            partial(fetch_keys, self._fetching_client(), issuer),
            clock=self._clock,
            on_change=partial(self._remembered.forget_issuer, issuer),
        )

    def _fetching_client(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = self._own_client = httpx.AsyncClient(timeout=FETCH_SECONDS)
        return self._client


def _audiences(listed: list[TrustedIssuer]) -> dict[str, set[str]]:
    audiences: dict[str, set[str]] = {trusted.issuer: set() for trusted in listed}
    for trusted in listed:
        audiences[trusted.issuer].add(trusted.audience)
    return audiences


def _key_sets(listed: list[TrustedIssuer]) -> dict[str, Mapping[str, object] | None]:
    key_sets = {trusted.issuer: trusted.jwks for trusted in listed}
    if any(trusted.jwks != key_sets[trusted.issuer] for trusted in listed):
        raise InvalidInput(
            "jwks",
            "同じ発行者(issuer)に異なる鍵の指定があります。一つにそろえてください。",
            "One issuer is listed with different keys. Give the same for each of its audiences.",
        )
    return key_sets


def _known(jwks: Mapping[str, object]) -> IssuerKeys:
    try:
        return IssuerKeys.from_jwks(msgspec.convert(jwks, KeySetDocument).keys)
    except msgspec.ValidationError:
        raise InvalidInput(
            "jwks",
            "鍵はJWK Set(RFC 7517)の形で指定してください。",
            "Give the keys as a JSON Web Key Set (RFC 7517).",
        ) from None

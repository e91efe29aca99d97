"""Against a certified OpenID provider: its real sign-in, its discovery, its keys, its rotation."""

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator

import pytest

from libs.tenancy.tokens.issuers import TrustedIssuer
from libs.tenancy.tokens.key_source import MAX_AGE, UNKNOWN_KEY_INTERVAL
from libs.tenancy.tokens.verify import TokenVerifier
from tests.tenancy.oidc_provider import API_AUDIENCE, OidcProvider, oidc_provider
from tests.tenancy.tokens.signing import refusal

__all__ = ["oidc_provider"]


class MovedClock:
    """The real time, moved ahead by `ahead` seconds."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def verifier(oidc_provider: OidcProvider, clock: MovedClock) -> AsyncIterator[TokenVerifier]:
    verifier = TokenVerifier([TrustedIssuer(oidc_provider.issuer, API_AUDIENCE)], clock=clock)
    yield verifier
    await verifier.close()


async def test_a_person_who_signed_in_is_recognised(oidc_provider: OidcProvider, verifier: TokenVerifier):
    signed_in = await oidc_provider.sign_in("ines@npo.ikoma.example")
    identity = await verifier.verify(signed_in.access_token)
    assert (identity.issuer, identity.subject) == (oidc_provider.issuer, "ines@npo.ikoma.example")
    assert identity.expires_at > time.time()


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256", "EdDSA"])
async def test_each_of_its_algorithms_is_understood(
    oidc_provider: OidcProvider, verifier: TokenVerifier, alg: str
):
    signed_in = await oidc_provider.sign_in("haru", resource=f"{API_AUDIENCE}?alg={alg}")
    head = urlsafe_b64decode(signed_in.access_token.partition(".")[0] + "==")
    assert json.loads(head)["alg"] == alg
    assert (await verifier.verify(signed_in.access_token)).subject == "haru"


async def test_what_it_issues_for_others_is_refused(oidc_provider: OidcProvider, verifier: TokenVerifier):
    signed_in = await oidc_provider.sign_in("ines")
    assert await verifier.verify(signed_in.access_token)
    assert await refusal(verifier, signed_in.id_token) == "wrong_type"
    other = TokenVerifier([TrustedIssuer(oidc_provider.issuer, "https://other.example")])
    assert await refusal(other, signed_in.access_token) == "wrong_audience"
    await other.close()


async def test_after_rotation_the_old_token_is_out_at_the_first_new_one(
    oidc_provider: OidcProvider, verifier: TokenVerifier, clock: MovedClock
):
    old = (await oidc_provider.sign_in("ines")).access_token
    assert await verifier.verify(old)
    await oidc_provider.restart()
    assert await verifier.verify(old), "positive control: within the age of the keys nobody asks again"
    new = (await oidc_provider.sign_in("ines")).access_token
    clock.ahead += UNKNOWN_KEY_INTERVAL
    assert await verifier.verify(new)
    assert await refusal(verifier, old) == "unknown_key"


async def test_after_rotation_the_old_token_is_out_once_its_key_has_aged(
    oidc_provider: OidcProvider, verifier: TokenVerifier, clock: MovedClock
):
    old = (await oidc_provider.sign_in("ines")).access_token
    assert await verifier.verify(old)
    await oidc_provider.restart()
    clock.ahead += MAX_AGE
    assert await refusal(verifier, old) == "unknown_key"
    assert await verifier.verify((await oidc_provider.sign_in("ines")).access_token)


async def test_while_it_is_down_its_last_keys_hold(
    oidc_provider: OidcProvider, verifier: TokenVerifier, clock: MovedClock
):
    token = (await oidc_provider.sign_in("ines")).access_token
    assert await verifier.verify(token)
    await oidc_provider.stop()
    clock.ahead += MAX_AGE
    assert await verifier.verify(token)
    fresh = TokenVerifier([TrustedIssuer(oidc_provider.issuer, API_AUDIENCE)])
    assert await refusal(fresh, token) == "issuer_unreachable"
    await fresh.close()

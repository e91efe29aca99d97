"""Keys over time: rotation, withdrawal, invented key names, issuers that are down."""

import asyncio
from typing import Any

import pytest

from libs.tenancy.tokens import key_source
from libs.tenancy.tokens.key_source import (
    KEEP_UNREACHABLE,
    MAX_AGE,
    REFRESH_AHEAD,
    RETRY_AFTER,
    UNKNOWN_KEY_INTERVAL,
)
from libs.tenancy.tokens.verify import TokenVerifier
from tests.tenancy.tokens.signing import (
    Clock,
    Provider,
    discovering,
    ec_key,
    public,
    refusal,
    token,
    turns_of_the_loop,
)

OLD, NEW = ec_key("2026-04"), ec_key("2026-10")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider() -> Provider:
    return Provider(public(OLD))


@pytest.fixture
def verifier(provider: Provider, clock: Clock) -> TokenVerifier:
    return provider.verifier(clock)


async def test_keys_are_fetched_once_for_many_at_the_same_time(provider: Provider, verifier: TokenVerifier):
    provider.open.clear()
    waiting = [asyncio.create_task(verifier.verify(token(OLD, sub=str(n)))) for n in range(50)]
    await asyncio.sleep(0)
    provider.open.set()
    assert {identity.subject for identity in await asyncio.gather(*waiting)} == {str(n) for n in range(50)}
    assert len(provider.asked) == 2


async def test_a_cancelled_request_does_not_take_the_keys_from_the_others(
    provider: Provider, verifier: TokenVerifier
):
    provider.open.clear()
    first, second = (asyncio.create_task(verifier.verify(token(OLD))) for _ in range(2))
    await provider.reached.wait()
    first.cancel()
    provider.open.set()
    assert (await second).subject == "ines"
    assert first.cancelled()


async def test_a_new_key_is_found_at_its_first_token(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    assert await verifier.verify(token(OLD))
    provider.keys.append(public(NEW))
    clock.now += 1
    assert await verifier.verify(token(NEW))
    assert await verifier.verify(token(OLD)), "both hold while both are published"
    assert provider.fetches == 2


async def test_a_withdrawn_key_is_out_once_its_age_is_reached(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    remembered = token(OLD, exp=clock.now + 10 * MAX_AGE)
    assert await verifier.verify(remembered)
    provider.keys = [public(NEW)]
    clock.now += REFRESH_AHEAD - 1
    assert await verifier.verify(remembered), "positive control: nobody has asked again yet"
    clock.now += MAX_AGE - REFRESH_AHEAD + 1
    assert await refusal(verifier, remembered) == "unknown_key"
    assert await verifier.verify(token(NEW))


async def test_remembered_tokens_are_dropped_when_the_keys_change(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    remembered = token(OLD)
    assert await verifier.verify(remembered)
    provider.keys = [public(NEW)]
    clock.now += 1
    assert await verifier.verify(token(NEW)), "its unknown name brings the change to light"
    assert await refusal(verifier, remembered) == "unknown_key"


async def test_another_key_under_the_same_name_drops_what_the_first_one_signed(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    remembered = token(OLD)
    assert await verifier.verify(remembered)
    impostor = ec_key("2026-04")
    provider.keys = [public(impostor)]
    clock.now += MAX_AGE
    assert await refusal(verifier, remembered) == "bad_signature"
    assert await verifier.verify(token(impostor))


async def test_another_issuers_rotation_drops_nothing(clock: Clock, proofs: list[bytes]):
    here, there = Provider(public(OLD)), Provider(public(OLD), issuer="https://login.nara.example")
    verifier = discovering(here, there, clock=clock)
    of_here, of_there = token(OLD), token(OLD, iss=there.issuer)
    for bearer in (of_here, of_there, of_here, of_there):
        assert await verifier.verify(bearer)
    assert len(proofs) == 2
    here.keys.append(public(NEW))
    clock.now += 1
    assert await verifier.verify(token(NEW))
    assert await verifier.verify(of_there)
    assert len(proofs) == 3, "the new token alone"
    assert await verifier.verify(of_here)
    assert len(proofs) == 4, "dropped, so proven anew"


async def test_an_emptied_key_set_refuses_everybody(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    assert await verifier.verify(token(OLD))
    provider.keys = []
    clock.now += MAX_AGE
    assert await refusal(verifier, token(OLD)) == "unknown_key"


async def test_invented_key_names_cause_one_fetch_a_minute(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    assert await verifier.verify(token(OLD))
    assert provider.fetches == 1
    for minute in range(1, 4):
        for attempt in range(40):
            clock.now += UNKNOWN_KEY_INTERVAL / 41
            assert await refusal(verifier, token(ec_key(f"invented {minute} {attempt}"))) == "unknown_key"
        assert provider.fetches == 1 + minute
        clock.now += UNKNOWN_KEY_INTERVAL / 41
    assert await verifier.verify(token(OLD)), "nobody else is disturbed"


async def test_many_invented_names_at_once_share_one_fetch(provider: Provider, verifier: TokenVerifier):
    assert await verifier.verify(token(OLD))
    invented = [token(ec_key(f"invented {number}")) for number in range(40)]
    assert set(await asyncio.gather(*(refusal(verifier, it) for it in invented))) == {"unknown_key"}
    assert provider.fetches == 2


async def test_a_token_without_key_name_is_no_reason_to_fetch(provider: Provider, verifier: TokenVerifier):
    provider.keys.append(public(NEW))
    assert await verifier.verify(token(OLD))
    assert await refusal(verifier, token(OLD, head={"kid": None})) == "unknown_key"
    assert provider.fetches == 1


async def test_tokens_of_others_cause_no_fetch(provider: Provider, verifier: TokenVerifier):
    assert await refusal(verifier, token(OLD, iss="https://evil.example")) == "untrusted_issuer"
    assert await refusal(verifier, token(OLD, head={"alg": "none"})) == "algorithm_not_allowed"
    assert await refusal(verifier, token(OLD, head={"typ": "x"})) == "wrong_type"
    assert provider.asked == []


async def test_young_keys_are_refreshed_beside_the_requests(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    await verifier.verify(token(OLD))
    clock.now += REFRESH_AHEAD
    provider.open.clear()
    assert await verifier.verify(token(OLD)), "answered while the issuer still thinks"
    provider.open.set()
    await turns_of_the_loop()
    assert provider.fetches == 2
    clock.now += REFRESH_AHEAD - 1
    assert await verifier.verify(token(OLD))
    assert provider.fetches == 2


async def test_a_refresh_that_changes_nothing_drops_nothing(
    provider: Provider, verifier: TokenVerifier, clock: Clock, proofs: list[bytes]
):
    bearer = token(OLD)
    await verifier.verify(bearer)
    clock.now += REFRESH_AHEAD
    await verifier.verify(bearer)
    await turns_of_the_loop()
    assert provider.fetches == 2
    proven = len(proofs)
    await verifier.verify(bearer)
    assert len(proofs) == proven


async def test_an_unknown_name_joins_the_refresh_under_way(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    await verifier.verify(token(OLD))
    clock.now += REFRESH_AHEAD
    provider.open.clear()
    provider.keys.append(public(NEW))
    assert await verifier.verify(token(OLD))
    waiting = asyncio.create_task(verifier.verify(token(NEW)))
    await turns_of_the_loop()
    provider.open.set()
    assert await waiting
    assert provider.fetches == 2


async def test_aged_keys_are_waited_for(provider: Provider, verifier: TokenVerifier, clock: Clock):
    await verifier.verify(token(OLD))
    clock.now += MAX_AGE
    provider.open.clear()
    provider.keys = [public(NEW)]
    waiting = asyncio.create_task(refusal(verifier, token(OLD)))
    await turns_of_the_loop()
    assert not waiting.done()
    provider.open.set()
    assert await waiting == "unknown_key"


async def test_the_last_good_keys_hold_for_a_bounded_time(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    start = clock.now
    bearer = token(OLD, exp=start + 10 * KEEP_UNREACHABLE)
    await verifier.verify(bearer)
    provider.down = True
    for clock.now in (start + REFRESH_AHEAD, start + MAX_AGE, start + KEEP_UNREACHABLE - 1):
        assert await verifier.verify(bearer)
        await turns_of_the_loop()
    clock.now = start + KEEP_UNREACHABLE
    assert await refusal(verifier, bearer) == "issuer_unreachable"
    provider.down = False
    clock.now += RETRY_AFTER
    assert await verifier.verify(bearer)


async def test_nobody_waits_for_an_issuer_that_was_down_a_moment_ago(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    await verifier.verify(token(OLD))
    provider.down = True
    clock.now += MAX_AGE
    assert await verifier.verify(token(OLD))
    clock.now += RETRY_AFTER
    provider.open.clear()
    answered = asyncio.create_task(verifier.verify(token(OLD)))
    await turns_of_the_loop()
    assert provider.fetches == 3, "it is asked again"
    assert answered.done()
    provider.open.set()


async def test_an_issuer_that_is_down_is_not_asked_at_every_request(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    provider.down = True
    for _ in range(100):
        assert await refusal(verifier, token(OLD)) == "issuer_unreachable"
    assert provider.fetches == 1
    clock.now += RETRY_AFTER
    provider.down = False
    assert await verifier.verify(token(OLD))
    assert provider.fetches == 2


async def test_a_clock_set_back_asks_again_instead_of_believing_for_ever(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    bearer = token(OLD, iat=None)
    await verifier.verify(bearer)
    provider.keys = [public(NEW)]
    clock.now -= 86_400
    assert await refusal(verifier, bearer) == "unknown_key"
    assert await verifier.verify(token(NEW, iat=None))


async def test_a_small_correction_of_the_clock_changes_nothing(
    provider: Provider, verifier: TokenVerifier, clock: Clock
):
    await verifier.verify(token(OLD))
    clock.now -= 1.5
    assert await verifier.verify(token(OLD))
    assert provider.fetches == 1


class Journal:
    """Stands in for the log."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, dict[str, Any]]] = []

    def note(self, event: str, **fields: Any) -> None:
        self.entries.append((event, fields))

    info = warning = note


async def test_the_log_names_issuer_and_cause_and_nothing_of_a_token(
    provider: Provider, verifier: TokenVerifier, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    journal = Journal()
    monkeypatch.setattr(key_source, "_log", journal)
    await verifier.verify(token(OLD))
    provider.down = True
    clock.now += MAX_AGE
    await verifier.verify(token(OLD))
    assert journal.entries == [
        ("issuer_keys_changed", {"issuer": provider.issuer, "keys": 1}),
        ("issuer_keys_unavailable", {"issuer": provider.issuer, "cause": "ConnectError"}),
    ]


async def test_closing_ends_a_fetch_under_way(provider: Provider, verifier: TokenVerifier):
    provider.open.clear()
    waiting = asyncio.create_task(refusal(verifier, token(OLD)))
    await provider.reached.wait()
    await verifier.close()
    assert await waiting == "issuer_unreachable"

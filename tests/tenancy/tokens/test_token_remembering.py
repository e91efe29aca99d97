"""A remembered token is recognised by its hash, and stands no longer than it would if proven anew."""

import pytest

from libs.errors.problems import Unauthenticated
from libs.tenancy.tokens.verify import TokenVerifier
from tests.tenancy.tokens.signing import NOW, Clock, ec_key, public, refusal, token, verifier_of

KEY = ec_key()


async def test_a_token_is_proven_once(proofs: list[bytes]):
    verifier, bearer = verifier_of(public(KEY)), token(KEY)
    first = await verifier.verify(bearer)
    assert [await verifier.verify(bearer) for _ in range(50)] == [first] * 50
    assert len(proofs) == 1


async def test_a_refused_token_is_not_remembered(proofs: list[bytes]):
    verifier = verifier_of(public(KEY))
    for _ in range(3):
        assert await refusal(verifier, token(ec_key())) == "bad_signature"
    late = token(KEY, exp=NOW)
    assert [await refusal(verifier, late) for _ in range(2)] == ["expired"] * 2
    assert len(proofs) == 5


async def test_the_whole_token_is_what_is_recognised(proofs: list[bytes]):
    verifier, bearer = verifier_of(public(KEY)), token(KEY)
    assert await verifier.verify(bearer)
    head, body, signature = bearer.split(".")
    for other in (signature[:-2] + "AA", signature[:40], ""):
        assert await refusal(verifier, f"{head}.{body}.{other}") in {"bad_signature", "malformed"}
    assert await verifier.verify(bearer)


async def test_the_end_is_checked_at_each_use_to_the_second():
    clock = Clock()
    verifier, bearer = verifier_of(public(KEY), clock=clock), token(KEY, exp=NOW + 100)
    for clock.now in (NOW, NOW + 99.99):
        assert await verifier.verify(bearer)
    for clock.now in (NOW + 100, NOW + 10_000):
        assert await refusal(verifier, bearer) == "expired"


async def test_a_clock_set_back_before_the_start_refuses_a_remembered_token():
    clock = Clock()
    verifier, bearer = verifier_of(public(KEY), clock=clock, leeway=30), token(KEY, nbf=NOW)
    assert await verifier.verify(bearer)
    clock.now = NOW - 31
    assert await refusal(verifier, bearer) == "not_yet_valid"
    clock.now = NOW - 30
    assert await verifier.verify(bearer)


async def test_the_memory_is_bounded_and_the_least_used_go_first(proofs: list[bytes]):
    verifier = verifier_of(public(KEY), remembered=3)
    bearers = [token(KEY, sub=f"person {number}") for number in range(4)]
    for bearer in (*bearers[:3], bearers[0], bearers[3]):
        await verifier.verify(bearer)
    assert len(proofs) == 4
    await verifier.verify(bearers[0])
    assert len(proofs) == 4, "used a moment ago, so still known"
    await verifier.verify(bearers[1])
    assert len(proofs) == 5, "the least recently used one made room"


async def test_nothing_is_remembered_where_the_bound_is_zero(proofs: list[bytes]):
    verifier, bearer = verifier_of(public(KEY), remembered=0), token(KEY)
    assert await verifier.verify(bearer) == await verifier.verify(bearer)
    assert len(proofs) == 2


async def test_no_token_is_held_in_memory():
    verifier, bearer = verifier_of(public(KEY)), token(KEY)
    await verifier.verify(bearer)
    held = repr(vars(verifier._remembered))  # pyright: ignore[reportPrivateUsage] — the very thing to look at
    assert "ines" in held, "the identity is there"
    assert not [part for part in bearer.split(".") if part in held]


async def test_a_refusal_carries_nothing_of_the_token():
    verifier: TokenVerifier = verifier_of(public(KEY))
    for bearer in (token(KEY, sub="geheim\n"), token(KEY, exp="geheim"), "geheim.geheim.geheim"):
        with pytest.raises(Unauthenticated) as refused:
            await verifier.verify(bearer)
        chain = [refused.value, refused.value.__cause__]
        assert not [error for error in chain if error is not None and "geheim" in repr(error)]
        assert refused.value.__suppress_context__ or refused.value.__context__ is None

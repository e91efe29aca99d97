"""Buckets in the database: what all processes together lease never passes the terms, whoever asks first."""

import asyncio
import uuid
from collections.abc import AsyncGenerator

import pytest

from libs.reading.engine import MOST_COST
from libs.tenancy.budgets.leasing import Ask, lease
from libs.tenancy.budgets.terms import LARGEST, Rate, Terms
from tests.stage.founded import Founded, founded

STILL = Rate(0.0, 1_000.0)
"""Without refill: so that what is granted hangs on no clock."""


@pytest.fixture
async def two() -> AsyncGenerator[Founded]:
    async with founded() as platform:
        await platform.found("ikoma", "292095")
        await platform.found("takamatsu", "372013")
        yield platform


async def leased(platform: Founded, city: str, wanted: float, rate: Rate = STILL) -> float:
    tenant = platform.tenants[city]
    return (await lease(platform.app, tenant, [Ask(tenant, wanted, rate)]))[tenant].granted


async def test_a_bucket_begins_full_and_gives_what_it_has(two: Founded) -> None:
    assert await leased(two, "ikoma", 600) == 600
    assert await leased(two, "ikoma", 600) == 400
    assert await leased(two, "ikoma", 600) == 0
    assert await leased(two, "takamatsu", 600) == 600, "another city's bucket is its own"


async def test_what_is_given_back_can_be_leased_again_and_overflows_nothing(two: Founded) -> None:
    assert await leased(two, "ikoma", 1_000) == 1_000
    assert await leased(two, "ikoma", -300) == -300
    assert await leased(two, "ikoma", 1_000) == 300
    assert await leased(two, "ikoma", -5_000) == -5_000
    assert await leased(two, "ikoma", 9_000) == 1_000


async def test_a_bucket_refills_by_the_databases_clock_up_to_its_burst(two: Founded) -> None:
    rate = Rate(10.0, 1_000.0)
    await leased(two, "ikoma", 1_000, rate)
    await two.admin.execute("UPDATE tsunagari.budget SET as_of = as_of - interval '20 seconds'")
    some = await leased(two, "ikoma", 1_000, rate)
    assert 200 <= some < 1_000
    await two.admin.execute("UPDATE tsunagari.budget SET as_of = as_of - interval '1 day'")
    assert await leased(two, "ikoma", 5_000, rate) == 1_000
    await two.admin.execute("UPDATE tsunagari.budget SET as_of = now() + interval '1 hour'")
    assert await leased(two, "ikoma", 5_000, rate) == 0, "a clock set back refills nothing and takes nothing"


async def test_processes_that_lease_at_once_get_no_more_than_there_is(two: Founded) -> None:
    """Eight connections, the platform's and three people's buckets: no deadlock, nothing twice."""
    tenant = two.tenants["ikoma"]
    people = [uuid.uuid4() for _ in range(3)]

    async def process(number: int) -> dict[uuid.UUID, float]:
        ids = [tenant, *people] if number % 2 else [*reversed(people), tenant]
        got = await lease(two.app, tenant, [Ask(each, 90.0, STILL) for each in ids])
        return {each: grant.granted for each, grant in got.items()}

    every = await asyncio.gather(*(process(number) for number in range(40)))
    for each in (tenant, *people):
        assert sum(got[each] for got in every) == STILL.burst


def test_a_full_bucket_holds_the_largest_request_whatever_the_terms() -> None:
    assert LARGEST == MOST_COST
    for terms in (Terms(1), Terms(1, person_percent=1), Terms(10**9), Terms(100, 1, 100)):
        assert terms.of_person().burst >= LARGEST
        assert terms.of_tenant().burst >= terms.of_person().burst
    assert Terms(1_000, 10, 25).of_person().per_second == 250

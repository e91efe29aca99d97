"""The leases of one process, with a clock that stands still: what may be spent, by whom, and what is told."""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from libs.persistence.database import Database
from libs.serving.budgets import MOST_WAITING, Budgets
from libs.serving.problems import RateLimited, Unavailable
from libs.tenancy.budgets.leasing import NOBODY
from libs.tenancy.budgets.purses import MOST_PEOPLE
from libs.tenancy.budgets.terms import Terms
from libs.tenancy.viewer import Viewer
from tests.stage.founded import Founded, founded

# a bucket of 10,000 for a platform and 5,000 for a person, refilled so slowly that no test sees it
TERMS = Terms(per_second=1, burst_seconds=1, person_percent=50, held_seconds=0.0)
INES, SATO = uuid.uuid4(), uuid.uuid4()


@dataclass
class Counted:
    """The metrics, as a test reads them."""

    scopes: Counter[str] = field(default_factory=Counter[str])

    def refused(self, scope: str) -> None:
        self.scopes[scope] += 1


class Still:
    """A process's clock that moves when it is told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class City:
    """One platform, and as many processes as a test wants."""

    founded: Founded
    clock: Still = field(default_factory=Still)
    counted: Counted = field(default_factory=Counted)

    def process(self, terms: Terms = TERMS, database: Database | None = None) -> Budgets:
        return Budgets(database or self.founded.app, terms, self.counted, clock=self.clock)

    def viewer(self, person: uuid.UUID | None, city: str = "ikoma") -> Viewer:
        return Viewer(self.founded.tenants[city], 1, 1, person_id=person)

    async def level(self, id: uuid.UUID) -> float:
        return await self.founded.admin.fetchval("SELECT level FROM tsunagari.budget WHERE id = $1", id)


@pytest.fixture
async def city() -> AsyncGenerator[City]:
    async with founded() as platform:
        await platform.found("ikoma", "292095")
        await platform.found("takamatsu", "372013")
        yield City(platform)


async def spent(process: Budgets, viewer: Viewer, cost: int) -> int:
    """How much goes through in requests of this cost until one is refused."""
    total = 0
    while True:
        try:
            await process.charge(viewer, cost)
        except RateLimited:
            return total
        total += cost


async def test_one_person_spends_their_share_and_leaves_the_rest_to_colleagues(city: City) -> None:
    process = city.process()
    assert await spent(process, city.viewer(INES), 500) == 5_000
    assert city.counted.scopes == {"person": 1}
    assert await spent(process, city.viewer(SATO), 500) == 5_000
    assert await spent(process, city.viewer(uuid.uuid4()), 500) == 0, "the platform's own is spent"
    assert city.counted.scopes["platform"] == 2
    assert await spent(process, city.viewer(INES, "takamatsu"), 500) == 5_000, "elsewhere nothing is"


async def test_two_processes_together_give_a_person_no_more_than_one(city: City) -> None:
    first, second = city.process(), city.process()
    each = [await spent(process, city.viewer(INES), 100) for process in (first, second)]
    assert sum(each) == 5_000
    assert await spent(city.process(), city.viewer(INES), 100) == 0


async def test_all_who_are_no_person_of_the_platform_share_one_bucket(city: City) -> None:
    assert await spent(city.process(), city.viewer(None), 1_000) == 5_000
    assert await city.level(NOBODY) < 1
    assert await spent(city.process(), city.viewer(None), 1_000) == 0
    await city.process().charge(city.viewer(INES), 1_000)


async def test_many_at_once_lease_together(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    process, sent = city.process(replace(TERMS, per_second=10_000)), list[object]()
    work = city.founded.app.work

    def counted(*given: Any) -> Any:
        sent.append(given)
        return work(*given)

    monkeypatch.setattr(city.founded.app, "work", counted)
    await asyncio.gather(*(process.charge(city.viewer(INES), 1) for _ in range(200)))
    assert len(sent) <= 3
    before = len(sent)
    for _ in range(20):
        await process.charge(city.viewer(INES), 1)
    assert len(sent) <= before + 1, "what is leased is spent without the database"


async def test_a_lease_is_renewed_in_the_background_while_it_is_spent(city: City) -> None:
    terms = replace(TERMS, per_second=1_000)
    process = city.process(terms)
    await process.charge(city.viewer(INES), 10)
    held = process.held(city.founded.tenants["ikoma"])
    city.clock.now += 1.5
    left = held.whole.left
    await process.charge(city.viewer(INES), 10)
    assert held.whole.left == left - 10, "it was not waited for"
    await asyncio.gather(*process.renewing.values())
    assert held.leased_at == city.clock.now


async def test_what_is_not_used_lapses(city: City) -> None:
    process = city.process()
    await process.charge(city.viewer(INES), 100)
    held = process.held(city.founded.tenants["ikoma"])
    held.whole.left = held.people[INES].left = 4_000
    city.clock.now += 10
    assert await spent(process, city.viewer(INES), 100) == 4_900, "not the 4,000 that were left lying"


async def test_what_was_done_already_is_owed_and_paid_for_first(city: City) -> None:
    process = city.process()
    await process.charge(city.viewer(INES), 100)
    await process.owe(city.viewer(INES), 4_000)
    assert await spent(process, city.viewer(INES), 100) == 900


async def test_without_the_database_what_is_leased_is_spent_and_then_nothing(
    city: City,
) -> None:
    process = city.process()
    await process.charge(city.viewer(INES), 1_000)
    held = process.held(city.founded.tenants["ikoma"])
    held.whole.left = held.people[INES].left = 300
    await city.founded.app.close()
    city.clock.now += 1.5
    for _ in range(3):
        await process.charge(city.viewer(INES), 100)
    with pytest.raises(Unavailable):
        await process.charge(city.viewer(INES), 100)
    with pytest.raises(Unavailable):
        await process.charge(city.viewer(None, "takamatsu"), 1)


async def test_unlimited_terms_ask_nobody(city: City) -> None:
    process = city.process(Terms(per_second=0))
    await city.founded.app.close()
    for _ in range(100):
        await process.charge(city.viewer(INES), 5_000)
    await process.owe(city.viewer(INES), 5_000)
    assert city.counted.scopes == {}


async def test_the_refused_wait_a_while_but_only_so_many_of_a_platform(city: City) -> None:
    process = city.process(replace(TERMS, held_seconds=3_600.0))
    held = process.held(city.founded.tenants["ikoma"])
    await process.charge(city.viewer(INES), 5_000)
    waiting = [asyncio.create_task(process.charge(city.viewer(INES), 5_000)) for _ in range(MOST_WAITING)]
    while held.waiting < MOST_WAITING:  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0.001)
    with pytest.raises(RateLimited):
        await process.charge(city.viewer(INES), 5_000)
    await process.charge(city.viewer(INES, "takamatsu"), 5_000)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert held.waiting == 0


async def test_when_to_come_again_is_told_by_the_platforms_own_rate(city: City) -> None:
    terms = replace(TERMS, per_second=2_000, burst_seconds=5)
    process = city.process(terms)
    await process.charge(city.viewer(INES), 4_900)
    with pytest.raises(RateLimited) as refused:
        await process.charge(city.viewer(INES), 4_900)
    # a person's half is 1,000 a second, and hardly any of 4,900 is left
    assert 1 <= refused.value.retry_after <= 5


async def test_memory_is_bounded(city: City) -> None:
    process = city.process(replace(TERMS, per_second=10**6))
    held = process.held(city.founded.tenants["ikoma"])
    for _ in range(MOST_PEOPLE + 50):
        held.purse(uuid.uuid4())
    assert len(held.people) == MOST_PEOPLE
    asks = held.asks(1.0, 1.0)
    held.asks(1.0, 1.0)
    assert len(asks) == MOST_PEOPLE + 1
    assert held.people == {}, "who asks for nothing is let go"

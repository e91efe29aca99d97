"""Errands: work that talks to the world outside, under a lease and outside every transaction."""

import asyncio
import uuid
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import pytest

from libs.persistence.actor import SYSTEM
from libs.persistence.database import Database
from libs.persistence.roles import APP, WORKER
from libs.persistence.work import Work
from libs.persistence.worker import LEASE, MOST_ATTEMPTS, Errand, Worker
from tests.stage.cities import Cities

KIND = "errand"


async def worker(cities: Cities, ending: AsyncExitStack, errand: Errand) -> Worker:
    claims = await ending.enter_async_context(cities.stage.database(WORKER))
    tenants = await ending.enter_async_context(cities.stage.database(APP))

    async def job(_: Work, __: uuid.UUID) -> None: ...

    return Worker(claims, tenants, {"job": job}, {KIND: errand})


@pytest.fixture(autouse=True)
async def tenant(cities: Cities) -> uuid.UUID:
    """Nothing else is due."""
    async with cities.stage.sql() as sql:
        await sql.execute("DELETE FROM tsunagari.work_due")
        return await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")


async def left(cities: Cities, tenant: uuid.UUID, times: int = 1, kind: str = KIND) -> None:
    async with cities.stage.database() as database, database.work(tenant, SYSTEM) as work:
        for _ in range(times):
            work.later(kind, uuid.uuid4(), work.now)


async def waiting(cities: Cities) -> int:
    async with cities.stage.sql() as sql:
        return await sql.fetchval("SELECT count(*) FROM tsunagari.work_due")


async def test_several_workers_run_each_errand_once(cities: Cities, tenant: uuid.UUID) -> None:
    run: list[uuid.UUID] = []

    async def errand(_: Database, of: uuid.UUID, key: uuid.UUID) -> None:
        assert of == tenant
        await asyncio.sleep(0.002)
        run.append(key)

    await left(cities, tenant, times=40)
    async with AsyncExitStack() as ending:
        workers = [await worker(cities, ending, errand) for _ in range(3)]
        counts = await asyncio.gather(*(each.run_errands() for each in workers))
    assert sum(counts) == len(run) == len(set(run)) == 40
    assert sum(count > 0 for count in counts) > 1, "only one worker worked: nothing was proved"
    assert await waiting(cities) == 0


async def test_one_that_is_under_way_is_nobody_elses_until_its_lease_is_over(
    cities: Cities, tenant: uuid.UUID
) -> None:
    """Whoever came late takes nothing away from the one that has it by then."""
    begun, going_on = asyncio.Event(), asyncio.Event()

    async def slow(_: Database, __: uuid.UUID, ___: uuid.UUID) -> None:
        begun.set()
        await going_on.wait()

    async def again(database: Database, _: uuid.UUID, __: uuid.UUID) -> datetime:
        return database.clock() + timedelta(hours=1)

    await left(cities, tenant)
    async with AsyncExitStack() as ending:
        first, second = await worker(cities, ending, slow), await worker(cities, ending, again)
        late = asyncio.create_task(first.run_errands())
        await begun.wait()
        assert await second.run_errands() == 0
        cities.stage.clock.move(seconds=LEASE.total_seconds() + 1)
        assert await second.run_errands() == 1
        going_on.set()
        assert await late == 1
    assert await waiting(cities) == 1


async def test_it_comes_again_when_it_says(cities: Cities, tenant: uuid.UUID) -> None:
    times: list[datetime] = []

    async def errand(database: Database, _: uuid.UUID, __: uuid.UUID) -> datetime | None:
        times.append(database.clock())
        return times[0] + timedelta(hours=1) if len(times) == 1 else None

    await left(cities, tenant)
    async with AsyncExitStack() as ending:
        runner = await worker(cities, ending, errand)
        assert [await runner.run_errands() for _ in range(2)] == [1, 0]
        cities.stage.clock.move(minutes=61)
        assert [await runner.run_errands() for _ in range(2)] == [1, 0]
    assert await waiting(cities) == 0


async def test_one_that_fails_is_kept_and_the_clocks_jobs_go_on(cities: Cities, tenant: uuid.UUID) -> None:
    async def fails(_: Database, __: uuid.UUID, ___: uuid.UUID) -> None:
        raise RuntimeError

    await left(cities, tenant)
    await left(cities, tenant, kind="job")
    async with AsyncExitStack() as ending:
        runner = await worker(cities, ending, fails)
        assert await runner.do_due() == 1
        for _ in range(MOST_ATTEMPTS):
            assert await runner.run_errands() == 1
            cities.stage.clock.move(days=1)
        assert await runner.run_errands() == 0
    assert await waiting(cities) == 1

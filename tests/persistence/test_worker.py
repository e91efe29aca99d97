"""Due work: done once it is due, kept when it fails, left whole when the worker dies in the middle."""

import asyncio
import os
import signal
import sys
import textwrap
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

from libs.persistence.actor import SYSTEM
from libs.persistence.roles import APP, WORKER
from libs.persistence.work import Work
from libs.persistence.worker import CHANNEL, MOST_ATTEMPTS, Worker
from tests.stage.cities import Cities

Job = Callable[[Work, uuid.UUID], Awaitable[None]]


async def _tenant(cities: Cities) -> uuid.UUID:
    async with cities.stage.sql() as sql:
        return await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")


async def _worker(cities: Cities, ending: AsyncExitStack, **jobs: Job) -> Worker:
    claims = await ending.enter_async_context(cities.stage.database(WORKER))
    tenants = await ending.enter_async_context(cities.stage.database(APP))
    return Worker(claims, tenants, jobs)


async def _leave(cities: Cities, kind: str, *, in_minutes: float = 0, times: int = 1) -> None:
    tenant = await _tenant(cities)
    async with cities.stage.database() as database, database.work(tenant, SYSTEM) as work:
        for _ in range(times):
            work.later(kind, uuid.uuid4(), work.now + timedelta(minutes=in_minutes))


async def test_a_job_runs_inside_its_tenant_when_its_time_has_come(cities: Cities) -> None:
    seen: list[uuid.UUID] = []

    async def note(work: Work, _: uuid.UUID) -> None:
        seen.append(work.tenant_id)

    await _leave(cities, "note", in_minutes=5)
    async with AsyncExitStack() as ending:
        worker = await _worker(cities, ending, note=note)
        assert await worker.do_due() == 0
        cities.stage.clock.move(minutes=6)
        assert await worker.do_due() == 1
        assert await worker.do_due() == 0
    assert seen == [await _tenant(cities)]


async def test_a_job_that_fails_is_kept_and_given_up_after_its_attempts(cities: Cities) -> None:
    async def fail(work: Work, key: uuid.UUID) -> None:
        work.record("never", "nothing", key)
        raise RuntimeError

    await _leave(cities, "fail")
    async with AsyncExitStack() as ending:
        worker = await _worker(cities, ending, fail=fail)
        for _ in range(MOST_ATTEMPTS):
            assert await worker.do_due() == 1
            cities.stage.clock.move(days=1)
        assert await worker.do_due() == 0
    async with cities.stage.sql() as sql:
        row = await sql.fetchrow("SELECT attempts, failed_at FROM tsunagari.work_due")
        written = await sql.fetchval("SELECT count(*) FROM tsunagari.audit_entry WHERE action = 'never'")
    assert row is not None
    assert (row["attempts"], row["failed_at"] is None, written) == (MOST_ATTEMPTS, False, 0)


async def test_several_workers_never_do_one_job_twice(cities: Cities) -> None:
    done: list[uuid.UUID] = []

    async def note(_: Work, key: uuid.UUID) -> None:
        await asyncio.sleep(0.001)
        done.append(key)

    await _leave(cities, "note", times=60)
    async with AsyncExitStack() as ending:
        workers = [await _worker(cities, ending, note=note) for _ in range(4)]
        counts = await asyncio.gather(*(worker.do_due() for worker in workers))
    assert sum(counts) == len(done) == len(set(done)) == 60
    assert sum(count > 0 for count in counts) > 1, "only one worker worked: nothing was proved"


async def test_a_worker_killed_in_the_middle_loses_nothing(cities: Cities) -> None:
    await _leave(cities, "note", times=1)
    script = textwrap.dedent(
        """
        import asyncio, sys
        from libs.persistence.database import Database
        from libs.persistence.worker import Worker
        async def hang(work, key):
            work.record("half", "nothing", key)
            print("working", flush=True)
            await asyncio.sleep(600)
        async def main():
            claims = await Database.open(sys.argv[1], name="killed", size=1)
            tenants = await Database.open(sys.argv[2], name="killed", size=1)
            await Worker(claims, tenants, {"note": hang}).do_due()
        asyncio.run(main())
        """
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        cities.stage.url(WORKER),
        cities.stage.url(APP),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"working\n"
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    done: list[uuid.UUID] = []

    async def note(_: Work, key: uuid.UUID) -> None:
        done.append(key)

    async with AsyncExitStack() as ending:
        worker = await _worker(cities, ending, note=note)
        for _ in range(200):  # until PostgreSQL has noticed that the killed worker is gone
            if await worker.do_due():
                break
            await asyncio.sleep(0.05)
    assert len(done) == 1
    async with cities.stage.sql() as sql:
        assert await sql.fetchval("SELECT count(*) FROM tsunagari.audit_entry WHERE action = 'half'") == 0
        assert await sql.fetchval("SELECT count(*) FROM tsunagari.work_due") == 0


async def test_notices_are_relayed_once_they_are_committed_and_only_then(cities: Cities) -> None:
    tenant, key = await _tenant(cities), uuid.uuid4()
    heard: list[object] = []
    async with AsyncExitStack() as ending:
        worker = await _worker(cities, ending)
        await worker.relay()
        sql = await ending.enter_async_context(cities.stage.sql(APP))
        await sql.add_listener(CHANNEL, lambda *said: heard.append(said[3]))
        database = await ending.enter_async_context(cities.stage.database())
        async with database.work(tenant, SYSTEM) as work:
            work.tell("board", key)
            assert await worker.relay() == 0
        assert await worker.relay() == 1
        assert await worker.relay() == 0
        await sql.fetchval("SELECT 1")
    assert heard == [f"{tenant} board {key}"]

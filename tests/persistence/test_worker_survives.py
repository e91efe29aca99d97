"""A worker outlives whatever a round meets, and ends without keeping anything from the others."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from pathlib import Path

import asyncpg
import httpx
import pytest
from prometheus_client import CollectorRegistry

from libs.observability.worker_metrics import WorkerMetrics
from libs.persistence import rounds
from libs.persistence import worker as working
from libs.persistence.actor import SYSTEM
from libs.persistence.connections import connect
from libs.persistence.database import Database
from libs.persistence.embedded.server import EmbeddedServer, start
from libs.persistence.objects.source import ObjectSource
from libs.persistence.roles import APP, OWNER, ROLES, WORKER, ensure_database, ensure_roles
from libs.persistence.sealing.vault import Vault
from libs.persistence.work import Work
from libs.persistence.worker import Worker
from libs.serving.watched import Listening
from migrations.upgrade import upgrade
from services.platform.notices.sending.outside import Outside
from services.platform.worker import run_worker
from tests.bench.processes import free_port
from tests.persistence.embedded_places import open_folder
from tests.stage.cities import Cities

LONG = 30


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "CLAIM_SECONDS", 0.02)
    monkeypatch.setattr(working, "RELAY_SECONDS", 0.02)
    monkeypatch.setattr(rounds, "LONGEST_PAUSE", 0.2)


async def until(asked: Callable[[], Awaitable[bool]]) -> None:
    end = time.monotonic() + LONG
    while not await asked():
        assert time.monotonic() < end, "it never came"
        await asyncio.sleep(0.02)


def counted(registry: CollectorRegistry, name: str, **labels: str) -> float:
    return registry.get_sample_value(f"tsunagari_{name}", labels) or 0.0


async def left(cities: Cities, kind: str) -> None:
    async with cities.stage.sql() as sql:
        await sql.execute("DELETE FROM tsunagari.work_due")
        tenant = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
    async with cities.stage.database() as database, database.work(tenant, SYSTEM) as work:
        work.later(kind, uuid.uuid4(), work.now)


async def due(cities: Cities) -> asyncpg.Record | None:
    async with cities.stage.sql() as sql:
        return await sql.fetchrow("SELECT attempts, failed_at, due_at FROM tsunagari.work_due")


async def test_a_round_that_raises_is_followed_by_another(
    cities: Cities, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, broken = asyncio.Event(), 0
    relay, claim = Worker.relay, Worker.do_due

    async def note(_: Work, __: uuid.UUID) -> None:
        done.set()

    async def planted(self: Worker) -> int:
        nonlocal broken
        broken += 1
        if broken <= 3:
            raise [RuntimeError, asyncpg.ConnectionDoesNotExistError, KeyError][broken - 1]
        return await relay(self)

    async def planted_too(self: Worker, stop: asyncio.Event | None = None) -> int:
        if broken <= 3:
            raise asyncpg.AdminShutdownError
        return await claim(self, stop)

    monkeypatch.setattr(Worker, "relay", planted)
    monkeypatch.setattr(Worker, "do_due", planted_too)
    await left(cities, "note")
    metrics, stop = WorkerMetrics(["note"]), asyncio.Event()
    async with AsyncExitStack() as ending:
        claims = await ending.enter_async_context(cities.stage.database(WORKER))
        tenants = await ending.enter_async_context(cities.stage.database(APP))
        runner = Worker(claims, tenants, {"note": note}, metrics=metrics)
        running = asyncio.create_task(runner.run(stop))
        async with asyncio.timeout(LONG):
            await done.wait()
        await until(lambda: _true(lambda: not runner.rounds.stale()))
        stop.set()
        await running
        cities.stage.clock.move(seconds=rounds.FRESH.total_seconds() + 1)
        assert runner.rounds.stale() == ["count", "errands", "jobs", "relay"]
    assert counted(metrics.registry, "worker_rounds_total", loop="relay", outcome="failed") == 3
    assert counted(metrics.registry, "worker_rounds_total", loop="jobs", outcome="failed") >= 1
    assert counted(metrics.registry, "work_done_total", kind="note", outcome="done") == 1
    assert await due(cities) is None


async def _true(asked: Callable[[], bool]) -> bool:
    return asked()


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("grace", [LONG, 0.1])
async def test_told_to_stop_it_finishes_what_is_short_and_lets_go_of_the_rest(
    cities: Cities, grace: float, *, outside: bool
) -> None:
    begun, going_on, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def job(_: Work, __: uuid.UUID) -> None:
        begun.set()
        await going_on.wait()

    async def errand(_: Database, __: uuid.UUID, ___: uuid.UUID) -> datetime | None:
        begun.set()
        await going_on.wait()

    await left(cities, "slow")
    async with AsyncExitStack() as ending:
        claims = await ending.enter_async_context(cities.stage.database(WORKER))
        tenants = await ending.enter_async_context(cities.stage.database(APP))
        worker = Worker(
            claims, tenants, {} if outside else {"slow": job}, {"slow": errand} if outside else {}
        )
        running = asyncio.create_task(worker.run(stop, grace))
        await begun.wait()
        stop.set()
        if grace == LONG:
            going_on.set()
        await running
    row = await due(cities)
    if grace == LONG:
        assert row is None
    else:
        assert row is not None
        assert (row["attempts"], row["failed_at"]) == (0, None)
        assert row["due_at"] <= cities.stage.clock(), "kept from the others by a lease of nobody"


async def test_it_goes_on_when_the_database_is_there_again() -> None:
    with open_folder() as folder:
        port = free_port()
        server = start(folder / "postgres", durable=True, port=port)
        try:
            urls = await _installed(server)
            done = asyncio.Semaphore(0)

            async def note(_: Work, __: uuid.UUID) -> None:
                done.release()

            claims = await Database.open(urls[WORKER], name="tests", size=4)
            tenants = await Database.open(urls[APP], name="tests", size=4)
            stop = asyncio.Event()
            running = asyncio.create_task(Worker(claims, tenants, {"note": note}).run(stop))
            for _ in range(2):
                await _leave(tenants)
                async with asyncio.timeout(LONG):
                    await done.acquire()
                server.stop()
                await asyncio.sleep(0.3)  # some rounds meet nobody
                assert not running.done()
                server = start(folder / "postgres", durable=True, port=port)
            await _leave(tenants)
            async with asyncio.timeout(LONG):
                await done.acquire()
            stop.set()
            await running
            await claims.close()
            await tenants.close()
        finally:
            server.stop()


async def _installed(server: EmbeddedServer) -> dict[str, str]:
    admin = await connect(server.url())
    await ensure_roles(admin, dict.fromkeys(ROLES, "secret"))
    await ensure_database(admin, "worked")
    await admin.close()
    urls = {role: server.url("worked", user=role, password="secret") for role in ROLES}
    await asyncio.to_thread(upgrade, urls[OWNER])
    return urls


async def _leave(tenants: Database) -> None:
    """A pool's connections of before are dead: the first that is tried says so."""
    for _ in range(10):
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            async with tenants.work(uuid.uuid4(), SYSTEM) as work:
                work.later("note", uuid.uuid4(), work.now)
            return
    raise AssertionError


async def test_its_state_and_counts_are_told_to_who_watches(cities: Cities, tmp_path: Path) -> None:
    await left(cities, "unknown")
    async with cities.stage.sql() as sql:
        await sql.execute(
            """INSERT INTO tsunagari.work_due (tenant_id, kind, key, due_at, attempts, failed_at)
            SELECT tenant_id, 'case.erase_key', tenant_id, now(), 10, now() FROM tsunagari.work_due"""
        )
        await sql.execute(
            """INSERT INTO tsunagari.notice_delivery (tenant_id, id, channel, state, created_at)
            SELECT tenant_id, gen_random_uuid(), 'webhook', 'dead', now() FROM tsunagari.tenant"""
        )
        platforms = await sql.fetchval("SELECT count(*) FROM tsunagari.tenant")
    stop, port = asyncio.Event(), free_port()
    outside, objects = Outside(Vault.in_folder(tmp_path), None, ""), ObjectSource(str(tmp_path)).opened()
    urls = cities.stage.url(WORKER), cities.stage.url(APP)
    running = asyncio.create_task(
        run_worker(*urls, stop, outside=outside, objects=objects, listening=Listening("127.0.0.1", port))
    )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as watcher:

        async def ready() -> bool:
            with suppress(httpx.TransportError):
                return (await watcher.get("/readyz")).is_success
            return False

        async def measured() -> bool:
            said = (await watcher.get("/metrics")).text
            return 'work_done_total{kind="other",outcome="failed"} 1.0' in said and "dead_letters{" in said

        await until(ready)
        await until(measured)
        told = (await watcher.get("/metrics")).text
        assert 'tsunagari_work_dead{kind="case.erase_key"} 1.0' in told
        assert platforms > 1
        assert f'tsunagari_dead_letters{{channel="webhook"}} {platforms}.0' in told
        assert 'tsunagari_worker_rounds_total{loop="relay",outcome="ok"}' in told
        assert (await watcher.get("/healthz")).json() == {"alive": True}
        stop.set()
        await running
    assert "ikoma" not in told

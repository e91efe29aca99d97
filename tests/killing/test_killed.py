"""Kill -9 of platform and worker under load, short in the suite and long in the soak."""

import asyncio
import os
import random
import uuid
from pathlib import Path

import httpx
import pytest

from libs.persistence.connections import Connection
from tests.killing import faults as judged
from tests.killing.deployment import Deployment, deployed
from tests.killing.load import Acknowledged, Persistent, over, walk
from tests.referrals.conftest import Loop

WALKERS = 3
BETWEEN_KILLS = (0.4, 1.6)
PLANTED = {
    "a lost event": "DELETE FROM tsunagari.referral_event WHERE id = (SELECT id FROM tsunagari.referral_event"
    " WHERE step = 'accept_referral' LIMIT 1)",
    "a state without its event": "UPDATE tsunagari.referral SET state = 'in_progress' WHERE state = 'closed'",
    "an altered entry": "UPDATE tsunagari.audit_entry SET codes = '{}' WHERE sequence = 5",
    "a cut tail": "DELETE FROM tsunagari.audit_entry WHERE sequence ="
    " (SELECT max(sequence) FROM tsunagari.audit_entry)",
    "a reveal without its log": "DELETE FROM tsunagari.access_entry",
}


async def test_killed_in_the_middle_nothing_is_lost_or_doubled(loop: Loop, tmp_path: Path) -> None:
    await _killed(loop, tmp_path, kills=4)


@pytest.mark.soak
async def test_killed_again_and_again(loop: Loop, tmp_path: Path) -> None:
    await _killed(loop, tmp_path, kills=int(os.environ.get("TSUNAGARI_SOAK_KILLS", "120")))


@pytest.mark.parametrize("planted", PLANTED)
async def test_what_is_planted_is_found(loop: Loop, planted: str) -> None:
    done = Acknowledged()
    await _walk_once(loop, done)
    async with loop.cities.stage.sql() as sql:
        tenant = await _tenant(sql)
        assert await judged.faults(sql, tenant, done) == []
        await sql.execute("SET session_replication_role = replica")
        await sql.execute(PLANTED[planted])
        assert await judged.faults(sql, tenant, done) != []


async def _walk_once(loop: Loop, done: Acknowledged) -> None:
    until = asyncio.Event()
    walking = asyncio.create_task(walk(loop, until, done))
    await asyncio.sleep(0)
    until.set()
    await walking


async def _killed(loop: Loop, folder: Path, kills: int) -> None:
    done, until = Acknowledged(), asyncio.Event()
    async with (
        deployed(loop.cities.stage.name, folder) as deployment,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{deployment.port}", timeout=30) as http,
    ):
        client = Persistent(http)
        people = over(loop, client)
        async with asyncio.TaskGroup() as group:
            for _ in range(WALKERS):
                group.create_task(walk(people, until, done))
            group.create_task(_kill(deployment, kills, until))
    assert client.again, "nobody was ever interrupted: nothing was proved"
    assert done.referrals, "nothing was ever done"
    async with loop.cities.stage.sql() as sql:
        assert await judged.faults(sql, await _tenant(sql), done) == []


async def _kill(deployment: Deployment, kills: int, until: asyncio.Event) -> None:
    chance = random.Random(20261128)
    for number in range(kills):
        await asyncio.sleep(chance.uniform(*BETWEEN_KILLS) + (0 if number else 3))
        await deployment.platform.kill()
        if number % 2:
            await deployment.worker.kill()
        await asyncio.sleep(2)
    until.set()


async def _tenant(sql: Connection) -> uuid.UUID:
    return await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")

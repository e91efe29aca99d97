"""Workers are killed while the clock ends referrals: each ends once, and each of its people is told once."""

import asyncio
import random
from pathlib import Path
from typing import Any

from tests.killing.deployment import Deployment, Killable
from tests.referrals.conftest import Loop

REFERRALS = 40
KILLS = 6
PATIENCE = 240
LONG_AGO = """UPDATE tsunagari.referral SET clock_from = clock_from - interval '60 days',
  clock_at = now() - interval '1 minute' WHERE state = 'sent'"""
DUE = "UPDATE tsunagari.work_due SET due_at = now() - interval '1 minute' WHERE kind = 'referral.clock'"
LEFT = "SELECT count(*) FROM tsunagari.referral WHERE state = 'sent'"
TWICE = """SELECT referral_id FROM tsunagari.referral_event WHERE step = 'expire_referral'
  GROUP BY referral_id HAVING count(*) > 1"""
ENDED = "SELECT count(*) FROM tsunagari.referral_event WHERE step = 'expire_referral'"
TOLD = """SELECT about, person_id, count(*) FROM tsunagari.notice WHERE kind = 'referral_expired'
  GROUP BY about, person_id"""


async def test_each_referral_ends_once_whoever_is_killed(loop: Loop, tmp_path: Path) -> None:
    await _sent(loop)
    deployment = Deployment(loop.cities.stage.name, tmp_path)
    workers = [deployment.worker, deployment.another_worker()]
    for worker in workers:
        await worker.start()
    try:
        async with loop.cities.stage.sql() as sql, asyncio.timeout(PATIENCE):
            await _kill_some(sql, workers)
    finally:
        for worker in workers:
            await worker.stop()
    assert sum(worker.killed for worker in workers) > 1, "nobody was killed: nothing was proved"
    async with loop.cities.stage.sql() as sql:
        assert await sql.fetch(TWICE) == []
        assert await sql.fetchval(ENDED) == REFERRALS
        told = await sql.fetch(TOLD)
    # Sato's desk, Ines who sent it, and the coordinator
    assert len(told) == 3 * REFERRALS
    assert {row["count"] for row in told} == {1}


async def _sent(loop: Loop) -> None:
    for _ in range(REFERRALS):
        case = await loop.case()
        await loop.sent(case, "sato", (await loop.consent(case, "sato", days=300))["id"])
    async with loop.cities.stage.sql() as sql:
        await sql.execute(LONG_AGO)
        await sql.execute(DUE)


async def _kill_some(sql: Any, workers: list[Killable]) -> None:
    """A kill waits until something has ended since the last: on a busy machine all would die beginning."""
    chance = random.Random(20261128)
    left = REFERRALS
    for _ in range(KILLS):
        left = await _fewer(sql, left)
        await asyncio.sleep(chance.uniform(0, 0.3))
        await chance.choice(workers).kill()
    while left:
        left = await _fewer(sql, left)


async def _fewer(sql: Any, before: int) -> int:
    while (left := await sql.fetchval(LEFT)) >= before > 0:  # noqa: ASYNC110 - the worker is another process
        await asyncio.sleep(0.05)
    return int(left)

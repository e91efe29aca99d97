"""`tsunagari worker` killed with -9 in the middle of deliveries: nothing lost, none doubled unknowingly."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from libs.persistence.roles import APP, WORKER
from services.operator.environment import VARIABLES
from services.platform.notices.actions.telling import people
from tests.notices.conftest import SENDER, Desk
from tests.notices.mailbox import Mailbox
from tests.stage.tokens import key_folder

MAILS, KILLS = 40, 3


@asynccontextmanager
async def worker_process(desk: Desk, box: Mailbox) -> AsyncGenerator[asyncio.subprocess.Process]:
    """As a deployment runs it; killed at the end of the block."""
    stage = desk.cities.stage
    environment = {
        VARIABLES[WORKER]: stage.url(WORKER),
        VARIABLES[APP]: stage.url(APP),
        "TSUNAGARI_KEY_FOLDER": str(key_folder()),
        "TSUNAGARI_SMTP_URL": box.url(),
        "TSUNAGARI_MAIL_FROM": SENDER,
        "TSUNAGARI_PUBLIC_URL": "https://{tenant}.tsunagari.example/",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.operator",
        "worker",
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def test_what_a_killed_worker_had_begun_is_sent_by_the_next_under_the_same_id(
    desk: Desk, box: Mailbox
) -> None:
    box.open.clear()
    for _ in range(MAILS):
        await desk.tell("referral_sent", people(desk.people["sato"]))
    for kill in range(KILLS):
        known = len(box.received)
        async with worker_process(desk, box):
            while len(box.received) <= known:
                box.arrived.clear()
                await asyncio.wait_for(box.arrived.wait(), 60)
        # taken by the server, and not yet known to be
        assert Counter(await desk.states()) == {"waiting": MAILS}, kill
    assert len(await desk.rows("SELECT 1 FROM tsunagari.work_due")) == MAILS
    box.open.set()
    begun = len(box.received)
    desk.cities.stage.clock.move(minutes=6)
    assert await desk.deliver() == MAILS
    assert Counter(await desk.states()) == {"sent": MAILS}
    sent = Counter(box.ids())
    assert set(sent) == {f"<{row['id']}@tsunagari.example>" for row in await desk.deliveries()}
    assert sum(sent.values()) == MAILS + begun
    assert begun >= KILLS
    assert await desk.rows("SELECT 1 FROM tsunagari.work_due") == []

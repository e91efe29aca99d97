"""A worker killed while it destroys a key: the next one finishes, and in no moment is the erasure lost."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from libs.persistence.objects.store import Objects
from libs.persistence.roles import APP, WORKER
from libs.persistence.sealing.key_store import FolderKeyStore, KeyErased
from libs.persistence.sealing.vault import KEYS_FOLDER
from services.platform.notices.sending.outside import Outside
from services.platform.worker import run_worker
from tests.rights.conftest import ERASURE, Rights, number
from tests.stage.tokens import key_folder

ROOT = Path(__file__).parents[2]
MORTAL = """
import asyncio, os, signal, sys
from pathlib import Path
from libs.persistence.objects.store import Objects
from libs.persistence.sealing import key_store
from libs.persistence.sealing.vault import Vault
from libs.persistence.work import Work
from services.platform.notices.sending.outside import Outside
from services.platform.worker import run_worker

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

async def die_later(*_):
    die()

where = sys.argv[4]
if where == "before the mark":
    key_store.create_file = die
elif where == "before the key is shredded":
    key_store.shred_file = die
else:
    Work.seal = die_later
outside = Outside(Vault.in_folder(Path(sys.argv[3])), None, "")
objects = Objects.in_folder(Path(sys.argv[3]).parent / "objects")
asyncio.run(run_worker(sys.argv[1], sys.argv[2], asyncio.Event(), outside=outside, objects=objects))
"""
PLACES = ["before the mark", "before the key is shredded", "before the record is committed"]


@pytest.mark.parametrize("where", PLACES)
async def test_killed_anywhere_the_key_is_destroyed_in_the_end_and_once(rights: Rights, where: str) -> None:
    case, tenant = await rights.loop.case(), await rights.tenant()
    confirmed = await rights.confirmed(case)
    async with rights.loop.cities.stage.sql() as sql:
        await sql.execute("DELETE FROM tsunagari.work_due WHERE kind <> 'case.erase_key'")
    urls = [rights.loop.cities.stage.url(role) for role in (WORKER, APP)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", MORTAL, *urls, str(key_folder()), where),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(30):
        assert await process.wait() == -signal.SIGKILL
    found = (await rights.loop.person("ines").ask(ERASURE, id=confirmed["id"])).data["erasure"]
    assert found["state"] == "CONFIRMED", "what was not committed is still to be done"
    await _work(rights, urls)
    found = (await rights.loop.person("ines").ask(ERASURE, id=confirmed["id"])).data["erasure"]
    assert found["state"] == "DONE"
    assert not FolderKeyStore(key_folder() / KEYS_FOLDER).has(tenant, str(number(case)))
    with pytest.raises(KeyErased):
        await rights.vault.sealer(tenant, number(case))
    assert len(await rights.audited("erase_case_key")) == 1


async def _work(rights: Rights, urls: list[str]) -> None:
    """A worker that lives, until the due work is done."""
    over, outside = asyncio.Event(), Outside(rights.vault, None, "")
    objects = Objects.in_folder(key_folder().parent / "objects")
    working = asyncio.create_task(run_worker(urls[0], urls[1], over, outside=outside, objects=objects))
    async with rights.loop.cities.stage.sql() as sql, asyncio.timeout(20):
        # the worker's own rows: no event of ours
        while await sql.fetchval("SELECT count(*) FROM tsunagari.work_due"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    over.set()
    await working

"""Keys are wrapped anew while they are used, and whoever is killed in the middle loses none."""

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from libs.errors.problems import WrongState
from libs.persistence.sealing.cipher import Unreadable
from libs.persistence.sealing.key_store import EARLIER_TENANT_KEY, TENANT_KEY, FolderKeyStore, KeyErased
from libs.persistence.sealing.master_files import MasterFiles
from libs.persistence.sealing.rotation import Rotation
from libs.persistence.sealing.vault import KEYS_FOLDER, Place, Vault

ROOT = Path(__file__).parents[2]
TEXT = "だれとも話さない日が続いている。"
CASES = 5

KILLED = """
import os, signal, sys, uuid
from pathlib import Path
from libs.persistence.sealing import key_store, durable_files
from libs.persistence.sealing.key_store import FolderKeyStore
from libs.persistence.sealing.master_files import MasterFiles
from libs.persistence.sealing.rotation import Rotation

folder, tenant, left = Path(sys.argv[1]), uuid.UUID(sys.argv[2]), [int(sys.argv[3])]

def mortal(name):
    act = getattr(key_store, name)
    def acting(*given):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return act(*given)
    setattr(key_store, name, acting)

for name in ("create_file", "replace_file", "shred_file"):
    mortal(name)
rotation = Rotation(MasterFiles(folder), FolderKeyStore(folder / "keys"))
rotation.rewrap(tenant)
for _ in rotation.renew(tenant):
    pass
"""


class Keys:
    """A store with some cases of one tenant, each with a text that only its key opens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tenant = uuid.uuid4()
        self.master = MasterFiles(folder)
        self.store = FolderKeyStore(folder / KEYS_FOLDER)
        self.texts: dict[uuid.UUID, bytes] = {}

    async def fill(self) -> None:
        for _ in range(CASES):
            await self.open(uuid.uuid4())

    async def open(self, case: uuid.UUID) -> None:
        sealer = await Vault(self.master, self.store).create(self.tenant, case)
        self.texts[case] = sealer.seal(self.place(case), TEXT)

    @staticmethod
    def place(case: uuid.UUID) -> Place:
        return Place("case_file", "narrative", case)

    async def all_open(self, vault: Vault | None = None) -> bool:
        vault = vault or Vault.in_folder(self.folder)
        opened = [
            (await vault.sealer(self.tenant, case)).open(self.place(case), text)
            for case, text in self.texts.items()
        ]
        return opened == [TEXT] * len(self.texts)

    def rotation(self) -> Rotation:
        return Rotation(self.master, self.store)


@pytest.fixture
async def keys(tmp_path: Path) -> Keys:
    made = Keys(tmp_path)
    await made.fill()
    return made


async def test_a_rotated_master_key_is_heard_at_once_and_the_earlier_one_still_opens(keys: Keys) -> None:
    running = Vault.in_folder(keys.folder)
    assert MasterFiles(keys.folder).rotate() == 2
    assert await keys.all_open(running)
    await keys.open(uuid.uuid4())
    other = uuid.uuid4()
    await running.create(other, uuid.uuid4())
    with pytest.raises(Unreadable):
        Vault(MasterFiles(keys.folder).current, keys.store).tenant_key(keys.tenant)
    assert Vault(MasterFiles(keys.folder).current, keys.store).tenant_key(other)


async def test_after_the_rewrap_the_earlier_master_key_is_not_needed(keys: Keys) -> None:
    keys.master.rotate()
    keys.rotation().rewrap(keys.tenant)
    assert await keys.all_open(Vault(keys.master.current, keys.store))
    assert keys.master.drop_before() == 1
    assert sorted(path.name for path in keys.folder.glob("master*")) == ["master.2.key"]
    assert await keys.all_open()


async def test_a_new_tenant_key_wraps_every_case(keys: Keys) -> None:
    before = Vault(keys.master, keys.store).tenant_key(keys.tenant)
    assert len(list(keys.rotation().renew(keys.tenant))) == CASES
    assert Vault(keys.master, keys.store).tenant_key(keys.tenant) != before
    assert not keys.store.has(keys.tenant, EARLIER_TENANT_KEY)
    assert await keys.all_open()


async def test_in_the_middle_everything_opens_and_new_cases_get_the_new_key(keys: Keys) -> None:
    renewing = keys.rotation().renew(keys.tenant)
    for _ in renewing:
        assert await keys.all_open()
        if len(keys.texts) == CASES:
            await keys.open(uuid.uuid4())
    assert await keys.all_open()
    assert not keys.store.has(keys.tenant, EARLIER_TENANT_KEY)


async def test_a_case_opened_by_who_read_the_earlier_key_is_not_lost(keys: Keys) -> None:
    """The whole rotation passes between the reading of the tenant's key and the writing of the case's."""

    class Overtaken(FolderKeyStore):
        def put(self, tenant_id: uuid.UUID, name: str, wrapped: bytes) -> None:
            list(keys.rotation().renew(keys.tenant))
            super().put(tenant_id, name, wrapped)

    case = uuid.uuid4()
    overtaken = Vault(keys.master, Overtaken(keys.folder / KEYS_FOLDER))
    sealer = await overtaken.create(keys.tenant, case)
    keys.texts[case] = sealer.seal(keys.place(case), TEXT)
    assert await keys.all_open()


async def test_a_tenant_that_comes_while_a_master_key_is_dropped_is_wrapped_by_the_next(keys: Keys) -> None:
    """It waits, reads the master keys afterwards, and nobody is left with a key that nothing opens."""
    keys.master.rotate()
    keys.rotation().rewrap(keys.tenant)
    newcomer, case = uuid.uuid4(), uuid.uuid4()
    with keys.store.dropping():
        coming = asyncio.create_task(Vault.in_folder(keys.folder).create(newcomer, case))
        done, _ = await asyncio.wait([coming], timeout=0.2)
        assert not done
        assert not keys.store.has(newcomer, TENANT_KEY)
        keys.master.drop_before()
    await coming
    assert await Vault(keys.master.current, keys.store).sealer(newcomer, case)
    with keys.store.wrapping(), pytest.raises(WrongState), keys.store.dropping():
        raise AssertionError


async def test_an_erased_case_stays_erased_through_every_rewrap(keys: Keys) -> None:
    case = next(iter(keys.texts))
    await Vault.in_folder(keys.folder).erase(keys.tenant, case)
    with pytest.raises(KeyErased):
        keys.store.replace(keys.tenant, str(case), b"again")
    assert len(list(keys.rotation().renew(keys.tenant))) == CASES - 1
    assert not keys.store.has(keys.tenant, str(case))


# rewrap 1, begin 2, one a case, the earlier key dropped
@pytest.mark.parametrize("after", range(CASES + 4))
async def test_killed_at_any_change_nothing_is_lost_and_the_next_run_finishes(keys: Keys, after: int) -> None:
    keys.master.rotate()
    died = _dies(keys, after)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert await keys.all_open()
    keys.rotation().rewrap(keys.tenant)
    list(keys.rotation().renew(keys.tenant))
    assert not keys.store.has(keys.tenant, EARLIER_TENANT_KEY)
    keys.master.drop_before()
    assert await keys.all_open()


def _dies(keys: Keys, after: int) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(keys.folder), str(keys.tenant), str(after)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
    )

"""The key store's own backups: whole, bounded in time, and never a way back for what was erased."""

import shutil
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from libs.errors.problems import WrongState
from libs.persistence.sealing.backups import KeyBackups
from libs.persistence.sealing.key_store import FolderKeyStore, KeyErased
from libs.persistence.sealing.master_files import MasterFiles
from libs.persistence.sealing.rotation import Rotation
from libs.persistence.sealing.vault import KEYS_FOLDER, Vault

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
DAYS = 30


class Kept:
    """A store with two cases, and its backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "live"
        self.to = folder / "backups"
        self.vault = Vault.in_folder(self.folder)
        self.backups = KeyBackups(self.folder / KEYS_FOLDER, self.to)
        self.tenant, self.one, self.other = (uuid.uuid4() for _ in range(3))

    def holding(self, case: uuid.UUID) -> int:
        """In how many generations the case's key lies."""
        return sum(FolderKeyStore(each).has(self.tenant, str(case)) for each in self.backups.generations())


@pytest.fixture
async def kept(tmp_path: Path) -> Kept:
    made = Kept(tmp_path)
    for case in (made.one, made.other):
        await made.vault.create(made.tenant, case)
    return made


async def test_a_lost_store_is_restored_from_a_generation(kept: Kept) -> None:
    generation = kept.backups.make(NOW)
    shutil.rmtree(kept.folder / KEYS_FOLDER)
    shutil.copytree(generation, kept.folder / KEYS_FOLDER)
    assert await kept.vault.sealer(kept.tenant, kept.one)


def test_the_master_key_is_in_no_generation(kept: Kept) -> None:
    generation = kept.backups.make(NOW)
    master = (kept.folder / "master.key").read_bytes()
    files = [path for path in generation.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert not [path for path in files if master in path.read_bytes() or path.stat().st_mode & 0o077]


async def test_an_erased_key_leaves_every_generation_with_the_next_pruning(kept: Kept) -> None:
    for day in range(5):
        kept.backups.make(NOW + timedelta(days=day))
    await kept.vault.erase(kept.tenant, kept.one)
    assert kept.holding(kept.one) == 5, "the harness sees a key that stayed"
    pruned = kept.backups.prune(NOW + timedelta(days=5), DAYS)
    assert (pruned.generations, pruned.keys) == (0, 5)
    assert (kept.holding(kept.one), kept.holding(kept.other)) == (0, 5)


async def test_no_generation_outlives_the_bound(kept: Kept) -> None:
    for day in range(0, 60, 10):
        kept.backups.make(NOW + timedelta(days=day))
    pruned = kept.backups.prune(NOW + timedelta(days=60), DAYS)
    assert pruned.generations == 3
    assert [each.name[:8] for each in kept.backups.generations()] == ["20260501", "20260511", "20260521"]


async def test_an_older_generation_copied_over_the_store_brings_nobody_back(kept: Kept) -> None:
    generation = kept.backups.make(NOW)
    await kept.vault.erase(kept.tenant, kept.one)
    shutil.copytree(generation, kept.folder / KEYS_FOLDER, dirs_exist_ok=True)
    assert FolderKeyStore(kept.folder / KEYS_FOLDER).has(kept.tenant, str(kept.one))
    with pytest.raises(KeyErased):
        await kept.vault.sealer(kept.tenant, kept.one)


async def test_a_generation_that_was_broken_off_is_none_and_goes(kept: Kept) -> None:
    kept.backups.make(NOW)
    (kept.to / "20260402T030000Z.unfinished" / str(kept.tenant)).mkdir(parents=True)
    assert len(kept.backups.generations()) == 1
    kept.backups.prune(NOW, DAYS)
    assert [path.name for path in kept.to.iterdir()] == ["20260401T030000Z"]


async def test_while_keys_are_rewrapped_no_generation_is_made(kept: Kept) -> None:
    store = FolderKeyStore(kept.folder / KEYS_FOLDER)
    renewing = Rotation(MasterFiles(kept.folder), store).renew(kept.tenant)
    next(renewing)
    with pytest.raises(WrongState):
        kept.backups.make(NOW)
    assert kept.backups.generations() == []
    list(renewing)
    assert await Vault(MasterFiles(kept.folder), FolderKeyStore(kept.backups.make(NOW))).sealer(
        kept.tenant, kept.one
    )


async def test_generations_of_before_a_rotation_need_the_earlier_master_key(kept: Kept) -> None:
    """Why `keys drop-master` asks for a backup made after the rewrap."""
    generation = kept.backups.make(NOW)
    MasterFiles(kept.folder).rotate()
    old = Vault(MasterFiles(kept.folder), FolderKeyStore(generation))
    assert await old.sealer(kept.tenant, kept.one)

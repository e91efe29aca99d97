"""The key store's own backup: whole generations, none older than a bound, and none that keeps what is erased.

The database's backups never hold a key; these hold nothing else. Keys are copied as they are wrapped: the
master key is not among them and is kept elsewhere.
"""

import os
import shutil
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from libs.errors.problems import WrongState
from libs.persistence.sealing.durable_files import FOLDER_MODE, create_file, shred_file
from libs.persistence.sealing.key_store import (
    EARLIER_TENANT_KEY,
    ERASED,
    KEY,
    TENANT_KEY,
    FolderKeyStore,
)

_FORM: Final = "%Y%m%dT%H%M%SZ"
_UNFINISHED: Final = ".unfinished"


@dataclass(frozen=True, slots=True)
class Pruned:
    """What left the backups: whole generations past the bound, and erased keys out of the others."""

    generations: int
    keys: int


class KeyBackups:
    """Generations of one store below `folder`, named by the time at which they were made."""

    def __init__(self, store: Path, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def make(self, now: datetime) -> Path:
        """A new generation; one that was broken off is no generation and goes with the next pruning.

        Raises WrongState while a tenant's keys are being rewrapped: the copy could lack a key.
        """
        made = self._folder / now.astimezone(UTC).strftime(_FORM)
        unfinished = made.with_name(made.name + _UNFINISHED)
        unfinished.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for tenant_id in FolderKeyStore(self._store).tenants():
            self._copy_tenant(str(tenant_id), unfinished)
        unfinished.rename(made)
        return made

    def generations(self) -> list[Path]:
        """The finished ones, oldest first."""
        if not self._folder.exists():
            return []
        return sorted(each for each in self._folder.iterdir() if _made_at(each) is not None)

    def prune(self, now: datetime, days: int) -> Pruned:
        """Nothing older than `days` stays, and of the rest nothing that the store calls erased."""
        past = [each for each in self.generations() if _age(each, now) > timedelta(days=days)]
        broken_off = list(self._folder.glob(f"*{_UNFINISHED}"))
        for each in (*past, *broken_off):
            _shred_folder(each)
        return Pruned(len(past), self._drop_erased())

    def _copy_tenant(self, tenant: str, to: Path) -> None:
        before = self._tenant_key(tenant)
        for path in (self._store / tenant).iterdir():
            if path.suffix in {KEY, ERASED} and not path.name.startswith("."):
                _copy(path, to / tenant / path.name)
        if self._tenant_key(tenant) != before:
            raise _being_rewrapped()

    def _tenant_key(self, tenant: str) -> bytes:
        if (self._store / tenant / f"{EARLIER_TENANT_KEY}{KEY}").exists():
            raise _being_rewrapped()
        return (self._store / tenant / f"{TENANT_KEY}{KEY}").read_bytes()

    def _drop_erased(self) -> int:
        dropped = 0
        for generation in self.generations():
            kept = FolderKeyStore(generation)
            for mark in self._store.rglob(f"*{ERASED}"):
                tenant_id, name = uuid.UUID(mark.parent.name), mark.name.removesuffix(ERASED)
                dropped += kept.has(tenant_id, name)
                # marked there too: restored, the generation still knows what was erased
                kept.erase(tenant_id, name)
        return dropped


def _being_rewrapped() -> WrongState:
    return WrongState(
        "rewrapping",
        "鍵の更新中です。tsunagari keys rewrap が終わってから、もう一度実行してください。",
        "Keys are being rewrapped. Run this again when tsunagari keys rewrap has finished.",
    )


def _copy(path: Path, to: Path) -> None:
    try:
        create_file(to, path.read_bytes())
    except FileNotFoundError:  # erased since it was listed
        return


def _made_at(generation: Path) -> datetime | None:
    try:
        return datetime.strptime(generation.name, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def _age(generation: Path, now: datetime) -> timedelta:
    made = _made_at(generation)
    return timedelta() if made is None else now - made


def _shred_folder(folder: Path) -> None:
    for root, _, names in os.walk(folder):
        for name in names:
            shred_file(Path(root) / name)
    shutil.rmtree(folder)

"""Master keys as private files of one folder: `master.key`, then `master.2.key` …; the last is current."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from libs.persistence.sealing.cipher import new_key
from libs.persistence.sealing.durable_files import create_file, shred_file
from libs.persistence.sealing.master_key import MasterKey, MasterKeys, Where, from_file, read_file

FIRST: Final = "master.key"
_NUMBERED: Final = re.compile(r"master(?:\.([1-9]\d{0,5}))?\.key")


class MasterFiles:
    """Reads the files at each use: a rotation is heard by every process that shares the folder, at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not self.numbers():
            from_file(folder / FIRST)
        self._keys()

    def wrap(self, key: bytes, place: Where) -> bytes:
        return self._keys().wrap(key, place)

    def unwrap(self, wrapped: bytes, place: Where) -> bytes:
        return self._keys().unwrap(wrapped, place)

    @property
    def current(self) -> MasterKey:
        return self._keys().current

    def numbers(self) -> list[int]:
        """Which there are, the current one first."""
        return master_numbers(self._folder)

    def rotate(self) -> int:
        """Makes a new key the current one; those before go on opening what they wrapped. Its number."""
        number = self.numbers()[0] + 1
        # of two that rotate at once one makes the file, and both go by it
        create_file(self._path(number), new_key())
        return number

    def drop_before(self) -> int:
        """Destroys all but the current one: to be called when nothing is wrapped by them any more."""
        _, *before = self.numbers()
        for number in before:
            shred_file(self._path(number))
        return len(before)

    def _keys(self) -> MasterKeys:
        return MasterKeys(list(self._read()))

    def _read(self) -> Iterator[MasterKey]:
        for number in self.numbers():
            try:
                yield read_file(self._path(number))
            except FileNotFoundError:  # dropped since it was listed
                continue

    def _path(self, number: int) -> Path:
        return self._folder / (FIRST if number == 1 else f"master.{number}.key")


def master_numbers(folder: Path) -> list[int]:
    """The numbers of the master keys that lie in the folder, the newest first."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names alone
    except FileNotFoundError:
        return []
    found = (_NUMBERED.fullmatch(name) for name in names)
    return sorted((int(each[1] or 1) for each in found if each), reverse=True)

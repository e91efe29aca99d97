"""The key that wraps the tenants' keys: from a file, from the environment, or never seen: a key service's."""

import base64
import binascii
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from libs.errors.problems import InvalidInput
from libs.persistence.sealing.cipher import KEY_BYTES, Unreadable, decrypt, encrypt, new_key
from libs.persistence.sealing.durable_files import create_file

Where = tuple[str, ...]


class MasterKey(Protocol):
    """Wraps other keys and never shows itself; `place` says whose key it is. Unwrapping raises Unreadable."""

    def wrap(self, key: bytes, place: Where) -> bytes: ...

    def unwrap(self, wrapped: bytes, place: Where) -> bytes: ...


class HeldMasterKey:
    """A master key that this process holds in its memory."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise _wrong("32バイトではありません", "is not 32 bytes long")
        self._key = key

    def wrap(self, key: bytes, place: Where) -> bytes:
        return encrypt(self._key, key, place)

    def unwrap(self, wrapped: bytes, place: Where) -> bytes:
        return decrypt(self._key, wrapped, place)


class MasterKeys:
    """The current master key, and those before it, which still open what they wrapped until all is rewrapped.

    Each refuses what another one wrapped: its tag does not fit.
    """

    __slots__ = ("_keys", "current")

    def __init__(self, keys: Sequence[MasterKey]) -> None:
        self.current = keys[0]
        self._keys = keys

    def wrap(self, key: bytes, place: Where) -> bytes:
        return self.current.wrap(key, place)

    def unwrap(self, wrapped: bytes, place: Where) -> bytes:
        for key in self._keys:
            try:
                return key.unwrap(wrapped, place)
            except Unreadable:
                continue
        raise Unreadable


def from_text(text: str) -> MasterKey:
    """From 32 bytes in base64, as an environment variable holds it. Raises InvalidInput."""
    try:
        return HeldMasterKey(base64.b64decode(text, validate=True))
    except binascii.Error:
        raise _wrong("base64ではありません", "is not base64") from None


def from_file(path: Path) -> MasterKey:
    """From a file that its owner alone may read; made at the first start. Raises InvalidInput."""
    create_file(path, new_key())
    return read_file(path)


def read_file(path: Path) -> MasterKey:
    """As `from_file`, of one that is there. Raises InvalidInput, FileNotFoundError."""
    if stat.S_IMODE(os.stat(path).st_mode) & 0o077:  # noqa: PTH116 - the mode alone
        raise _wrong(
            "他の利用者にも読めます。chmod 600 を実行してください", "is open to others: run chmod 600 on it"
        )
    return HeldMasterKey(path.read_bytes())


def _wrong(ja: str, en: str) -> InvalidInput:
    return InvalidInput("master_key", f"マスターキーが{ja}。", f"The master key {en}.")

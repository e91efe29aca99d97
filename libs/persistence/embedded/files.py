"""The lifecycle's own small files: private to us, and never through somebody's symbolic link."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from libs.persistence.embedded.errors import in_use

_LOG_LIMIT = 10 * 1024 * 1024


def write_private(file: Path, text: str) -> None:
    """Readable by us alone, on disk when this returns."""
    with os.fdopen(_open(file, os.O_WRONLY | os.O_TRUNC), "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def write_note(file: Path, text: str) -> None:
    """For whoever may look into the folder."""
    with os.fdopen(_open(file, os.O_WRONLY | os.O_TRUNC, 0o644), "w", encoding="utf-8") as stream:
        stream.write(text)


def append_to(log: Path) -> BinaryIO:
    return os.fdopen(_open(log, os.O_WRONLY | os.O_APPEND), "ab")


def turn_over(log: Path) -> None:
    """Keep one earlier log once this one is over 10 MiB."""
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


@dataclass(frozen=True)
class Lock:
    """The right to run a server in a folder. The system takes it back when this process ends in any way."""

    handle: int

    def release(self) -> None:
        os.close(self.handle)


def take(file: Path) -> Lock:
    """Raises EmbeddedServerError when another process, or another start of this one, holds the folder."""
    handle = _open(file, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(handle, 32).decode("utf-8", "replace")
        os.close(handle)
        raise in_use(file.parent, holder) from error
    os.ftruncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return Lock(handle)


def _open(file: Path, flags: int, mode: int = 0o600) -> int:
    return os.open(file, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, mode)

"""Small files that are there as a whole or not at all, and stay there through a power cut."""

import os
import secrets
from pathlib import Path
from typing import Final

OWNER_ONLY: Final = 0o600
FOLDER_MODE: Final = 0o700


def create_file(path: Path, content: bytes) -> bool:
    """Writes a file that is not there yet; False where one is, which is left as it stands.

    The content is on disk before the name is, and of two that create at once exactly one wins.
    """
    if path.exists():
        return False
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write_through(draft, content)
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
        _flush_folder(path.parent)
    return True


def replace_file(path: Path, content: bytes) -> None:
    """Puts the content in the file's place: a reader meets the one or the other, whole."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write_through(draft, content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
        _flush_folder(path.parent)


def shred_file(path: Path) -> None:
    """Overwrites and removes; an absent file is shredded already.

    On a copy-on-write or flash device the overwritten blocks may outlive this: keep the folder on an
    encrypted volume.
    """
    try:
        with path.open("r+b") as file:
            size = os.fstat(file.fileno()).st_size
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _write_through(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

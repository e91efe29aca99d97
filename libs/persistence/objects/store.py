"""One store of objects for all tenants. Keys are made of ids alone, so no name that people give is a path."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import obstore
from obstore.store import LocalStore, ObjectStore

FOLDER_MODE: Final = 0o700
PART: Final = 5 * 1024 * 1024
"""The least that an S3-compatible store takes as a part of an object."""
PIECE: Final = 65_536


class ObjectMissing(Exception):
    """An object that a row names is not there: the wrong store, or a damaged one. A fault, no refusal."""


class Objects:
    """Puts, gets and deletes. An object is there as a whole or not at all, whatever ends the putting."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        """`folder`: where the store keeps its objects on this machine, to be flushed to disk."""
        self._store = store
        self._folder = folder

    @classmethod
    def in_folder(cls, folder: Path) -> "Objects":
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        return cls(LocalStore(folder), folder)

    async def put(self, tenant_id: uuid.UUID, identity: uuid.UUID, content: AsyncIterator[bytes]) -> None:
        """Whatever `content` raises is raised, and leaves nothing."""
        key = _key(tenant_id, identity)
        await obstore.put_async(self._store, key, content, chunk_size=PART)
        if self._folder is not None:
            await asyncio.to_thread(_flush, self._folder / key)

    async def get(self, tenant_id: uuid.UUID, identity: uuid.UUID) -> AsyncIterator[bytes]:
        """In pieces, once it is known to be there. Raises ObjectMissing."""
        try:
            found = await obstore.get_async(self._store, _key(tenant_id, identity))
        except FileNotFoundError:
            raise ObjectMissing(str(identity)) from None
        return _pieces(found)

    async def delete(self, tenant_id: uuid.UUID, identity: uuid.UUID) -> None:
        """Safe to repeat."""
        try:
            await obstore.delete_async(self._store, _key(tenant_id, identity))
        except FileNotFoundError:
            return

    async def of_tenant(self, tenant_id: uuid.UUID) -> set[uuid.UUID]:
        """Which objects are there: for who compares them with the rows."""
        found: set[uuid.UUID] = set()
        async for page in obstore.list(self._store, prefix=str(tenant_id)):  # pyright: ignore[reportUnknownMemberType] - its other form gives arrow tables, which have no types here
            found |= {uuid.UUID(each["path"].rpartition("/")[2]) for each in page}
        return found


async def _pieces(found: "obstore.GetResult") -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=PIECE):
        yield bytes(piece)


def _key(tenant_id: uuid.UUID, identity: uuid.UUID) -> str:
    return f"{tenant_id}/{identity}"


def _flush(path: Path) -> None:
    """Through a power cut: the store renames a finished file into place and leaves the rest to the system."""
    for each in (path, path.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

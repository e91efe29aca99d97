"""Where wrapped keys live. Kept apart from the database and never in its backups: erased here is erased."""

import fcntl
import os
import uuid
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

from libs.errors.problems import WrongState
from libs.persistence.sealing.durable_files import (
    FOLDER_MODE,
    OWNER_ONLY,
    create_file,
    replace_file,
    shred_file,
)

TENANT_KEY: Final = "tenant"
EARLIER_TENANT_KEY: Final = "tenant-before"
"""The tenant's key until all of its cases' keys are wrapped by the one that follows."""
KEY: Final = ".key"
ERASED: Final = ".erased"
WRAPPING: Final = ".wrapping"
"""Locked, shared by those who wrap by a master key and alone by who drops one."""


class KeyErased(WrongState):
    """The key was erased on purpose: what it sealed cannot be read by anybody any more."""

    def __init__(self) -> None:
        super().__init__(
            "erased",
            "この記録の本人情報は消去されており、もう読むことはできません。",
            "What was written about this person has been erased and cannot be read any more.",
        )


class KeyMissing(Exception):
    """A key that was never erased is not there: the wrong store, or a damaged one. A fault, no refusal."""


class KeyStore(Protocol):
    """Wrapped keys by tenant and name. An erased name can never be used again."""

    def put(self, tenant_id: uuid.UUID, name: str, wrapped: bytes) -> None:
        """Keeps a key under a new name; a name that has one keeps it. Raises KeyErased."""
        ...

    def get(self, tenant_id: uuid.UUID, name: str) -> bytes:
        """Raises KeyErased, KeyMissing."""
        ...

    def replace(self, tenant_id: uuid.UUID, name: str, wrapped: bytes) -> None:
        """The same key, wrapped anew: at every moment the one or the other is there. Raises KeyErased."""
        ...

    def erase(self, tenant_id: uuid.UUID, name: str) -> None:
        """Safe to repeat."""
        ...

    def drop(self, tenant_id: uuid.UUID, name: str) -> None:
        """Destroys a wrapped key without a mark: one that another stands in for."""
        ...

    def wrapping(self) -> AbstractContextManager[None]:
        """For the time in which something is wrapped by a master key and put here: none is dropped meanwhile.

        Waits for who drops one.
        """
        ...

    def tenants(self) -> list[uuid.UUID]: ...

    def cases(self, tenant_id: uuid.UUID) -> Iterator[uuid.UUID]:
        """Whose keys are there, erased ones not."""
        ...


class FolderKeyStore:
    """One file a key, in one folder a tenant. What was erased leaves an empty mark that says so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, tenant_id: uuid.UUID, name: str, wrapped: bytes) -> None:
        self._refuse_erased(tenant_id, name)
        create_file(self._path(tenant_id, name, KEY), wrapped)

    def get(self, tenant_id: uuid.UUID, name: str) -> bytes:
        self._refuse_erased(tenant_id, name)
        try:
            return self._path(tenant_id, name, KEY).read_bytes()
        except FileNotFoundError:
            self._refuse_erased(tenant_id, name)
            raise KeyMissing(str(tenant_id), name) from None

    def replace(self, tenant_id: uuid.UUID, name: str, wrapped: bytes) -> None:
        self._refuse_erased(tenant_id, name)
        path = self._path(tenant_id, name, KEY)
        replace_file(path, wrapped)
        if self.is_erased(tenant_id, name):  # in between: what was put back goes as well
            shred_file(path)
            raise KeyErased

    def erase(self, tenant_id: uuid.UUID, name: str) -> None:
        # the mark first: were the machine to stop in between, the key is refused already
        create_file(self._path(tenant_id, name, ERASED), b"")
        shred_file(self._path(tenant_id, name, KEY))

    def drop(self, tenant_id: uuid.UUID, name: str) -> None:
        shred_file(self._path(tenant_id, name, KEY))

    @contextmanager
    def wrapping(self) -> Generator[None]:
        with self._locked(fcntl.LOCK_SH):
            yield

    @contextmanager
    def dropping(self) -> Generator[None]:
        """For who drops a master key: nobody wraps by it meanwhile. Raises WrongState where somebody does."""
        try:
            with self._locked(fcntl.LOCK_EX | fcntl.LOCK_NB):
                yield
        except BlockingIOError:
            raise WrongState(
                "rewrapping",
                "鍵の更新中です。tsunagari keys rewrap が終わってから、もう一度実行してください。",
                "Keys are being wrapped. Run this again when tsunagari keys rewrap has finished.",
            ) from None

    @contextmanager
    def _locked(self, how: int) -> Generator[None]:
        self._folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        lock = os.open(self._folder / WRAPPING, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
        try:
            fcntl.flock(lock, how)
            yield
        finally:
            os.close(lock)

    def is_erased(self, tenant_id: uuid.UUID, name: str) -> bool:
        return self._path(tenant_id, name, ERASED).exists()

    def has(self, tenant_id: uuid.UUID, name: str) -> bool:
        """Whether a key's file lies there, whatever its mark says."""
        return self._path(tenant_id, name, KEY).exists()

    def tenants(self) -> list[uuid.UUID]:
        if not self._folder.exists():
            return []
        return sorted(filter(None, (_uuid(each.name) for each in self._folder.iterdir())))

    def cases(self, tenant_id: uuid.UUID) -> Iterator[uuid.UUID]:
        with os.scandir(self._folder / str(tenant_id)) as found:
            for each in found:
                name = each.name
                case = _uuid(name.removesuffix(KEY)) if name.endswith(KEY) else None
                if case is not None and not self.is_erased(tenant_id, str(case)):
                    yield case

    def _refuse_erased(self, tenant_id: uuid.UUID, name: str) -> None:
        if self.is_erased(tenant_id, name):
            raise KeyErased

    def _path(self, tenant_id: uuid.UUID, name: str, ending: str) -> Path:
        return self._folder / str(tenant_id) / f"{name}{ending}"


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

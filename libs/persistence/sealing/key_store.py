"""Where wrapped keys live. Kept apart from the database and never in its backups: erased here is erased."""

import uuid
from pathlib import Path
from typing import Final, Protocol

from libs.errors.problems import WrongState
from libs.persistence.sealing.durable_files import create_file, shred_file

TENANT_KEY: Final = "tenant"
_KEY: Final = ".key"
_ERASED: Final = ".erased"


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

    def erase(self, tenant_id: uuid.UUID, name: str) -> None:
        """Safe to repeat."""
        ...


class FolderKeyStore:
    """One file a key, in one folder a tenant. What was erased leaves an empty mark that says so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, tenant_id: uuid.UUID, name: str, wrapped: bytes) -> None:
        self._refuse_erased(tenant_id, name)
        create_file(self._path(tenant_id, name, _KEY), wrapped)

    def get(self, tenant_id: uuid.UUID, name: str) -> bytes:
        self._refuse_erased(tenant_id, name)
        try:
            return self._path(tenant_id, name, _KEY).read_bytes()
        except FileNotFoundError:
            self._refuse_erased(tenant_id, name)
            raise KeyMissing(str(tenant_id), name) from None

    def erase(self, tenant_id: uuid.UUID, name: str) -> None:
        # the mark first: were the machine to stop in between, the key is refused already
        create_file(self._path(tenant_id, name, _ERASED), b"")
        shred_file(self._path(tenant_id, name, _KEY))

    def _refuse_erased(self, tenant_id: uuid.UUID, name: str) -> None:
        if self._path(tenant_id, name, _ERASED).exists():
            raise KeyErased

    def _path(self, tenant_id: uuid.UUID, name: str, ending: str) -> Path:
        return self._folder / str(tenant_id) / f"{name}{ending}"

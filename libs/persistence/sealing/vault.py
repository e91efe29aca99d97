"""Seals and opens the texts of cases. Keys are read for each use, never remembered: erased is erased."""

import asyncio
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from libs.persistence.sealing import master_key
from libs.persistence.sealing.cipher import decrypt, encrypt, new_key
from libs.persistence.sealing.key_store import TENANT_KEY, FolderKeyStore, KeyStore
from libs.persistence.sealing.master_key import MasterKey

MASTER_KEY_FILE: Final = "master.key"
KEYS_FOLDER: Final = "keys"
OWN_KEY: Final = "own"
"""What a tenant's own secrets are sealed under, of no case: letters that wait, webhooks' secrets."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text belongs: a ciphertext opens at no other place of the tenant's data."""

    table: str
    column: str
    row: uuid.UUID


class Sealer:
    """One case's key, held for the time of one action."""

    __slots__ = ("_key", "_tenant_id")

    def __init__(self, tenant_id: uuid.UUID, key: bytes) -> None:
        self._tenant_id = tenant_id
        self._key = key

    def seal(self, place: Place, text: str) -> bytes:
        return encrypt(self._key, text.encode(), self._named(place))

    def open(self, place: Place, ciphertext: bytes) -> str:
        """Raises Unreadable where the ciphertext was made for another place or altered."""
        return decrypt(self._key, ciphertext, self._named(place)).decode()

    def _named(self, place: Place) -> tuple[str, ...]:
        return ("text", str(self._tenant_id), place.table, place.column, str(place.row))


class Vault:
    """The sealers of all cases. One for a process; it holds the master key and no other."""

    def __init__(self, master: MasterKey, keys: KeyStore) -> None:
        self._master = master
        self._keys = keys

    @classmethod
    def in_folder(cls, folder: Path, master_key_text: str | None = None) -> "Vault":
        """Wrapped keys below `folder`; the master key from the text or else from a file there.

        Raises InvalidInput for a master key that is none or is open to others.
        """
        master = (
            master_key.from_file(folder / MASTER_KEY_FILE)
            if master_key_text is None
            else master_key.from_text(master_key_text)
        )
        return cls(master, FolderKeyStore(folder / KEYS_FOLDER))

    async def create(self, tenant_id: uuid.UUID, case_id: uuid.UUID) -> Sealer:
        """Makes a new case's key. Done before the case is committed: a key without its case opens nothing."""
        return await asyncio.to_thread(self._create, tenant_id, case_id)

    async def sealer(self, tenant_id: uuid.UUID, case_id: uuid.UUID) -> Sealer:
        """Raises KeyErased, and KeyMissing where the store is not the right one."""
        return await asyncio.to_thread(self._load, tenant_id, case_id)

    async def of_tenant(self, tenant_id: uuid.UUID) -> Sealer:
        """The sealer of the tenant's own secrets, its key made when it is first asked for."""
        return await asyncio.to_thread(self._of_tenant, tenant_id)

    async def erase(self, tenant_id: uuid.UUID, case_id: uuid.UUID) -> None:
        """Whatever was sealed under this case's key is unreadable from now on, in every copy."""
        await asyncio.to_thread(self._keys.erase, tenant_id, str(case_id))

    def _create(self, tenant_id: uuid.UUID, case_id: uuid.UUID) -> Sealer:
        self._found(tenant_id)
        wrapped = encrypt(self._tenant_key(tenant_id), new_key(), _case_place(tenant_id, case_id))
        self._keys.put(tenant_id, str(case_id), wrapped)
        return self._load(tenant_id, case_id)

    def _load(self, tenant_id: uuid.UUID, case_id: uuid.UUID) -> Sealer:
        wrapped = self._keys.get(tenant_id, str(case_id))
        key = decrypt(self._tenant_key(tenant_id), wrapped, _case_place(tenant_id, case_id))
        return Sealer(tenant_id, key)

    def _of_tenant(self, tenant_id: uuid.UUID) -> Sealer:
        self._found(tenant_id)
        tenant_key, place = self._tenant_key(tenant_id), _own_place(tenant_id)
        self._keys.put(tenant_id, OWN_KEY, encrypt(tenant_key, new_key(), place))
        return Sealer(tenant_id, decrypt(tenant_key, self._keys.get(tenant_id, OWN_KEY), place))

    def _found(self, tenant_id: uuid.UUID) -> None:
        """A tenant's key, made with its first case; of several the store keeps the first."""
        self._keys.put(tenant_id, TENANT_KEY, self._master.wrap(new_key(), _tenant_place(tenant_id)))

    def _tenant_key(self, tenant_id: uuid.UUID) -> bytes:
        return self._master.unwrap(self._keys.get(tenant_id, TENANT_KEY), _tenant_place(tenant_id))


def _tenant_place(tenant_id: uuid.UUID) -> tuple[str, ...]:
    return ("tenant-key", str(tenant_id))


def _own_place(tenant_id: uuid.UUID) -> tuple[str, ...]:
    return ("own-key", str(tenant_id))


def _case_place(tenant_id: uuid.UUID, case_id: uuid.UUID) -> tuple[str, ...]:
    return ("case-key", str(tenant_id), str(case_id))

"""Seals and opens the texts of cases. Keys are read for each use, never remembered: erased is erased."""

import asyncio
import hmac
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from libs.persistence.sealing import streams
from libs.persistence.sealing.cipher import Unreadable, decrypt, encrypt, new_key
from libs.persistence.sealing.key_store import (
    EARLIER_TENANT_KEY,
    TENANT_KEY,
    FolderKeyStore,
    KeyMissing,
    KeyStore,
)
from libs.persistence.sealing.master_key import MasterKey
from libs.persistence.sealing.master_source import MasterSource

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

    def seal_stream(self, place: Place, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        return streams.sealed(self._key, self._named(place), content)

    def open_stream(self, place: Place, sealed: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Raises Unreadable at the first piece that is not what was sealed for this place, or is cut off."""
        return streams.opened(self._key, self._named(place), sealed)

    def mark(self, purpose: str, text: str) -> bytes:
        """A keyed hash by which a secret is found again and cannot be guessed from (RFC 2104, SHA-256)."""
        key = hmac.digest(self._key, b"mark", "sha256")
        return hmac.digest(key, msgspec.json.encode((purpose, str(self._tenant_id), text)), "sha256")

    def _named(self, place: Place) -> tuple[str, ...]:
        return ("text", str(self._tenant_id), place.table, place.column, str(place.row))


class Vault:
    """The sealers of all cases. One for a process; it holds the master key and no other."""

    def __init__(self, master: MasterKey, keys: KeyStore) -> None:
        self._master = master
        self._keys = keys

    @classmethod
    def in_folder(cls, folder: Path, source: MasterSource | None = None) -> "Vault":
        """Wrapped keys below `folder`; the master key is what `source` names, else a file there.

        Raises InvalidInput for a master key that is none or is open to others.
        """
        return cls((source or MasterSource()).opened(folder), FolderKeyStore(folder / KEYS_FOLDER))

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
        first = self.tenant_key(tenant_id)
        place, key = case_place(tenant_id, case_id), new_key()
        self._keys.put(tenant_id, str(case_id), encrypt(first, key, place))
        # the tenant got another key meanwhile, and who rewraps may have passed by already
        if (now := self.tenant_key(tenant_id)) != first:
            self._keys.replace(tenant_id, str(case_id), encrypt(now, key, place))
        return self._load(tenant_id, case_id)

    def _load(self, tenant_id: uuid.UUID, case_id: uuid.UUID) -> Sealer:
        try:
            return Sealer(tenant_id, self.case_key(tenant_id, case_id))
        except Unreadable:  # both keys were wrapped anew between the reading of the one and of the other
            return Sealer(tenant_id, self.case_key(tenant_id, case_id))

    def case_key(self, tenant_id: uuid.UUID, case_id: uuid.UUID) -> bytes:
        """For who wraps it anew. Raises KeyErased, KeyMissing, Unreadable."""
        return self._unwrapped(tenant_id, str(case_id), case_place(tenant_id, case_id))

    def own_key(self, tenant_id: uuid.UUID) -> bytes:
        """Likewise, of the tenant's own secrets. Raises KeyMissing, Unreadable."""
        return self._unwrapped(tenant_id, OWN_KEY, own_place(tenant_id))

    def tenant_key(self, tenant_id: uuid.UUID, name: str = TENANT_KEY) -> bytes:
        """The key that wraps the tenant's cases' keys. Raises Unreadable; KeyMissing for the present one."""
        try:
            wrapped = self._keys.get(tenant_id, name)
        except KeyMissing:
            if name == TENANT_KEY:
                raise
            raise Unreadable from None
        return self._master.unwrap(wrapped, tenant_place(tenant_id))

    def _unwrapped(self, tenant_id: uuid.UUID, name: str, place: tuple[str, ...]) -> bytes:
        """Under the tenant's present key, or the one before while keys are wrapped anew."""
        wrapped = self._keys.get(tenant_id, name)
        try:
            return decrypt(self.tenant_key(tenant_id), wrapped, place)
        except Unreadable:
            return decrypt(self.tenant_key(tenant_id, EARLIER_TENANT_KEY), wrapped, place)

    def _of_tenant(self, tenant_id: uuid.UUID) -> Sealer:
        self._found(tenant_id)
        wrapped = encrypt(self.tenant_key(tenant_id), new_key(), own_place(tenant_id))
        self._keys.put(tenant_id, OWN_KEY, wrapped)
        return Sealer(tenant_id, self.own_key(tenant_id))

    def _found(self, tenant_id: uuid.UUID) -> None:
        """A tenant's key, made with its first case; of several the store keeps the first."""
        try:
            self._keys.get(tenant_id, TENANT_KEY)
        except KeyMissing:
            with self._keys.wrapping():
                wrapped = self._master.wrap(new_key(), tenant_place(tenant_id))
                self._keys.put(tenant_id, TENANT_KEY, wrapped)


def tenant_place(tenant_id: uuid.UUID) -> tuple[str, ...]:
    return ("tenant-key", str(tenant_id))


def own_place(tenant_id: uuid.UUID) -> tuple[str, ...]:
    return ("own-key", str(tenant_id))


def case_place(tenant_id: uuid.UUID, case_id: uuid.UUID) -> tuple[str, ...]:
    return ("case-key", str(tenant_id), str(case_id))

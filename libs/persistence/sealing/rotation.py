"""Keys wrapped anew while the platform runs: at every moment each key opens, by the old way or the new.

Each step can be repeated, so who was stopped in the middle begins again and finishes.
"""

import uuid
from collections.abc import Iterator

from libs.persistence.sealing.cipher import Unreadable, decrypt, encrypt, new_key
from libs.persistence.sealing.key_store import (
    EARLIER_TENANT_KEY,
    TENANT_KEY,
    FolderKeyStore,
    KeyErased,
    KeyMissing,
)
from libs.persistence.sealing.master_key import MasterKey
from libs.persistence.sealing.vault import OWN_KEY, Vault, case_place, own_place, tenant_place


class Rotation:
    """Over the store that the vault reads, with the master keys that it knows."""

    def __init__(self, master: MasterKey, store: FolderKeyStore) -> None:
        self._master = master
        self._store = store
        self._vault = Vault(master, store)

    def rewrap(self, tenant_id: uuid.UUID) -> None:
        """The tenant's keys under the present master key; the cases' keys stay as they are."""
        for name in (TENANT_KEY, EARLIER_TENANT_KEY):
            if self._store.has(tenant_id, name):
                self._wrap(tenant_id, name, self._vault.tenant_key(tenant_id, name))

    def renew(self, tenant_id: uuid.UUID) -> Iterator[uuid.UUID]:
        """A new key for the tenant, and each case's key wrapped by it: yields each case that is done."""
        self._begin(tenant_id)
        # a case may be opened meanwhile by who read the earlier key: see `Vault.create`
        while waiting := [each for each in self._store.cases(tenant_id) if self._waits(tenant_id, each)]:
            for case_id in waiting:
                self._rewrap_case(tenant_id, case_id)
                yield case_id
        self._rewrap_own(tenant_id)
        self._store.drop(tenant_id, EARLIER_TENANT_KEY)

    def _begin(self, tenant_id: uuid.UUID) -> None:
        """The earlier key is kept under its second name before the new one takes the first."""
        if not self._store.has(tenant_id, EARLIER_TENANT_KEY):
            self._store.put(tenant_id, EARLIER_TENANT_KEY, self._store.get(tenant_id, TENANT_KEY))
        if self._vault.tenant_key(tenant_id) == self._vault.tenant_key(tenant_id, EARLIER_TENANT_KEY):
            self._wrap(tenant_id, TENANT_KEY, new_key())

    def _waits(self, tenant_id: uuid.UUID, case_id: uuid.UUID) -> bool:
        """Raises nothing for a key that nobody can open: `keys verify` names it."""
        try:
            wrapped = self._store.get(tenant_id, str(case_id))
            decrypt(self._vault.tenant_key(tenant_id), wrapped, case_place(tenant_id, case_id))
        except Unreadable:
            return self._opens(tenant_id, case_id)
        except (KeyErased, KeyMissing):
            return False
        return False

    def _opens(self, tenant_id: uuid.UUID, case_id: uuid.UUID) -> bool:
        try:
            self._vault.case_key(tenant_id, case_id)
        except (Unreadable, KeyErased, KeyMissing):
            return False
        return True

    def _rewrap_case(self, tenant_id: uuid.UUID, case_id: uuid.UUID) -> None:
        try:
            key = self._vault.case_key(tenant_id, case_id)
            wrapped = encrypt(self._vault.tenant_key(tenant_id), key, case_place(tenant_id, case_id))
            self._store.replace(tenant_id, str(case_id), wrapped)
        except KeyErased:
            return

    def _rewrap_own(self, tenant_id: uuid.UUID) -> None:
        """The key of the tenant's own secrets, if it has any."""
        if self._store.has(tenant_id, OWN_KEY):
            key = self._vault.own_key(tenant_id)
            wrapped = encrypt(self._vault.tenant_key(tenant_id), key, own_place(tenant_id))
            self._store.replace(tenant_id, OWN_KEY, wrapped)

    def _wrap(self, tenant_id: uuid.UUID, name: str, key: bytes) -> None:
        with self._store.wrapping():
            self._store.replace(tenant_id, name, self._master.wrap(key, tenant_place(tenant_id)))

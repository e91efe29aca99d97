"""The key store compared with the database: a restored store must not hold what the records call erased."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import asyncpg

from libs.persistence.database import Context, Database
from libs.persistence.roles import APP
from libs.persistence.sealing.cipher import Unreadable
from libs.persistence.sealing.key_store import FolderKeyStore, KeyErased, KeyMissing
from libs.persistence.sealing.vault import Vault
from services.operator.environment import url_of
from services.operator.progress import advancing_async
from services.platform.rights.models.keys import CASES

NOT_ERASED_YET: Final = "to be erased by the worker"
ERASED_AGAIN: Final = "erased again"
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """What is not as the records say of one case's key."""

    slug: str
    case_id: uuid.UUID
    finding: str

    @property
    def is_fault(self) -> bool:
        return self.finding not in {NOT_ERASED_YET, ERASED_AGAIN}


async def checked(vault: Vault, store: FolderKeyStore, *, erase_again: bool) -> AsyncIterator[Checked]:
    """Every finding, tenant by tenant; nothing is held for longer than one case."""
    database = await Database.open(url_of(APP), name="tsunagari-operator", size=1)
    try:
        async with database.reading(Context(None)) as connection:
            tenants = await connection.fetch("SELECT tenant_id, slug FROM tsunagari.tenant ORDER BY slug")
        for tenant in tenants:
            cases = _cases(database, tenant["tenant_id"])
            async for case in advancing_async(cases, tenant["slug"]):
                finding = await _finding(vault, store, case, erase_again=erase_again)
                if finding is not None:
                    yield Checked(tenant["slug"], case["id"], finding)
    finally:
        await database.close()


async def _cases(database: Database, tenant_id: uuid.UUID) -> AsyncIterator[asyncpg.Record]:
    async with database.reading(Context(tenant_id)) as connection:
        async for row in connection.cursor(
            CASES.sql, *CASES.arguments({"viewer_tenant": tenant_id}), prefetch=BATCH
        ):
            yield row


async def _finding(
    vault: Vault, store: FolderKeyStore, case: asyncpg.Record, *, erase_again: bool
) -> str | None:
    tenant_id, case_id = case["tenant_id"], case["id"]
    if case["erased"]:
        return await _left_over(vault, store, (tenant_id, case_id), erase_again=erase_again)
    if case["state"] == "erased":
        return NOT_ERASED_YET
    try:
        await vault.sealer(tenant_id, case_id)
    except KeyErased:
        return "erased without a record"
    except KeyMissing:
        return "missing"
    except Unreadable:
        return "does not open"
    return None


async def _left_over(
    vault: Vault, store: FolderKeyStore, of: tuple[uuid.UUID, uuid.UUID], *, erase_again: bool
) -> str | None:
    tenant_id, name = of[0], str(of[1])
    if store.is_erased(tenant_id, name) and not store.has(tenant_id, name):
        return None
    if not erase_again:
        return "erased by the records, but there: keys verify --erase-again"
    await vault.erase(*of)
    return ERASED_AGAIN

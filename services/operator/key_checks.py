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
from services.operator import dead_work
from services.operator.environment import url_of
from services.operator.progress import advancing_async
from services.platform.rights.actions.erasing import ERASE_KEY
from services.platform.rights.models.keys import CASES, ERASURES

NOT_ERASED_YET: Final = "to be erased by the worker"
GIVEN_UP: Final = f"erasure given up by the worker: tsunagari work retry --kind {ERASE_KEY}"
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
    async with dead_work.as_worker() as claims:
        dead = await dead_work.keys_of(claims, ERASE_KEY)
    database = await Database.open(url_of(APP), name="tsunagari-operator", size=1)
    try:
        for tenant_id, slug in (await dead_work.slugs(database)).items():
            given_up = await _given_up(database, tenant_id, dead)
            async for case in advancing_async(_cases(database, tenant_id), slug):
                finding = await _finding(vault, store, case, erase_again=erase_again)
                if finding == NOT_ERASED_YET and case["id"] in given_up:
                    finding = GIVEN_UP
                if finding is not None:
                    yield Checked(slug, case["id"], finding)
    finally:
        await database.close()


async def _given_up(
    database: Database, tenant_id: uuid.UUID, dead: set[tuple[uuid.UUID, uuid.UUID]]
) -> set[uuid.UUID]:
    """The cases whose erasure was decided, and whose key the worker no longer tries to destroy."""
    async with database.reading(Context(tenant_id)) as connection:
        rows = await connection.fetch(ERASURES.sql, *ERASURES.arguments({"viewer_tenant": tenant_id}))
    return {row["case_id"] for row in rows if (tenant_id, row["id"]) in dead}


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

"""The key store compared with the database: a restored store must not hold what the records call erased."""

import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg

from libs.persistence.database import Context, Database
from libs.persistence.roles import APP
from libs.persistence.sealing.cipher import Unreadable
from libs.persistence.sealing.key_store import FolderKeyStore, KeyErased, KeyMissing
from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement
from services.operator import dead_work
from services.operator.environment import url_of
from services.operator.progress import advancing_async
from services.platform.events.models.keys import EVENTS
from services.platform.rights.actions.erasing import ERASE_KEY
from services.platform.rights.models.keys import CASES, ERASURES

NOT_ERASED_YET: Final = "to be erased by the worker"
GIVEN_UP: Final = f"erasure given up by the worker: tsunagari work retry --kind {ERASE_KEY}"
ERASED_AGAIN: Final = "erased again"
BATCH: Final = 500
KEYS: Final[Mapping[str, Statement]] = {"case": CASES, "event": EVENTS}


@dataclass(frozen=True, slots=True)
class Checked:
    """What is not as the records say of one key; `of`: a case's, or an event's."""

    slug: str
    of: str
    identity: uuid.UUID
    finding: str

    @property
    def is_fault(self) -> bool:
        return self.finding not in {NOT_ERASED_YET, ERASED_AGAIN}


async def checked(vault: Vault, store: FolderKeyStore, *, erase_again: bool) -> AsyncIterator[Checked]:
    """Every finding, tenant by tenant; nothing is held for longer than one key."""
    async with dead_work.as_worker() as claims:
        dead = await dead_work.keys_of(claims, ERASE_KEY)
    database = await Database.open(url_of(APP), name="tsunagari-operator", size=1)
    try:
        for tenant_id, slug in (await dead_work.slugs(database)).items():
            given_up = await _given_up(database, tenant_id, dead)
            async for of, row in advancing_async(_keys(database, tenant_id), slug):
                finding = await _finding(vault, store, row, erase_again=erase_again)
                if finding == NOT_ERASED_YET and row["id"] in given_up:
                    finding = GIVEN_UP
                if finding is not None:
                    yield Checked(slug, of, row["id"], finding)
    finally:
        await database.close()


async def _given_up(
    database: Database, tenant_id: uuid.UUID, dead: set[tuple[uuid.UUID, uuid.UUID]]
) -> set[uuid.UUID]:
    """The cases whose erasure was decided, and whose key the worker no longer tries to destroy."""
    async with database.reading(Context(tenant_id)) as connection:
        rows = await connection.fetch(ERASURES.sql, *ERASURES.arguments({"viewer_tenant": tenant_id}))
    return {row["case_id"] for row in rows if (tenant_id, row["id"]) in dead}


async def _keys(database: Database, tenant_id: uuid.UUID) -> AsyncIterator[tuple[str, asyncpg.Record]]:
    """What has a key by the records, with whose it is."""
    for of, statement in KEYS.items():
        async with database.reading(Context(tenant_id)) as connection:
            async for row in connection.cursor(
                statement.sql, *statement.arguments({"viewer_tenant": tenant_id}), prefetch=BATCH
            ):
                yield of, row


async def _finding(
    vault: Vault, store: FolderKeyStore, row: asyncpg.Record, *, erase_again: bool
) -> str | None:
    tenant_id, name = row["tenant_id"], row["id"]
    if row["erased"]:
        return await _left_over(vault, store, (tenant_id, name), erase_again=erase_again)
    if row["state"] == "erased":
        return NOT_ERASED_YET
    try:
        await vault.sealer(tenant_id, name)
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

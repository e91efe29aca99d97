"""The loop's people, and what they say and do for the rights of the person."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from libs.persistence.actor import SYSTEM
from libs.persistence.sealing.vault import Vault
from libs.persistence.work import Work
from services.platform.rights.actions.awaiting import REMIND
from services.platform.rights.actions.erasing import ERASE_KEY
from services.platform.rights.jobs import RETENTION, jobs
from tests.referrals.conftest import Loop
from tests.referrals.documents import ERRORS
from tests.stage.tokens import key_folder

KINDS = (ERASE_KEY, RETENTION, REMIND)
CASE = """query ($id: ID!) { case(id: $id) { id version state number viewerCan
  accessLog { level basis person { name } } } }"""
ERASURE = """query ($id: ID!) { erasure(id: $id) { id version state reason case { number } askedBy { name }
  confirmedBy { name } doneAt organisation { name } viewerCan hiddenFields } }"""
ERASURES = "query { erasures { totalCount nodes { id state case { number } } } }"
CORRECTIONS = "query ($id: ID!) { referral(id: $id) { corrections { items reason person { name } } } }"
_ERASURE = "... on ErasurePayload { erasure { id version state } }"


def _mutation(name: str, kind: str, selection: str) -> str:
    return f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ __typename {selection} {ERRORS} }} }}"


ERASE = _mutation("eraseCase", "EraseCaseInput", _ERASURE)
CONFIRM = _mutation("confirmErasure", "ErasureInput", _ERASURE)
TAKE_BACK = _mutation("takeBackErasure", "ErasureInput", _ERASURE)
CORRECT = _mutation("correctCase", "CorrectCaseInput", "... on CasePayload { case { id version } }")
EXPORT_PERSON = _mutation("exportPerson", "ExportPersonInput", "... on ExportPersonPayload { document }")
EXPORT_LOG = _mutation(
    "exportAccessLog", "ExportAccessLogInput", "... on ExportAccessLogPayload { entries document }"
)
WORKSHEET = _mutation(
    "breachWorksheet",
    "BreachWorksheetInput",
    """... on BreachWorksheetPayload { cases
      lines { organisation person level basis openings cases } checklist { point applies dueOn ja en } }""",
)


__all__ = ["Rights", "rights"]


@dataclass
class Rights:
    """The loop with the doors of this room."""

    loop: Loop
    vault: Vault

    async def case(self, identity: str, name: str = "ines") -> dict[str, Any] | None:
        return (await self.loop.person(name).ask(CASE, id=identity)).data["case"]

    async def asked(self, case: str, reason: str = "PERSON_ASKED") -> dict[str, Any]:
        """Ines asks for the erasure of her case."""
        version = (await self.case(case) or {})["version"]
        said = await self.loop.person("ines").do(ERASE, id=case, version=version, reason=reason)
        assert said["__typename"] == "ErasurePayload", said
        return said["erasure"]

    async def confirmed(self, case: str, name: str = "mori") -> dict[str, Any]:
        asked = await self.asked(case)
        said = await self.loop.person(name).do(CONFIRM, id=asked["id"], version=asked["version"])
        assert said["__typename"] == "ErasurePayload", said
        return said["erasure"]

    async def due(self) -> list[str]:
        """Does what is due now of this room, as the worker would; the kinds done."""
        vault, done = Vault.in_folder(key_folder()), list[str]()
        clock = self.loop.cities.stage.clock
        async with self.loop.cities.stage.sql() as sql:
            rows = await sql.fetch(
                "DELETE FROM tsunagari.work_due WHERE due_at <= $1 AND kind = ANY($2) RETURNING *",
                clock(),
                list(KINDS),
            )
        for row in rows:
            async with self.at_work(row["tenant_id"]) as work:
                await jobs(vault)[row["kind"]](work, row["key"])
            done.append(row["kind"])
        return done

    @asynccontextmanager
    async def at_work(self, tenant: uuid.UUID) -> AsyncGenerator[Work]:
        async with self.loop.cities.stage.database() as database, database.work(tenant, SYSTEM) as work:
            yield work

    async def tenant(self) -> uuid.UUID:
        async with self.loop.cities.stage.sql() as sql:
            return await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")

    async def audited(self, action: str) -> list[asyncpg.Record]:
        async with self.loop.cities.stage.sql() as sql:
            return await sql.fetch(
                "SELECT * FROM tsunagari.audit_entry WHERE action = $1 ORDER BY sequence", action
            )


@pytest.fixture
def rights(loop: Loop) -> Rights:
    return Rights(loop, Vault.in_folder(key_folder()))


def number(identity: str) -> uuid.UUID:
    """The UUID of a global id."""
    return uuid.UUID(identity.rpartition("_")[2])

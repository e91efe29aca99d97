"""All that the platform holds about one person, for the person (個人情報保護法 33条, 76条).

Logged as an opening of every level before anything is opened, and never answered from an earlier answer.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import asyncpg
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.sealing.vault import Place, Vault
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.tenancy.models import organisation, person
from services.platform.referrals.actions.revealing import Asked, log_access
from services.platform.referrals.models import case_file, codes, sealed_text
from services.platform.requests.actions import texts as conversations
from services.platform.rights.models.person_data import EXPORTED, ORGANISATIONS, PEOPLE, statement_of

Rows = list[dict[str, Any]]
_LEVELS: Final = (*codes.LEVELS, codes.TEXTS)


@dataclass(frozen=True, slots=True)
class Exported:
    """A logged admission: what lies open, and the texts, still sealed."""

    case_id: uuid.UUID
    tenant_id: uuid.UUID
    open: Mapping[str, Any]
    sealed: Mapping[Place, bytes]
    conversation: Sequence[asyncpg.Record]

    async def document(self, vault: Vault) -> str:
        """JSON; to be called after the commit of the log. Raises KeyErased."""
        sealer = await vault.sealer(self.tenant_id, self.case_id)
        texts = [
            {"of": place.table, "id": place.row, "item": place.column, "text": sealer.open(place, ciphertext)}
            for place, ciphertext in self.sealed.items()
        ]
        said = [
            {"author": each.author, "part": each.part, "at": each.at, "text": each.text}
            for each in conversations.opened(sealer, self.conversation)
        ]
        whole = {**self.open, "texts": texts, "conversation": said}
        return msgspec.json.format(msgspec.json.encode(whole)).decode()


async def admit_to_export(
    acting: Acting, case_id: uuid.UUID | None, purpose_code: str, purpose: str
) -> Exported:
    """Raises NotFound, NotAllowed (kept as a refusal), InvalidInput, KeyErased."""
    row = await acting.find("case", case_file, case_id, action="export_person")
    for level in _LEVELS:
        await log_access(acting, row["id"], None, "case_holder", Asked(level, purpose_code, purpose))
    acting.work.record("export_person", "case", row["id"], purpose=purpose_code)
    return Exported(
        row["id"],
        acting.work.tenant_id,
        {"exported_at": acting.work.now, **await _open(acting.work, row["id"])},
        await _sealed(acting.work, row["id"]),
        # a request for help that became a case gave it its id and its key
        await conversations.sealed(acting.work, row["id"]),
    )


async def _open(work: Work, case_id: uuid.UUID) -> dict[str, Rows]:
    sections = {
        name: [dict(row) for row in await work.rows(statement, case_id=case_id)]
        for name, statement in _statements().items()
    }
    names = await _names(work, sections)
    return {name: [_named(row, names) for row in rows] for name, rows in sections.items()}


async def _names(work: Work, sections: Mapping[str, Rows]) -> dict[uuid.UUID, str]:
    rows = [row for found in sections.values() for row in found]
    held = {row[column] for row in rows for column in (PEOPLE | ORGANISATIONS) & row.keys()} - {None}
    return {each["id"]: each["name"] for each in await work.rows(NAMES, ids=list(held))}


def _named(row: dict[str, Any], names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    held = {column for column in (PEOPLE | ORGANISATIONS) & row.keys() if row[column] is not None}
    return row | {column.removesuffix("_id"): names.get(row[column]) for column in sorted(held)}


async def _sealed(work: Work, case_id: uuid.UUID) -> dict[Place, bytes]:
    return {
        Place(row["of_table"], row["of_column"], row["of_row"]): row["ciphertext"]
        for row in await work.rows(SEALED, case_id=case_id)
    }


@cache
def _statements() -> Mapping[str, Statement]:
    return {name: statement_of(table, column) for name, (table, column) in EXPORTED.items()}


def _names_of(table: sa.Table) -> "sa.Select[Any, Any]":
    wanted = sa.bindparam("ids", type_=ARRAY(sa.Uuid()))
    return sa.select(table.c.id, table.c.name).where(
        table.c.tenant_id == TENANT, table.c.id == sa.any_(wanted)
    )


NAMES: Final = Statement(sa.union_all(_names_of(person), _names_of(organisation)))
SEALED: Final = Statement(
    sa.select(sealed_text.c.of_table, sealed_text.c.of_row, sealed_text.c.of_column, sealed_text.c.ciphertext)
    .where(sealed_text.c.tenant_id == TENANT, sealed_text.c.case_id == parameter(sealed_text.c.case_id))
    .order_by(sealed_text.c.id)
)

"""Who opened what: exported for a person's request for disclosure, by those who may read it anyway."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import asyncpg
import msgspec
import sqlalchemy as sa

from libs.errors.problems import TooMuch
from libs.persistence.sealing.key_store import KeyErased
from libs.persistence.sealing.vault import Place, Sealer, Vault
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import organisation, person
from services.platform.referrals.models import access_entry, case_file, referral, sealed_text
from services.platform.rights.actions.spreadsheets import csv_text

MOST: Final = 10_000
HEADER: Final = (
    "at",
    "person",
    "by_link",
    "organisation",
    "level",
    "basis",
    "purpose_code",
    "purpose",
    "referral",
)
_OBJECTS: Final[Mapping[str, tuple[sa.Table, str]]] = {
    "case": (case_file, "case_id"),
    "referral": (referral, "referral_id"),
}


Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """The log as it lies there, its purposes sealed: to be opened after the commit of who asked for it."""

    tenant_id: uuid.UUID
    rows: Sequence[asyncpg.Record]

    async def opened(self, vault: Vault) -> "Log":
        """Purposes of a case that was erased are gone with its key; who opened what, when, stays."""
        cases = {row["case_id"] for row in self.rows if row["sealed"] is not None}
        sealers = {case: await _sealer(vault, self.tenant_id, case) for case in cases}
        return Log([{**row, "purpose": _purpose(row, sealers.get(row["case_id"]))} for row in self.rows])


@dataclass(frozen=True, slots=True)
class Log:
    """Oldest first. Purposes are null for who may not read them: the coordinator's log is codes alone."""

    rows: Sequence[Row] = field(repr=False)

    def as_csv(self) -> str:
        return csv_text(HEADER, ([_written(row[name]) for name in HEADER] for row in self.rows))

    def as_json(self) -> str:
        return msgspec.json.encode([{name: row[name] for name in HEADER} for row in self.rows]).decode()


async def export_access_log(acting: Acting, object: str, identity: uuid.UUID | None, form: str) -> Found:
    """Of a case or of a referral. Raises NotFound, NotAllowed, TooMuch."""
    table, column = _OBJECTS[object]
    row = await acting.find(object, table, identity, action="export_access_log")
    found = await acting.work.rows(
        _entries(acting, column), **acting.viewer.places(acting.work.now), id=row["id"]
    )
    if len(found) > MOST:
        raise TooMuch(
            "rows",
            f"閲覧記録が{MOST}件を超えています。紹介ごとに書き出してください。",
            f"The log has more than {MOST} entries. Export it referral by referral.",
        )
    acting.work.record("export_access_log", object, row["id"], form=form, entries=len(found))
    return Found(acting.work.tenant_id, found)


async def _sealer(vault: Vault, tenant_id: uuid.UUID, case_id: uuid.UUID) -> Sealer | None:
    try:
        return await vault.sealer(tenant_id, case_id)
    except KeyErased:
        return None


def _purpose(row: asyncpg.Record, sealer: Sealer | None) -> str | None:
    """Empty where none was given, null where it may not be read or was erased."""
    if not row["readable"]:
        return None
    if row["sealed"] is None:
        return ""
    return None if sealer is None else sealer.open(Place("access_entry", "purpose", row["id"]), row["sealed"])


def _entries(acting: Acting, column: str) -> Statement:
    access = acting.access
    opened = access.condition(access.rows("access_entry"), "access_entry", access_entry)
    texts = access.condition(access.field("access_entry", "purpose"), "access_entry", access_entry)
    entry = access_entry.c
    return Statement(
        sa.select(
            entry.id,
            entry.case_id,
            entry.at,
            person.c.name.label("person"),
            entry.link_id.is_not(None).label("by_link"),
            organisation.c.name.label("organisation"),
            entry.level,
            entry.basis,
            entry.purpose_code,
            texts.label("readable"),
            sa.case((texts, sealed_text.c.ciphertext)).label("sealed"),
            entry.referral_id.label("referral"),
        )
        # whoever opened it by a link is known by their organisation alone
        .outerjoin(person, sa.and_(person.c.tenant_id == ASKER.tenant, person.c.id == entry.person_id))
        .outerjoin(
            sealed_text,
            sa.and_(
                sealed_text.c.tenant_id == ASKER.tenant,
                sealed_text.c.of_row == entry.id,
                sealed_text.c.of_column == sa.literal("purpose"),
            ),
        )
        .join(
            organisation,
            sa.and_(organisation.c.tenant_id == ASKER.tenant, organisation.c.id == entry.organisation_id),
        )
        .where(
            entry.tenant_id == TENANT,
            access_entry.c[column] == sa.bindparam("id", type_=sa.Uuid()),
            opened,
        )
        .order_by(entry.id)
        .limit(sa.literal_column(str(MOST + 1)))
    )


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value

"""Who opened what: exported for a person's request for disclosure, by those who may read it anyway."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
import msgspec
import sqlalchemy as sa

from libs.errors.problems import TooMuch
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import organisation, person
from services.platform.referrals.models import access_entry, case_file, referral
from services.platform.rights.actions.spreadsheets import csv_text

MOST: Final = 10_000
HEADER: Final = ("at", "person", "organisation", "level", "basis", "purpose_code", "purpose", "referral")
_OBJECTS: Final[Mapping[str, tuple[sa.Table, str]]] = {
    "case": (case_file, "case_id"),
    "referral": (referral, "referral_id"),
}


@dataclass(frozen=True, slots=True)
class Log:
    """Oldest first. Purposes are null for who may not read them: the coordinator's log is codes alone."""

    rows: Sequence[asyncpg.Record]

    def as_csv(self) -> str:
        return csv_text(HEADER, ([_written(row[name]) for name in HEADER] for row in self.rows))

    def as_json(self) -> str:
        return msgspec.json.encode([{name: row[name] for name in HEADER} for row in self.rows]).decode()


async def export_access_log(acting: Acting, object: str, identity: uuid.UUID | None, form: str) -> Log:
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
    return Log(found)


def _entries(acting: Acting, column: str) -> Statement:
    access = acting.access
    opened = access.condition(access.rows("access_entry"), "access_entry", access_entry)
    texts = access.condition(access.field("access_entry", "purpose"), "access_entry", access_entry)
    said: sa.ColumnElement[Any] = sa.case((texts, access_entry.c.purpose))
    entry = access_entry.c
    return Statement(
        sa.select(
            entry.at,
            person.c.name.label("person"),
            organisation.c.name.label("organisation"),
            entry.level,
            entry.basis,
            entry.purpose_code,
            said.label("purpose"),
            entry.referral_id.label("referral"),
        )
        # by a link nobody is known by name: the organisation opened it
        .outerjoin(person, sa.and_(person.c.tenant_id == ASKER.tenant, person.c.id == entry.person_id))
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

"""The worksheet after a leak: whose accounts opened what since when, and what has to be reported by when.

It counts; it tells nothing of any person concerned. The dates follow 個人情報保護法 26条, 68条 and are
help, no legal advice.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation, person, platform_settings
from services.platform.referrals.models import access_entry

PRELIMINARY_DAYS: Final = 3
"""速報: within about 3 to 5 days of learning of it; the earlier one."""
FULL_DAYS: Final = 30
FULL_DAYS_MALICIOUS: Final = 60
MANY: Final = {"public": 100, "private": 1_000}
"""More persons than this are to be reported whatever the data were."""


@dataclass(frozen=True, slots=True)
class Question:
    """Openings from `since` up to `until`; of one organisation, person or referral where given."""

    since: datetime
    until: datetime
    discovered_on: date
    malicious: bool = False
    organisation_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    referral_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Worksheet:
    """`lines`: by person, level and basis. Cases are counted once in `public` and `private` each."""

    lines: Sequence[asyncpg.Record]
    cases: int
    public: int
    private: int
    preliminary_due_on: date
    full_due_on: date

    @property
    def is_sensitive(self) -> bool:
        """What a case tells nearly always holds items of 2条3項: every opening counts as one of those."""
        return self.cases > 0

    @property
    def is_many(self) -> bool:
        return self.public > MANY["public"] or self.private > MANY["private"]


async def breach_worksheet(acting: Acting, asked: Question) -> Worksheet:
    """For the coordinator; noted in the audit chain. Raises NotAllowed (kept as a refusal), InvalidInput."""
    work = acting.work
    await acting.find("tenant", platform_settings, work.tenant_id, action="breach_worksheet")
    if asked.since.tzinfo is None or asked.until.tzinfo is None:
        raise InvalidInput(
            "since",
            "日時には +09:00 などの時差を付けてください。",
            "Give the times with their offset, such as +09:00.",
        )
    if asked.until <= asked.since:
        raise InvalidInput("until", "終わりは始まりより後にしてください。", "It must end after it begins.")
    places = {
        "since": asked.since,
        "until": asked.until,
        "organisation_id": asked.organisation_id,
        "person_id": asked.person_id,
        "referral_id": asked.referral_id,
    }
    lines = await work.rows(LINES, **places)
    counted = await work.one(COUNTED, **places)
    assert counted is not None  # noqa: S101 - counts always have a row
    work.record("breach_worksheet", "tenant", work.tenant_id, lines=len(lines), cases=counted["cases"])
    return _worksheet(asked, lines, counted)


def _worksheet(asked: Question, lines: Sequence[asyncpg.Record], counted: asyncpg.Record) -> Worksheet:
    full = FULL_DAYS_MALICIOUS if asked.malicious else FULL_DAYS
    return Worksheet(
        lines,
        counted["cases"],
        counted["public"],
        counted["private"],
        asked.discovered_on + timedelta(days=PRELIMINARY_DAYS),
        asked.discovered_on + timedelta(days=full),
    )


def _given(name: str) -> "sa.ColumnElement[bool]":
    value: sa.BindParameter[Any] = sa.bindparam(name, type_=sa.Uuid())
    return sa.or_(value.is_(None), access_entry.c[name] == value)


_ENTRIES = access_entry.join(
    organisation,
    sa.and_(organisation.c.tenant_id == TENANT, organisation.c.id == access_entry.c.organisation_id),
)
_ASKED = (
    access_entry.c.tenant_id == TENANT,
    access_entry.c.at >= sa.bindparam("since", type_=access_entry.c.at.type),
    access_entry.c.at < sa.bindparam("until", type_=access_entry.c.at.type),
    _given("organisation_id"),
    _given("person_id"),
    _given("referral_id"),
)
_CASES = sa.func.count(sa.distinct(access_entry.c.case_id))
_BY: Any = (
    organisation.c.name.label("organisation"),
    person.c.name.label("person"),
    access_entry.c.level,
    access_entry.c.basis,
)
LINES: Final = Statement(
    sa.select(
        *_BY,
        sa.func.count().label("openings"),
        _CASES.label("cases"),
        sa.func.min(access_entry.c.at).label("first_at"),
        sa.func.max(access_entry.c.at).label("last_at"),
    )
    .select_from(
        # by a link nobody is known by name
        _ENTRIES.outerjoin(
            person, sa.and_(person.c.tenant_id == TENANT, person.c.id == access_entry.c.person_id)
        )
    )
    .where(*_ASKED)
    .group_by(organisation.c.id, person.c.id, *_BY)
    .order_by(organisation.c.name, person.c.name, access_entry.c.level, access_entry.c.basis)
)
_PUBLIC = organisation.c.kind == sa.literal("government")
COUNTED: Final = Statement(
    sa.select(
        _CASES.label("cases"),
        _CASES.filter(_PUBLIC).label("public"),
        _CASES.filter(sa.not_(_PUBLIC)).label("private"),
    )
    .select_from(_ENTRIES)
    .where(*_ASKED)
)

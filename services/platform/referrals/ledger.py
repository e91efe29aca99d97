"""The ledger of unmet need: what was declined, returned or ended because nobody had room.

Counted from the events, so that what was reopened or tried elsewhere later still counts. They are the
platform's own figures, unsuppressed, for its coordinator; what is published goes through disclosure control.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import sqlalchemy as sa

from libs.japan.calendar import JST
from libs.persistence.connections import Connection
from libs.persistence.statements import Statement, among
from libs.persistence.tables import TENANT
from libs.tenancy.models import TIME
from services.platform.referrals.models import codes, referral, referral_event

MONTHS: Final = 12
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
"""Days out of which nothing is counted: the calendar's ends are no moments of any clock."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """How often a need met no capacity in an area in a month, named by its first day."""

    need: str
    area: str
    month: date
    count: int


async def unmet(
    connection: Connection, asker: Mapping[str, Any], since: date | None, until: date | None
) -> list[Unmet]:
    """From the month of `since` to that of `until`; the last twelve months where they are left out."""
    last = min(until or asker["viewer_today"], LATEST)
    first = max(since or _months_before(last, MONTHS - 1), EARLIEST)
    places = {"begins": _month(first), "ends": _month(_months_before(last, -1))}
    rows = await connection.fetch(UNMET.sql, *UNMET.arguments({**asker, **places}))
    return [Unmet(row["need_category"], row["area"], row["month"], row["count"]) for row in rows]


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def _month(day: date) -> datetime:
    return datetime.combine(day.replace(day=1), time(), JST)


_MONTH: Final = sa.cast(
    sa.func.date_trunc("month", sa.func.timezone("Asia/Tokyo", referral_event.c.at)), sa.Date()
).label("month")
_AREA: Final = sa.func.btrim(referral.c.area).label("area")
UNMET = Statement(
    sa.select(referral.c.need_category, _AREA, _MONTH, sa.func.count().label("count"))
    .select_from(referral_event)
    .join(referral, sa.and_(referral.c.tenant_id == TENANT, referral.c.id == referral_event.c.referral_id))
    .where(
        referral_event.c.tenant_id == TENANT,
        among(referral_event.c.reason_code, codes.UNMET),
        referral_event.c.at >= sa.bindparam("begins", type_=TIME),
        referral_event.c.at < sa.bindparam("ends", type_=TIME),
    )
    .group_by(referral.c.need_category, _AREA, _MONTH)
    .order_by(_MONTH.desc(), referral.c.need_category, _AREA)
)

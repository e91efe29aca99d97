"""How far a 年度 has come, as of a day: what had been reported by then, beside its targets.

Reports are never changed, only followed by later ones, so a table as of an earlier day is the same whenever
it is asked for; a report that came after a period was closed stands in the tables after it. Heads are counted
session by session: whoever came twice is counted twice. What was held and not reported is no zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import sqlalchemy as sa

from libs.japan.calendar import fiscal_year_days
from libs.persistence.connections import Connection
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from services.platform.events.models import event
from services.platform.training.models import course, course_report, target
from services.platform.training.models.codes import EVERY_VENUE, VENUES
from services.platform.training.models.counts import day_of
from services.platform.training.models.tables import period


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one 会場区分, or of all. `heads` is None where sessions were held and none of them was reported."""

    venue_category: str
    sessions: int
    heads: int | None
    unreported: int
    late: int
    target_sessions: int | None
    target_heads: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """`closed` are the days on which reporting was closed, the newest first."""

    rows: Sequence[Progress]
    closed: Sequence[date]


async def as_of(
    connection: Connection, asker: Mapping[str, Any], fiscal_year: int, reported_by: date
) -> Table:
    """Sessions of the year held by that day, with what had been reported by then."""
    first, last = fiscal_year_days(fiscal_year)
    days = {"first_day": first, "last_day": min(last, reported_by), "reported_by": reported_by}
    sessions = await connection.fetch(SESSIONS.sql, *SESSIONS.arguments({**asker, **days}))
    targets = await connection.fetch(TARGETS.sql, *TARGETS.arguments({**asker, "fiscal_year": fiscal_year}))
    closed = [row["reported_by"] for row in await connection.fetch(CLOSED.sql, *CLOSED.arguments(asker))]
    aims = {row["venue_category"]: row for row in targets}
    before = [day for day in closed if day < reported_by]
    rows = [_progress(each, sessions, aims.get(each), before) for each in (*VENUES, EVERY_VENUE)]
    return Table(rows, closed)


def _progress(
    venue: str, sessions: Sequence[asyncpg.Record], aim: asyncpg.Record | None, closed: Sequence[date]
) -> Progress:
    held = [each for each in sessions if venue in (each["venue_category"], EVERY_VENUE)]
    told = [each for each in held if each["heads"] is not None]
    return Progress(
        venue_category=venue,
        sessions=len(told),
        heads=sum(each["heads"] for each in told) if told or not held else None,
        unreported=len(held) - len(told),
        late=sum(_is_late(each, closed) for each in told),
        target_sessions=None if aim is None else aim["sessions"],
        target_heads=None if aim is None else aim["heads"],
    )


def _is_late(session: asyncpg.Record, closed: Sequence[date]) -> bool:
    """First reported after a closing in which its session would have stood."""
    return any(session["held_on"] <= day < session["first_reported_on"] for day in closed)


def _sessions() -> Statement:
    day = day_of(event)
    by = sa.bindparam("reported_by", type_=sa.Date())
    told = course_report.alias("told")
    of_course = sa.and_(told.c.tenant_id == TENANT, told.c.course_id == course.c.id, told.c.reported_on <= by)
    newest: sa.Select[Any] = (
        sa.select(told.c.heads)
        .where(of_course)
        .order_by(told.c.reported_on.desc(), told.c.id.desc())
        .limit(sa.literal_column("1"))
    )
    first: sa.Select[Any] = sa.select(sa.func.min(told.c.reported_on)).where(of_course)
    return Statement(
        sa.select(
            course.c.venue_category,
            day.label("held_on"),
            newest.scalar_subquery().label("heads"),
            first.scalar_subquery().label("first_reported_on"),
        )
        .select_from(course)
        .join(event, sa.and_(event.c.tenant_id == TENANT, event.c.id == course.c.event_id))
        .where(
            course.c.tenant_id == TENANT,
            event.c.state == sa.literal("announced"),
            event.c.over_at <= sa.bindparam("viewer_now", type_=event.c.over_at.type),
            day.between(
                sa.bindparam("first_day", type_=sa.Date()), sa.bindparam("last_day", type_=sa.Date())
            ),
        )
    )


SESSIONS = _sessions()
TARGETS = Statement(
    sa.select(target.c.venue_category, target.c.sessions, target.c.heads).where(
        target.c.tenant_id == TENANT, target.c.fiscal_year == parameter(target.c.fiscal_year)
    )
)
CLOSED = Statement(
    sa.select(period.c.reported_by).where(period.c.tenant_id == TENANT).order_by(period.c.reported_by.desc())
)

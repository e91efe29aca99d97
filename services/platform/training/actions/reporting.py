"""What came of it: reports of courses, targets of a fiscal year, and periods that are closed."""

import uuid
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from libs.errors.problems import AlreadyExists, InvalidInput, WrongState
from libs.japan.calendar import JST
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.events.models import event, place
from services.platform.training.models import course, course_report, target
from services.platform.training.models.codes import EVERY_VENUE, VENUES
from services.platform.training.models.counts import day_of
from services.platform.training.models.tables import period

MOST_HEADS: Final = 100_000
YEARS: Final = range(2023, 2100)
"""From the year in which the Act was made (令和5年法律第45号)."""


async def report_course(acting: Acting, identity: uuid.UUID | None, version: int, walk_ins: int) -> uuid.UUID:
    """How many heads the session had: those recorded as attended, and who came without a registration.

    A second report corrects the first and counts from its own day. Attendance not recorded is not zero.
    Raises NotFound, NotAllowed, StaleVersion, WrongState (not_held, unrecorded), InvalidInput.
    """
    row = await acting.find("course", course, identity, action="report_course", version=version)
    _within("walkIns", walk_ins, range(MOST_HEADS))
    counted = await acting.work.one(ATTENDED, event_id=row["event_id"])
    assert counted is not None  # noqa: S101 - an aggregate
    if counted["unrecorded"]:
        raise _unrecorded(counted["unrecorded"])
    work = acting.work
    heads = counted["heads"] + walk_ins
    held = await work.one(HELD_ON, id=row["event_id"])
    assert held is not None  # noqa: S101 - a course hangs on it
    told = {"held_on": held["held_on"], "reported_on": work.now.astimezone(JST).date(), "heads": heads}
    await work.insert(course_report, course_id=row["id"], **told)
    work.record("report_course", "course", row["id"], heads=heads)
    return row["id"]


async def set_target(
    acting: Acting, fiscal_year: int, venue_category: str, sessions: int | None, heads: int | None
) -> uuid.UUID:
    """Of a 年度 and a 会場区分; None is no target, which is not 0. Raises NotAllowed, InvalidInput."""
    acting.require("training_target", "set_training_target")
    _within("fiscalYear", fiscal_year, YEARS)
    assert venue_category in (*VENUES, EVERY_VENUE)  # noqa: S101 - an enum's code
    for field, number in (("sessions", sessions), ("heads", heads)):
        if number is not None:
            _within(field, number, range(MOST_HEADS * 100))
    columns = {"fiscal_year": fiscal_year, "venue_category": venue_category}
    kept = await acting.work.one(KEEP_TARGET, new_id=uuid7(), **columns, sessions=sessions, heads=heads)
    assert kept is not None  # noqa: S101 - it is inserted where it was not
    acting.work.record("set_training_target", "training_target", kept["id"], fiscal_year=fiscal_year)
    return kept["id"]


async def close_period(acting: Acting, reported_by: date) -> uuid.UUID:
    """Reports of that day and before are complete: the day must be over. What comes later is late.

    The id is the platform's. Raises NotAllowed, WrongState, AlreadyExists.
    """
    acting.require("training_target", "close_training_period")
    work = acting.work
    if reported_by >= work.now.astimezone(JST).date():
        raise WrongState(
            "not_over",
            "締めの日は、昨日までの日付にしてください。その日のうちは、まだ報告が届きます。",
            "Give a day that is over: on the day itself reports still come.",
        )
    if await work.one(CLOSED, reported_by=reported_by):
        raise AlreadyExists("この日で、すでに締められています。", "This day was closed already.")
    made = await work.insert(period, reported_by=reported_by, closed_at=work.now)
    work.record("close_training_period", "training_period", made)
    return work.tenant_id


def _within(field: str, number: int, bounds: range) -> None:
    if number not in bounds:
        raise InvalidInput(
            field,
            f"{bounds[0]}から{bounds[-1]}までの数にしてください。",
            f"Give a number from {bounds[0]} to {bounds[-1]}.",
            detail="OUT_OF_BOUNDS",
        )


def _unrecorded(count: int) -> WrongState:
    return WrongState(
        "unrecorded",
        f"出席が記録されていない申込みが{count}件あります。来なかった場合は0人と記録してください。",
        f"The attendance of {count} registrations is not recorded. Record 0 for who did not come.",
    )


ATTENDED = Statement(
    sa.select(
        sa.func.coalesce(sa.func.sum(place.c.attended), sa.literal(0)).label("heads"),
        sa.func.count().filter(place.c.attended.is_(None)).label("unrecorded"),
    ).where(
        place.c.tenant_id == TENANT,
        place.c.event_id == parameter(place.c.event_id),
        place.c.state == sa.literal("taken"),
    )
)
HELD_ON = Statement(
    sa.select(day_of(event).label("held_on")).where(
        event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id)
    )
)
CLOSED = Statement(
    sa.select(period.c.id).where(
        period.c.tenant_id == TENANT, period.c.reported_by == parameter(period.c.reported_by)
    )
)


def _keep_target() -> Statement:
    now = sa.bindparam("viewer_now", type_=target.c.created_at.type)
    names = ("fiscal_year", "venue_category", "sessions", "heads")
    made = insert(target).values(
        tenant_id=TENANT,
        id=sa.bindparam("new_id", type_=sa.Uuid()),
        created_at=now,
        updated_at=now,
        **{name: parameter(target.c[name]) for name in names},
    )
    return Statement(
        made.on_conflict_do_update(
            index_elements=["tenant_id", "fiscal_year", "venue_category"],
            set_={
                "sessions": made.excluded.sessions,
                "heads": made.excluded.heads,
                "updated_at": now,
                "version": target.c.version + 1,
            },
        ).returning(target.c.id)
    )


KEEP_TARGET = _keep_target()

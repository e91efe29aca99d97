"""Who comes, who was there, and whether they were enough to decide: in seats, as the charter says."""

import uuid
from typing import Final

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from libs.errors.problems import NotAllowed, WrongState
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation, platform_settings
from services.platform.groups.models import charter
from services.platform.meetings.actions.telling import invited_seats
from services.platform.meetings.deadlines import MINUTES_DUE, minutes_due
from services.platform.meetings.models import attendance, meeting

USUAL_QUORUM: Final = "majority"
"""Of a group whose charter says nothing yet."""


async def answer(acting: Acting, identity: uuid.UUID | None, standing: str) -> uuid.UUID:
    """One's own organisation says beforehand whether it comes. Raises NotFound, NotAllowed, WrongState."""
    row = await acting.find("meeting", meeting, identity, action="answer_meeting")
    if acting.viewer.organisation_id is None:
        raise NotAllowed
    await _write(acting, row, acting.viewer.organisation_id, standing)
    return row["id"]


async def mark(
    acting: Acting, identity: uuid.UUID | None, organisation_id: uuid.UUID | None, standing: str
) -> uuid.UUID:
    """Chair or coordinator note it for anybody invited. Raises as `answer`."""
    row = await acting.find("meeting", meeting, identity, action="mark_attendance")
    marked = await acting.see("organisation", organisation, organisation_id)
    await _write(acting, row, marked["id"], standing)
    return row["id"]


async def hold(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The list is settled and the quorum counted; from now on the minutes are owed.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("meeting", meeting, identity, action="hold_meeting", version=version)
    work = acting.work
    seats = await invited_seats(work, row["id"])
    voting = {each["organisation_id"] for each in seats if not each["is_observer"]}
    there = {each["organisation_id"] for each in await work.rows(PRESENT, meeting_id=row["id"])}
    rule = await work.one(CHARTER, working_group_id=row["working_group_id"])
    quorum = USUAL_QUORUM if rule is None else rule["quorum"]
    counted = {"seats_counted": len(voting), "seats_present": len(voting & there), "quorum": quorum}
    await work.one(HOLD, id=row["id"], updated_at=work.now, **counted)
    work.record("hold_meeting", "meeting", row["id"], **counted)
    closed = await work.one(CLOSED_DAYS)
    after = max(row["ends_at"], work.now)
    work.later(MINUTES_DUE, row["id"], minutes_due(after, frozenset(closed["closed_days"] if closed else ())))
    return row["id"]


async def _write(acting: Acting, row: asyncpg.Record, organisation_id: uuid.UUID, standing: str) -> None:
    """An observer who comes, comes as one."""
    meeting_id: uuid.UUID = row["id"]
    person = acting.viewer.person_id
    invited = {each["organisation_id"]: each for each in await invited_seats(acting.work, meeting_id)}
    seat = invited.get(organisation_id)
    if seat is None or person is None:
        raise _not_invited()
    came = "observer" if standing == "present" and seat["is_observer"] else standing
    await acting.work.one(
        WRITE,
        id=uuid7(),
        working_group_id=row["working_group_id"],
        meeting_id=meeting_id,
        organisation_id=organisation_id,
        standing=came,
        recorded_by_id=person,
        created_at=acting.work.now,
    )
    acting.work.record(
        "mark_attendance", "meeting", meeting_id, organisation=str(organisation_id), standing=came
    )


def _not_invited() -> WrongState:
    return WrongState(
        "not_invited",
        "この団体は、会議の日に部会の席がありません。",
        "This organisation has no seat in the group on the day of the meeting.",
    )


_given = insert(attendance).values(
    {
        name: TENANT if name == "tenant_id" else parameter(attendance.c[name])
        for name in attendance.c.keys()  # noqa: SIM118 - SQLAlchemy's collection iterates over columns
    }
)
WRITE = Statement(
    _given.on_conflict_do_update(
        index_elements=["tenant_id", "meeting_id", "organisation_id"],
        set_={name: _given.excluded[name] for name in ("standing", "recorded_by_id", "created_at")},
    )
)
PRESENT = Statement(
    sa.select(attendance.c.organisation_id).where(
        attendance.c.tenant_id == TENANT,
        attendance.c.meeting_id == parameter(attendance.c.meeting_id),
        attendance.c.standing == sa.literal("present"),
    )
)
CHARTER = Statement(
    sa.select(charter.c.quorum)
    .where(
        charter.c.tenant_id == TENANT,
        charter.c.working_group_id == parameter(charter.c.working_group_id),
    )
    .order_by(charter.c.number.desc())
    .limit(sa.literal_column("1"))
)
CLOSED_DAYS = Statement(
    sa.select(platform_settings.c.closed_days).where(
        platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT
    )
)
HOLD = Statement(
    sa.update(meeting)
    .where(meeting.c.tenant_id == TENANT, meeting.c.id == parameter(meeting.c.id))
    .values(
        state=sa.literal("held"),
        quorum=parameter(meeting.c.quorum),
        seats_counted=parameter(meeting.c.seats_counted),
        seats_present=parameter(meeting.c.seats_present),
        updated_at=parameter(meeting.c.updated_at),
        version=meeting.c.version + 1,
    )
)

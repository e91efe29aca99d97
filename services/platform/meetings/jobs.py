"""A group that owes the minutes of a meeting is reminded: three times, five working days apart."""

import uuid
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.persistence.worker import Job
from services.platform.meetings.actions.attending import CLOSED_DAYS
from services.platform.meetings.actions.telling import invited_seats
from services.platform.meetings.deadlines import MINUTES_DUE, MOST_REMINDERS, minutes_due
from services.platform.meetings.models import meeting, minutes
from services.platform.notices.actions.telling import coordinators, of_organisation, tell


async def remind(work: Work, key: uuid.UUID) -> None:
    """The chair, or the coordinators where nobody chairs; nothing to do once the minutes are published."""
    row = await work.one(LOCK, id=key)
    if row is None or row["reminders"] >= MOST_REMINDERS or await work.one(PUBLISHED, meeting_id=key):
        return
    chairs = [each["organisation_id"] for each in await invited_seats(work, key) if each["is_chair"]]
    told = of_organisation(chairs[0], "representative") if chairs else coordinators()
    await tell(work, "minutes_due", ("meeting", key), told)
    await work.one(REMINDED, id=key)
    closed = await work.one(CLOSED_DAYS)
    work.later(MINUTES_DUE, key, minutes_due(work.now, frozenset(closed["closed_days"] if closed else ())))


_THIS = (meeting.c.tenant_id == TENANT, meeting.c.id == parameter(meeting.c.id))
LOCK = Statement(sa.select(meeting).where(*_THIS).with_for_update())
PUBLISHED = Statement(
    sa.select(minutes.c.id).where(
        minutes.c.tenant_id == TENANT,
        minutes.c.meeting_id == parameter(minutes.c.meeting_id),
        minutes.c.state == sa.literal("published"),
    )
)
REMINDED = Statement(sa.update(meeting).where(*_THIS).values(reminders=meeting.c.reminders + 1))
JOBS: Final[Mapping[str, Job]] = {MINUTES_DUE: remind}

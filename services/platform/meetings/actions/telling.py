"""Who is told of a meeting: the organisations with a seat on its day, observers too."""

import uuid
from typing import Any

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.groups.models import seat
from services.platform.meetings.models import invited, meeting
from services.platform.notices.actions.telling import of_organisations, tell


async def tell_invited(work: Work, kind: str, meeting_id: uuid.UUID) -> None:
    seats = await invited_seats(work, meeting_id)
    if seats:
        organisations = [each["organisation_id"] for each in seats]
        await tell(work, kind, ("meeting", meeting_id), of_organisations(organisations, "representative"))


async def invited_seats(work: Work, meeting_id: uuid.UUID) -> list[Any]:
    """Each with `organisation_id`, `is_observer`, `is_chair`; an organisation once."""
    found: dict[uuid.UUID, Any] = {}
    for row in await work.rows(INVITED, id=meeting_id):
        held = found.setdefault(row["organisation_id"], row)
        if held["is_observer"] and not row["is_observer"]:
            found[row["organisation_id"]] = row
    return list(found.values())


INVITED = Statement(
    sa.select(seat.c.organisation_id, seat.c.is_observer, seat.c.is_chair)
    .join(meeting, sa.and_(meeting.c.tenant_id == TENANT, invited(meeting, seat)))
    .where(seat.c.tenant_id == TENANT, meeting.c.id == parameter(meeting.c.id))
    .order_by(seat.c.id)
)

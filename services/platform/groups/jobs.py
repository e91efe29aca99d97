"""What follows in working groups later: an organisation that left holds no seat."""

import uuid
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.persistence.worker import Job
from libs.policy.predicates import ASKER
from libs.tenancy.viewer import JAPAN
from services.platform.groups.models import not_ended, seat, seat_request
from services.platform.members.actions.standing import LEFT


async def end_seats(work: Work, organisation_id: uuid.UUID) -> None:
    """Ends what the organisation holds and asks for; run again, it finds nothing more to end."""
    today = work.now.astimezone(JAPAN).date()
    for row in await work.rows(END_SEATS, organisation_id=organisation_id, viewer_today=today):
        work.record("end_seat", "seat", row["id"], until_on=today.isoformat())
    await work.rows(WITHDRAW_REQUESTS, organisation_id=organisation_id)


END_SEATS = Statement(
    sa.update(seat)
    .where(
        not_ended(seat, ASKER),
        seat.c.tenant_id == TENANT,
        seat.c.organisation_id == parameter(seat.c.organisation_id),
    )
    .values(until_on=ASKER.today, version=seat.c.version + 1)
    .returning(seat.c.id)
)
WITHDRAW_REQUESTS = Statement(
    sa.update(seat_request)
    .where(
        seat_request.c.tenant_id == TENANT,
        seat_request.c.organisation_id == parameter(seat_request.c.organisation_id),
        seat_request.c.state == sa.literal("asked"),
    )
    .values(state=sa.literal("withdrawn"), version=seat_request.c.version + 1)
    .returning(seat_request.c.id)
)
JOBS: Final[Mapping[str, Job]] = {LEFT: end_seats}

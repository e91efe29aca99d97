"""What follows in working groups later: seats of who left end, and of a term that ends soon is told."""

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
from services.platform.groups import terms
from services.platform.groups.models import chair_of, not_ended, seat, seat_request, working_group
from services.platform.members.actions.standing import LEFT
from services.platform.notices.actions.telling import coordinators, of_organisation, tell


async def end_seats(work: Work, organisation_id: uuid.UUID) -> None:
    """Ends what the organisation holds and asks for; run again, it finds nothing more to end."""
    today = work.now.astimezone(JAPAN).date()
    for row in await work.rows(END_SEATS, organisation_id=organisation_id, viewer_today=today):
        work.record("end_seat", "seat", row["id"], until_on=today.isoformat())
    await work.rows(WITHDRAW_REQUESTS, organisation_id=organisation_id)


async def term_ends(work: Work, seat_id: uuid.UUID) -> None:
    """Its holder and the chair, or coordinators where nobody chairs; a changed term has work of its own."""
    row = await work.one(ENDING, id=seat_id, viewer_today=work.now.astimezone(JAPAN).date())
    if row is None or work.now < terms.near(row["until_on"]):
        return
    by = coordinators() if row["chair"] is None else of_organisation(row["chair"], "representative")
    holder = of_organisation(row["organisation_id"], "representative")
    await tell(work, "seat_ends_soon", ("seat", seat_id), holder, by)


_ending = seat.alias("ending")
ENDING = Statement(
    sa.select(_ending.c.organisation_id, _ending.c.until_on, chair_of(working_group, ASKER).label("chair"))
    .join(
        working_group,
        sa.and_(working_group.c.tenant_id == TENANT, working_group.c.id == _ending.c.working_group_id),
    )
    .where(
        _ending.c.tenant_id == TENANT,
        _ending.c.id == parameter(seat.c.id),
        _ending.c.until_on > ASKER.today,
        working_group.c.state == sa.literal("active"),
    )
)
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
JOBS: Final[Mapping[str, Job]] = {LEFT: end_seats, terms.TERM_ENDS: term_ends}

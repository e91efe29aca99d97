"""What ends with a membership or an appointment, and what must never end: a platform keeps a coordinator."""

import uuid
from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.predicates import ASKER
from libs.tenancy.models import coordinator_appointment, membership, person, platform_settings
from services.platform.followers import Followers
from services.platform.members.models import a_coordinator, appointed, live
from services.platform.members.steps import last_coordinator
from services.platform.papers.actions.photos import drop_photo

MEMBERSHIP_ENDED: Final = "membership_ended"
"""Due work for the features in which a person who leaves had something to do; the key is the membership's."""
DESK_CHANGED: Final = "desk_changed"
"""Due work where an organisation may have lost who answers for it; the key is the organisation's."""

SUSPENDED: Final[Followers[Work, uuid.UUID]] = Followers()
"""Told of each organisation that has just been suspended."""
BEFORE_LEAVING: Final[Followers[Work, uuid.UUID]] = Followers()
"""Locks what the organisation holds in later rooms, before its own row is locked."""
LEAVING: Final[Followers[Work, uuid.UUID]] = Followers()
"""Ends what the organisation holds, in the transaction in which it leaves."""


async def end_memberships(work: Work, organisation_id: uuid.UUID) -> None:
    """Everybody's membership in the organisation, and what they were appointed to through it alone."""
    for row in await work.rows(END_MEMBERSHIPS, organisation_id=organisation_id):
        await after_membership(work, row["id"], row["person_id"])


async def after_membership(work: Work, membership_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """What follows from the end of one membership."""
    await end_with_last_membership(work, person_id)
    work.later(MEMBERSHIP_ENDED, membership_id, work.now)


async def end_with_last_membership(work: Work, person_id: uuid.UUID) -> None:
    """Who belongs nowhere any more coordinates nothing, shows no photo, and no old invitation lets them in.

    Without this a coordinator who left the city and joins an NPO later would be coordinator again.
    """
    if await work.one(LIVE_MEMBERSHIP, person_id=person_id) is None:
        await work.rows(END_APPOINTMENTS, person_id=person_id)
        await work.one(VOID_INVITATION, id=person_id)
        await drop_photo(work, person_id)


async def keep_a_coordinator(work: Work) -> None:
    """Called after a change, which has locked the platform's access version. Raises WrongState."""
    if await work.one(A_COORDINATOR) is None:
        raise last_coordinator()


NOW = sa.bindparam("viewer_now", type_=sa.DateTime(timezone=True))

END_MEMBERSHIPS = Statement(
    sa.update(membership)
    .where(
        membership.c.tenant_id == TENANT,
        membership.c.organisation_id == parameter(membership.c.organisation_id),
        membership.c.until.is_(None),
    )
    .values(until=NOW, version=membership.c.version + 1)
    .returning(membership.c.id, membership.c.person_id)
)
LIVE_MEMBERSHIP = Statement(
    sa.select(membership.c.id).where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.person_id == parameter(membership.c.person_id),
    )
)
END_APPOINTMENTS = Statement(
    sa.update(coordinator_appointment)
    .where(
        appointed(ASKER),
        coordinator_appointment.c.tenant_id == TENANT,
        coordinator_appointment.c.person_id == parameter(coordinator_appointment.c.person_id),
    )
    .values(until=NOW)
    .returning(coordinator_appointment.c.id)
)
VOID_INVITATION = Statement(
    sa.update(person)
    .where(
        person.c.tenant_id == TENANT,
        person.c.id == parameter(person.c.id),
        person.c.status == sa.literal("invited"),
    )
    .values(status=sa.literal("removed"), invitation_hash=sa.null(), version=person.c.version + 1)
)
A_COORDINATOR = Statement(
    sa.select(platform_settings.c.id).where(
        platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT, a_coordinator(ASKER)
    )
)

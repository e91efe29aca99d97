"""What the coordinator may do for an organisation that has nobody yet, and what that can never become.

Running a platform opens no person's story (docs/decisions/0017). Whoever is in an organisation can come near
one, so the coordinator can bring in its first representative and nobody else, and never themselves.
"""

import uuid
from collections.abc import Sequence

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import NotAllowed
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import coordinator_appointment, membership
from services.platform.members.models import live
from services.platform.members.steps import not_the_first

FIRST = ["representative"]


def check_invitation(roles: Sequence[str]) -> None:
    """Raises NotAllowed for anybody but a representative; that there is none yet, the step itself asks."""
    if sorted(set(roles)) != FIRST:
        raise not_the_first()


async def check_acceptance(acting: Acting, invitation: asyncpg.Record, known: uuid.UUID | None) -> None:
    """Raises NotAllowed where an invitation on behalf would bring in who runs the platform."""
    if known is None:
        return
    organisation_id, inviter = invitation["organisation_id"], invitation["invited_by"]
    is_colleagues = await acting.work.one(MEMBER, organisation_id=organisation_id, person_id=inviter)
    if is_colleagues is None and (known == inviter or await acting.work.one(COORDINATES, person_id=known)):
        raise NotAllowed(
            "この招待は事務局の担当者ご自身にはお使いになれません。団体の代表者に招待を依頼してください。",
            "Who coordinates the platform cannot use this invitation. Ask the organisation's representative.",
        )


MEMBER = Statement(
    sa.select(membership.c.id).where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.organisation_id == parameter(membership.c.organisation_id),
        membership.c.person_id == parameter(membership.c.person_id),
    )
)
COORDINATES = Statement(
    sa.select(coordinator_appointment.c.id)
    .where(
        coordinator_appointment.c.tenant_id == TENANT,
        coordinator_appointment.c.person_id == parameter(coordinator_appointment.c.person_id),
        coordinator_appointment.c.since <= ASKER.now,
        sa.or_(coordinator_appointment.c.until.is_(None), coordinator_appointment.c.until > ASKER.now),
    )
    .limit(sa.literal_column("1"))
)

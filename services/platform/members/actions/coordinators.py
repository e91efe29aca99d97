"""Who runs the platform: a member's person, appointed and dismissed by a coordinator."""

import uuid
from datetime import datetime

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import coordinator_appointment, person
from services.platform.members.actions.endings import keep_a_coordinator
from services.platform.members.models import appointed


async def appoint(acting: Acting, person_id: uuid.UUID | None, until: datetime | None) -> uuid.UUID:
    """Raises NotFound, NotAllowed, WrongState (nobody's member), AlreadyExists, InvalidInput."""
    chosen = await acting.find("person", person, person_id, action="appoint_coordinator")
    if until is not None and until <= acting.work.now:
        raise InvalidInput("until", "未来の日時を入力してください。", "Give a time to come.", detail="PAST")
    await acting.work.insert(
        coordinator_appointment, person_id=chosen["id"], since=acting.work.now, until=until
    )
    acting.work.record("appoint_coordinator", "person", chosen["id"])
    return chosen["id"]


async def dismiss(acting: Acting, person_id: uuid.UUID | None) -> uuid.UUID:
    """In force at the person's next request. Raises NotFound, NotAllowed, WrongState (the last one)."""
    chosen = await acting.find("person", person, person_id, action="dismiss_coordinator")
    await acting.work.rows(DISMISS, person_id=chosen["id"])
    await keep_a_coordinator(acting.work)
    acting.work.record("dismiss_coordinator", "person", chosen["id"])
    return chosen["id"]


_OF_PERSON = sa.and_(
    appointed(ASKER),
    coordinator_appointment.c.tenant_id == TENANT,
    coordinator_appointment.c.person_id == parameter(coordinator_appointment.c.person_id),
)
DISMISS = Statement(
    sa.update(coordinator_appointment)
    .where(_OF_PERSON)
    .values(until=ASKER.now)
    .returning(coordinator_appointment.c.id)
)

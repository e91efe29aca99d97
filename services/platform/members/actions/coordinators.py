"""Who runs the platform: a member's person, appointed and dismissed by a coordinator."""

import uuid
from datetime import datetime

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, InvalidInput, NotFound, WrongState
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import coordinator_appointment, membership, organisation, person, platform_settings
from services.platform.members.actions.endings import keep_a_coordinator
from services.platform.members.models import appointed, live


async def appoint(acting: Acting, person_id: uuid.UUID | None, until: datetime | None) -> uuid.UUID:
    """Raises NotFound, NotAllowed, WrongState (nobody's member), AlreadyExists, InvalidInput."""
    await _authorize(acting)
    chosen = await acting.see("person", person, person_id)
    if until is not None and until <= acting.work.now:
        raise InvalidInput("until", "未来の日時を入力してください。", "Give a time to come.", detail="PAST")
    if await acting.work.one(ACTIVE_MEMBER, person_id=chosen["id"]) is None:
        raise WrongState(
            chosen["status"],
            "会員団体に所属している人だけを事務局担当に任じられます。",
            "Only somebody who acts for a member organisation can coordinate.",
        )
    if await acting.work.one(APPOINTMENT, person_id=chosen["id"]):
        raise AlreadyExists("すでに事務局担当です。", "This person is a coordinator already.")
    await acting.work.insert(
        coordinator_appointment, person_id=chosen["id"], since=acting.work.now, until=until
    )
    acting.work.record("appoint_coordinator", "person", chosen["id"])
    return chosen["id"]


async def dismiss(acting: Acting, person_id: uuid.UUID | None) -> uuid.UUID:
    """In force at the person's next request. Raises NotFound, NotAllowed, WrongState (the last one)."""
    await _authorize(acting)
    chosen = await acting.see("person", person, person_id)
    if not await acting.work.rows(DISMISS, person_id=chosen["id"]):
        raise NotFound("この人は事務局担当ではありません。", "This person is no coordinator.")
    await keep_a_coordinator(acting.work)
    acting.work.record("dismiss_coordinator", "person", chosen["id"])
    return chosen["id"]


async def _authorize(acting: Acting) -> None:
    await acting.find("tenant", platform_settings, acting.work.tenant_id, action="appoint_coordinator")


ACTIVE_MEMBER = Statement(
    sa.select(membership.c.id)
    .join(
        organisation,
        sa.and_(organisation.c.tenant_id == TENANT, organisation.c.id == membership.c.organisation_id),
    )
    .join(person, sa.and_(person.c.tenant_id == TENANT, person.c.id == membership.c.person_id))
    .where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.person_id == parameter(membership.c.person_id),
        organisation.c.status == sa.literal("active"),
        person.c.status == sa.literal("active"),
    )
)
_OF_PERSON = sa.and_(
    appointed(ASKER),
    coordinator_appointment.c.tenant_id == TENANT,
    coordinator_appointment.c.person_id == parameter(coordinator_appointment.c.person_id),
)
APPOINTMENT = Statement(sa.select(coordinator_appointment.c.id).where(_OF_PERSON))
DISMISS = Statement(
    sa.update(coordinator_appointment)
    .where(_OF_PERSON)
    .values(until=ASKER.now)
    .returning(coordinator_appointment.c.id)
)

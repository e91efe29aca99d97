"""T22: who of the recipient's staff has a referral. Whoever has nobody has the desk."""

import uuid

import sqlalchemy as sa

from libs.errors.problems import NotFound
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, person
from services.platform.members.models import live
from services.platform.notices.actions.telling import of_organisation, tell
from services.platform.referrals.actions.announcing import announce_to, announce_to_organisation
from services.platform.referrals.actions.moving import move
from services.platform.referrals.models import assignment, case_file, referral


async def assign(
    acting: Acting, identity: uuid.UUID | None, version: int, person_id: uuid.UUID | None
) -> uuid.UUID:
    """The earlier assignment is superseded and kept.

    Raises NotFound (also for somebody who is not active staff of the recipient), NotAllowed, StaleVersion,
    WrongState.
    """
    row = await acting.find("referral", referral, identity, action="assign", version=version)
    work = acting.work
    chosen = person_id and await work.one(STAFF, id=person_id, organisation_id=row["recipient_id"])
    if not chosen:
        raise NotFound(
            "担当者が見つかりません。自団体に所属している人を指定してください。",
            "Nobody of your organisation has this id. Name somebody who acts for it.",
        )
    await move(work, row, "assign")
    await work.rows(SUPERSEDE, referral_id=row["id"])
    await work.insert(
        assignment,
        referral_id=row["id"],
        organisation_id=row["recipient_id"],
        person_id=chosen["id"],
        assigned_by_id=work.actor.person_id,
        created_at=work.now,
    )
    await announce_to(work, row, "assigned", chosen["id"])
    return row["id"]


async def back_to_the_desk(work: Work, membership_id: uuid.UUID) -> None:
    """What somebody had who left falls to the desk, which is told; run again, it finds nothing."""
    ended = await work.one(ENDED, id=membership_id)
    if ended is None:
        return
    for each in await work.rows(
        LEFT_BEHIND, person_id=ended["person_id"], organisation_id=ended["organisation_id"]
    ):
        work.record("unassign", "referral", each["referral_id"])
        await announce_to_organisation(
            work, {"id": each["referral_id"]}, "assigned", ended["organisation_id"]
        )
    desk = of_organisation(ended["organisation_id"], "desk", "caseworker")
    for each in await work.rows(KEPT, **dict(ended)):
        await tell(work, "case_to_desk", ("case", each["id"]), desk)


STAFF = Statement(
    sa.select(person.c.id)
    .join(
        membership,
        sa.and_(live(ASKER), membership.c.tenant_id == TENANT, membership.c.person_id == person.c.id),
    )
    .where(
        person.c.tenant_id == TENANT,
        person.c.id == parameter(person.c.id),
        person.c.status == sa.literal("active"),
        membership.c.organisation_id == parameter(membership.c.organisation_id),
    )
)
_SUPERSEDED = {
    "superseded_at": sa.bindparam("viewer_now", type_=assignment.c.superseded_at.type),
}
SUPERSEDE = Statement(
    sa.update(assignment)
    .where(
        assignment.c.tenant_id == TENANT,
        assignment.c.referral_id == parameter(assignment.c.referral_id),
        assignment.c.superseded_at.is_(None),
    )
    .values(_SUPERSEDED)
    .returning(assignment.c.id)
)
KEPT = Statement(
    # nothing to pass on: a case is its organisation's, and names nobody who does not act for it any more
    sa.select(case_file.c.id)
    .where(
        case_file.c.tenant_id == TENANT,
        case_file.c.caseworker_id == parameter(case_file.c.caseworker_id, "person_id"),
        case_file.c.organisation_id == parameter(case_file.c.organisation_id),
        case_file.c.state == sa.literal("open"),
    )
    .order_by(case_file.c.id)
)
ENDED = Statement(
    sa.select(membership.c.person_id, membership.c.organisation_id).where(
        membership.c.tenant_id == TENANT,
        membership.c.id == parameter(membership.c.id),
        membership.c.until <= ASKER.now,
    )
)
LEFT_BEHIND = Statement(
    sa.update(assignment)
    .where(
        assignment.c.tenant_id == TENANT,
        assignment.c.person_id == parameter(assignment.c.person_id),
        assignment.c.organisation_id == parameter(assignment.c.organisation_id),
        assignment.c.superseded_at.is_(None),
    )
    .values(_SUPERSEDED)
    .returning(assignment.c.referral_id)
)

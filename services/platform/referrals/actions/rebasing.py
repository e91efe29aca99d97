"""A consent put in the place of another basis: the person has agreed after all."""

import uuid

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.viewer import JAPAN
from services.platform.members.models import acts_for
from services.platform.notices.actions.telling import Audience, of_organisations, people, tell
from services.platform.referrals.actions import grounds
from services.platform.referrals.actions.bodies import member
from services.platform.referrals.actions.moving import rewrite
from services.platform.referrals.actions.packages import freeze
from services.platform.referrals.models import (
    break_glass,
    break_glass_person,
    consent_recipient,
    council_assignment,
    council_item,
    referral,
    sitting,
    sitting_body,
    sitting_referral,
)
from services.platform.referrals.models.lawful_bases import still_opens


async def rebase_referral(
    acting: Acting, identity: uuid.UUID | None, version: int, consent_id: uuid.UUID | None
) -> uuid.UUID:
    """The person has agreed since: the case moves from 支援会議 to 重層的支援会議, and only whom the
    consent names goes on seeing it, in what it names; the others are told.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    work = acting.work
    row = await acting.find("referral", referral, identity, action="rebase_referral", version=version)
    recipient = await member(acting, row["recipient_id"])
    ground = await grounds.of_consent(acting, row, recipient, consent_id)
    changed = await rewrite(work, row, basis=ground.basis, consent_id=ground.consent_id, opened_early=False)
    lost = await _losing(work, row["id"], ground.row_id)
    for statement in (LEAVE_COUNCIL, LEAVE_SITTINGS, END_BREAK_GLASS):
        await work.rows(statement, referral_id=row["id"])
    await freeze(acting, changed, ground, recipient)
    work.record("rebase_referral", "referral", row["id"], before=row["basis"], rests_on=str(ground.row_id))
    if lost:
        await tell(work, "basis_fell", ("referral", row["id"]), *lost)
    return row["id"]


async def _losing(work: Work, referral_id: uuid.UUID, consent_id: uuid.UUID) -> list[Audience]:
    """Bodies and people who find it until now, and whom the consent does not name."""
    places = {"referral_id": referral_id, "consent_id": consent_id}
    today = work.now.astimezone(JAPAN).date()
    bodies = [row["id"] for row in await work.rows(BODIES, **places, viewer_today=today)]
    named = [row["id"] for row in await work.rows(NAMED, **places)]
    told = [of_organisations(bodies, "desk", "caseworker")] if bodies else []
    return [*told, people(*named)] if named else told


NOW = sa.bindparam("viewer_now", type_=break_glass.c.expires_at.type)
LEAVE_COUNCIL = Statement(
    sa.update(council_item)
    .where(
        council_item.c.tenant_id == TENANT,
        council_item.c.referral_id == parameter(council_item.c.referral_id),
        council_item.c.ended_at.is_(None),
    )
    .values(ended_at=NOW, version=council_item.c.version + 1)
    .returning(council_item.c.id)
)
LEAVE_SITTINGS = Statement(
    sa.update(sitting_referral)
    .where(
        sitting_referral.c.tenant_id == TENANT,
        sitting_referral.c.referral_id == parameter(sitting_referral.c.referral_id),
        sitting_referral.c.ended_at.is_(None),
    )
    .values(ended_at=NOW)
    .returning(sitting_referral.c.id)
)
END_BREAK_GLASS = Statement(
    sa.update(break_glass)
    .where(
        break_glass.c.tenant_id == TENANT,
        break_glass.c.referral_id == parameter(break_glass.c.referral_id),
        break_glass.c.expires_at > NOW,
    )
    .values(expires_at=NOW, version=break_glass.c.version + 1)
    .returning(break_glass.c.id)
)
_of_consent = sa.select(consent_recipient.c.organisation_id).where(
    consent_recipient.c.tenant_id == TENANT,
    consent_recipient.c.consent_id == parameter(consent_recipient.c.consent_id),
)
_assigned = (
    sa.select(council_assignment.c.organisation_id.label("id"))
    .join(
        council_item,
        sa.and_(
            council_item.c.tenant_id == TENANT, council_item.c.id == council_assignment.c.council_item_id
        ),
    )
    .where(
        council_assignment.c.tenant_id == TENANT,
        council_assignment.c.ended_at.is_(None),
        council_item.c.referral_id == parameter(council_item.c.referral_id),
        council_item.c.ended_at.is_(None),
        council_assignment.c.organisation_id.not_in(_of_consent),
    )
)
_picked = (
    sa.select(sitting_body.c.organisation_id)
    .join(
        sitting_referral,
        sa.and_(
            sitting_referral.c.tenant_id == TENANT,
            sitting_referral.c.sitting_id == sitting_body.c.sitting_id,
        ),
    )
    .join(sitting, sa.and_(sitting.c.tenant_id == TENANT, sitting.c.id == sitting_body.c.sitting_id))
    .join(
        referral,
        sa.and_(referral.c.tenant_id == TENANT, referral.c.id == sitting_referral.c.referral_id),
    )
    .where(
        sitting_body.c.tenant_id == TENANT,
        sitting_referral.c.referral_id == parameter(sitting_referral.c.referral_id),
        sitting_referral.c.ended_at.is_(None),
        still_opens(sitting, ASKER),
        sitting_body.c.organisation_id != referral.c.sender_id,
        sitting_body.c.organisation_id.not_in(_of_consent),
    )
)
BODIES = Statement(sa.union(_assigned, _picked))
NAMED = Statement(
    sa.select(break_glass_person.c.person_id.label("id"))
    .distinct()
    .join(
        break_glass,
        sa.and_(break_glass.c.tenant_id == TENANT, break_glass.c.id == break_glass_person.c.break_glass_id),
    )
    .where(
        break_glass_person.c.tenant_id == TENANT,
        break_glass.c.referral_id == parameter(break_glass.c.referral_id),
        break_glass.c.expires_at > NOW,
        sa.not_(
            sa.exists(
                sa.select(consent_recipient.c.id).where(
                    consent_recipient.c.tenant_id == TENANT,
                    consent_recipient.c.consent_id == parameter(consent_recipient.c.consent_id),
                    acts_for(break_glass_person.c.person_id, consent_recipient.c.organisation_id, ASKER),
                )
            )
        ),
    )
)

"""What the clock does to lawful bases: access has ended in SQL by then; those whom it concerns are told.

Each judges the rows as it finds them, so a job that comes twice, early or late tells nothing untrue.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.tenancy.viewer import JAPAN
from services.platform.councils.models import MEMBER_LEFT, council_member
from services.platform.notices.actions.telling import of_organisation, of_organisations, tell
from services.platform.referrals import basis_deadlines
from services.platform.referrals.actions import falling, reviewing, sittings
from services.platform.referrals.actions.falling import ENDS
from services.platform.referrals.models import (
    break_glass,
    consent,
    council_assignment,
    council_item,
    machine,
    referral,
)


async def break_glass_ended(work: Work, key: uuid.UUID) -> None:
    """Whom it concerns heard of an end before its time from the review that ended it."""
    row = await work.one(GLASS, id=key)
    if row is not None and row["expires_at"] <= work.now and row["expires_at"] != row["reviewed_at"]:
        await falling.break_glass_fell(work, row["referral_id"])


async def consent_ended(work: Work, key: uuid.UUID) -> None:
    row = await work.one(CONSENT, id=key)
    if row is not None and row["withdrawn_at"] is None and row["valid_until"] < _today(work):
        for each in await work.rows(RESTING_ON_CONSENT, consent_id=key):
            await falling.tell_both_ends(work, each)


async def member_left(work: Work, key: uuid.UUID) -> None:
    """A member is off the council's list: what it brought has no basis any more, nor what it was assigned to.
    All who see it no longer are told once, however often the end was moved."""
    row = await work.one(MEMBER, id=key)
    if row is None or row["until_on"] is None or row["until_on"] > _today(work) or row["left_told_at"]:
        return
    await work.one(TOLD, id=key)
    left = row["organisation_id"]
    for each in await work.rows(ITEMS_OF_MEMBER, council_id=row["council_id"], organisation_id=left):
        bodies = [left] if each["brought_by_id"] != left else list(each["assigned"])
        sender = of_organisation(each["sender_id"], "caseworker")
        audience = of_organisations(bodies, "desk", "caseworker")
        await tell(work, "basis_fell", ("referral", each["id"]), sender, audience)


JOBS: Final[Mapping[str, Callable[[Work, uuid.UUID], Awaitable[None]]]] = {
    basis_deadlines.REVIEW_DUE: reviewing.review_due,
    basis_deadlines.BREAK_GLASS_ENDS: break_glass_ended,
    basis_deadlines.CONSENT_ENDS: consent_ended,
    basis_deadlines.SITTING_ENDS: sittings.sitting_over,
    MEMBER_LEFT: member_left,
}


def _today(work: Work) -> object:
    return work.now.astimezone(JAPAN).date()


_LIVE: Final = among(referral.c.state, machine.LIVE)

GLASS = Statement(
    sa.select(break_glass.c.referral_id, break_glass.c.expires_at, break_glass.c.reviewed_at).where(
        break_glass.c.tenant_id == TENANT, break_glass.c.id == parameter(break_glass.c.id)
    )
)
CONSENT = Statement(
    sa.select(consent.c.withdrawn_at, consent.c.valid_until).where(
        consent.c.tenant_id == TENANT, consent.c.id == parameter(consent.c.id)
    )
)
MEMBER = Statement(
    sa.select(
        council_member.c.council_id,
        council_member.c.organisation_id,
        council_member.c.until_on,
        council_member.c.left_told_at,
    )
    .where(council_member.c.tenant_id == TENANT, council_member.c.id == parameter(council_member.c.id))
    .with_for_update()
)
TOLD = Statement(
    sa.update(council_member)
    .where(council_member.c.tenant_id == TENANT, council_member.c.id == parameter(council_member.c.id))
    .values(left_told_at=sa.bindparam("viewer_now", type_=council_member.c.left_told_at.type))
    .returning(council_member.c.id)
)
RESTING_ON_CONSENT = Statement(
    sa.select(*ENDS)
    .where(referral.c.tenant_id == TENANT, referral.c.consent_id == parameter(referral.c.consent_id), _LIVE)
    .order_by(referral.c.id)
)
_left: sa.ColumnElement[uuid.UUID] = sa.bindparam("organisation_id", type_=sa.Uuid())
_assigned = sa.func.array(
    sa.select(council_assignment.c.organisation_id)
    .where(
        council_assignment.c.tenant_id == TENANT,
        council_assignment.c.council_item_id == council_item.c.id,
        council_assignment.c.ended_at.is_(None),
    )
    .scalar_subquery(),
    type_=ARRAY(sa.Uuid()),
)
ITEMS_OF_MEMBER = Statement(
    sa.select(referral.c.id, referral.c.sender_id, council_item.c.brought_by_id, _assigned.label("assigned"))
    .join(
        council_item,
        sa.and_(council_item.c.tenant_id == TENANT, council_item.c.referral_id == referral.c.id),
    )
    .where(
        referral.c.tenant_id == TENANT,
        _LIVE,
        council_item.c.council_id == parameter(council_item.c.council_id),
        council_item.c.ended_at.is_(None),
        sa.or_(council_item.c.brought_by_id == _left, _left == sa.any_(_assigned)),
    )
    .order_by(referral.c.id)
)

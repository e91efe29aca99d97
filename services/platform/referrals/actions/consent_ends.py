"""A consent that ends soon: those who rest on it are told while it can still be renewed."""

import uuid

import sqlalchemy as sa

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.referrals import deadlines
from services.platform.referrals.actions.announcing import announce
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.models import consent, machine, referral


async def tell_of_consent(work: Work, consent_id: uuid.UUID) -> None:
    """Once for each consent, however often it is called; early, it waits."""
    row = await work.one(UNTOLD, id=consent_id)
    if row is None:
        return
    at = deadlines.consent_ends_soon(row["valid_until"], await terms(work))
    if at > work.now:
        work.later(deadlines.CONSENT_ENDS_SOON, consent_id, at)
        return
    await work.one(TOLD, id=consent_id)
    for each in await work.rows(RESTING_ON, consent_id=consent_id):
        await announce(work, each, "consent_ends_soon", "sender", "recipient")


UNTOLD = Statement(
    sa.select(consent.c.valid_until)
    .where(
        consent.c.tenant_id == TENANT,
        consent.c.id == parameter(consent.c.id),
        consent.c.withdrawn_at.is_(None),
        consent.c.ending_told_at.is_(None),
    )
    .with_for_update()
)
TOLD = Statement(
    sa.update(consent)
    .where(consent.c.tenant_id == TENANT, consent.c.id == parameter(consent.c.id))
    .values(ending_told_at=sa.bindparam("viewer_now", type_=consent.c.ending_told_at.type))
    .returning(consent.c.id)
)
RESTING_ON = Statement(
    sa.select(referral)
    .where(
        referral.c.tenant_id == TENANT,
        referral.c.consent_id == parameter(referral.c.consent_id),
        among(referral.c.state, machine.LIVE),
    )
    .order_by(referral.c.id)
)

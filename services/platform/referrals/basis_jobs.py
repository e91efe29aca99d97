"""What the clock does to lawful bases: access has ended in SQL by then; those whom it concerns are told.

Each judges the rows as it finds them, so a job that comes twice, early or late tells nothing untrue.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.tenancy.viewer import JAPAN
from services.platform.councils.models import MEMBER_LEFT, council_member
from services.platform.notices.actions.telling import of_organisation, tell
from services.platform.referrals import basis_deadlines
from services.platform.referrals.actions import reviewing
from services.platform.referrals.models import break_glass, consent, council_item, machine, referral


async def break_glass_ended(work: Work, key: uuid.UUID) -> None:
    row = await work.one(GLASS, id=key)
    if row is not None and row["expires_at"] <= work.now:
        for each in await work.rows(RESTING_ON_GLASS, id=row["referral_id"]):
            await _tell(work, "basis_fell", each)


async def consent_ended(work: Work, key: uuid.UUID) -> None:
    row = await work.one(CONSENT, id=key)
    if row is not None and row["withdrawn_at"] is None and row["valid_until"] < _today(work):
        for each in await work.rows(RESTING_ON_CONSENT, consent_id=key):
            await _tell(work, "basis_fell", each)


async def member_left(work: Work, key: uuid.UUID) -> None:
    """A member is off the council's list: what it brought, and what it was asked, has no basis any more."""
    row = await work.one(MEMBER, id=key)
    if row is None or row["until_on"] is None or row["until_on"] > _today(work):
        return
    for each in await work.rows(
        RESTING_ON_MEMBER, council_id=row["council_id"], organisation_id=row["organisation_id"]
    ):
        await _tell(work, "basis_fell", each)


JOBS: Final[Mapping[str, Callable[[Work, uuid.UUID], Awaitable[None]]]] = {
    basis_deadlines.REVIEW_DUE: reviewing.review_due,
    basis_deadlines.BREAK_GLASS_ENDS: break_glass_ended,
    basis_deadlines.CONSENT_ENDS: consent_ended,
    MEMBER_LEFT: member_left,
}


async def _tell(work: Work, kind: str, row: asyncpg.Record) -> None:
    """Both ends: who may disclose no more, and who opens it no more."""
    audiences = [of_organisation(row["sender_id"], "caseworker")]
    if row["sent_at"] is not None:
        audiences.append(of_organisation(row["recipient_id"], "desk", "caseworker"))
    await tell(work, kind, ("referral", row["id"]), *audiences)


def _today(work: Work) -> object:
    return work.now.astimezone(JAPAN).date()


_ENDS: Final = (referral.c.id, referral.c.sender_id, referral.c.recipient_id, referral.c.sent_at)
_LIVE: Final = among(referral.c.state, machine.LIVE)

GLASS = Statement(
    sa.select(break_glass.c.referral_id, break_glass.c.expires_at).where(
        break_glass.c.tenant_id == TENANT, break_glass.c.id == parameter(break_glass.c.id)
    )
)
CONSENT = Statement(
    sa.select(consent.c.withdrawn_at, consent.c.valid_until).where(
        consent.c.tenant_id == TENANT, consent.c.id == parameter(consent.c.id)
    )
)
MEMBER = Statement(
    sa.select(council_member.c.council_id, council_member.c.organisation_id, council_member.c.until_on).where(
        council_member.c.tenant_id == TENANT, council_member.c.id == parameter(council_member.c.id)
    )
)
RESTING_ON_GLASS = Statement(
    sa.select(*_ENDS).where(
        referral.c.tenant_id == TENANT,
        referral.c.id == parameter(referral.c.id),
        referral.c.basis == "vital_interest",
        _LIVE,
    )
)
RESTING_ON_CONSENT = Statement(
    sa.select(*_ENDS)
    .where(referral.c.tenant_id == TENANT, referral.c.consent_id == parameter(referral.c.consent_id), _LIVE)
    .order_by(referral.c.id)
)
RESTING_ON_MEMBER = Statement(
    sa.select(*_ENDS)
    .join(
        council_item,
        sa.and_(council_item.c.tenant_id == TENANT, council_item.c.referral_id == referral.c.id),
    )
    .where(
        referral.c.tenant_id == TENANT,
        referral.c.basis == "council_exchange",
        _LIVE,
        council_item.c.council_id == parameter(council_item.c.council_id),
        council_item.c.ended_at.is_(None),
        sa.or_(
            council_item.c.brought_by_id == sa.bindparam("organisation_id", type_=sa.Uuid()),
            referral.c.recipient_id == sa.bindparam("organisation_id", type_=sa.Uuid()),
        ),
    )
    .order_by(referral.c.id)
)

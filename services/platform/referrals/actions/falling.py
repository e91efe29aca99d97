"""A lawful basis fell: both ends of what rests on it are told, and whoever else loses sight of it."""

import uuid
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.notices.actions.telling import Audience, of_organisation, tell
from services.platform.referrals.models import machine, referral

ENDS: Final = (referral.c.id, referral.c.sender_id, referral.c.recipient_id, referral.c.sent_at)


async def tell_both_ends(work: Work, row: asyncpg.Record) -> None:
    """Who may disclose no more, and who opens it no more. `row` has the columns of ENDS."""
    await tell(work, "basis_fell", ("referral", row["id"]), *_ends(row))


async def break_glass_fell(work: Work, referral_id: uuid.UUID, *others: Audience) -> None:
    """The ends of the referral, where it still rests on a break-glass, and `others`; each of them once."""
    row = await work.one(RESTING_ON_GLASS, id=referral_id)
    audiences = [*others, *(_ends(row) if row is not None else ())]
    if audiences:
        await tell(work, "basis_fell", ("referral", referral_id), *audiences)


def _ends(row: asyncpg.Record) -> list[Audience]:
    sender = of_organisation(row["sender_id"], "caseworker")
    if row["sent_at"] is None:
        return [sender]
    return [sender, of_organisation(row["recipient_id"], "desk", "caseworker")]


RESTING_ON_GLASS = Statement(
    sa.select(*ENDS).where(
        referral.c.tenant_id == TENANT,
        referral.c.id == parameter(referral.c.id),
        referral.c.basis == "vital_interest",
        among(referral.c.state, machine.LIVE),
    )
)

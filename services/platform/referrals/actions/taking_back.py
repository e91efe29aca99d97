"""T2b: the question of a basis is taken back; the draft is as it was before a recipient was named."""

import uuid

from libs.persistence.work import Work
from libs.policy.acting import Acting
from services.platform.referrals.actions.moving import Referral, move
from services.platform.referrals.models import referral


async def take_back_basis(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("referral", referral, identity, action="take_back_basis", version=version)
    await back_to_draft(acting.work, row)
    return row["id"]


async def back_to_draft(work: Work, row: Referral) -> Referral:
    """By the sender, or by the clock."""
    return await move(work, row, "take_back_basis", recipient_id=None, basis=None, consent_id=None)

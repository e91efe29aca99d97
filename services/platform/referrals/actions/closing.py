"""The loop closes: the recipient reports, the sender confirms; or the sender takes it back before."""

import uuid

from libs.policy.acting import Acting
from services.platform.referrals import deadlines
from services.platform.referrals.actions.answering import keep_text
from services.platform.referrals.actions.inputs import note_for
from services.platform.referrals.actions.moving import close_offers, move
from services.platform.referrals.actions.settings import rules
from services.platform.referrals.models import referral


async def report_outcome(
    acting: Acting, identity: uuid.UUID | None, version: int, code: str, text: str | None
) -> uuid.UUID:
    """T14. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput for 'other' without a text."""
    work = acting.work
    row = await acting.find("referral", referral, identity, action="report_outcome", version=version)
    said = note_for(code, text, "text")
    due = deadlines.confirm_due(work.now, row["urgency"], (await rules(work))["confirm_days"])
    await move(work, row, "report_outcome", code, outcome_code=code, due_at=due)
    await keep_text(acting, row["id"], row["case_id"], "outcome_text", said)
    await work.later(deadlines.CONFIRM_ENDS, row["id"], due)
    return row["id"]


async def confirm_loop(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """T15: counted as confirmed. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("referral", referral, identity, action="confirm_loop", version=version)
    await move(acting.work, row, "confirm_loop", confirmed=True, due_at=None)
    return row["id"]


async def withdraw_referral(
    acting: Acting, identity: uuid.UUID | None, version: int, code: str, text: str | None
) -> uuid.UUID:
    """T18: the recipient's access ends.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find("referral", referral, identity, action="withdraw_referral", version=version)
    said = note_for(code, text, "text")
    await move(acting.work, row, "withdraw_referral", code, withdraw_code=code, due_at=None)
    await close_offers(acting.work, row["id"])
    await keep_text(acting, row["id"], row["case_id"], "withdraw_text", said)
    return row["id"]

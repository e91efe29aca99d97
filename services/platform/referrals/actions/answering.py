"""The recipient's desk answers: accepts, declines, returns, begins."""

import uuid
from dataclasses import dataclass
from datetime import date

from libs.errors.problems import InvalidInput
from libs.policy.acting import Acting
from libs.tenancy.viewer import JAPAN
from services.platform.referrals.actions.asking import left_of_question
from services.platform.referrals.actions.handing_on import HANDED_ON
from services.platform.referrals.actions.inputs import note_for
from services.platform.referrals.actions.moving import move
from services.platform.referrals.actions.sealing import seal_texts
from services.platform.referrals.models import referral


async def accept_referral(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """T7: from now on the identity may be revealed. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("referral", referral, identity, action="accept_referral", version=version)
    stopped = await left_of_question(acting.work, row)
    await move(acting.work, row, "accept_referral", stopped_working_days=stopped)
    if row["based_on_id"] is not None:
        acting.work.later(HANDED_ON, row["id"], acting.work.now)
    return row["id"]


@dataclass(frozen=True, slots=True)
class Decline:
    """`declined_by`: provider, person or not_reached. The text is sealed; 'other' needs one."""

    declined_by: str
    code: str
    text: str | None


async def decline_referral(
    acting: Acting, identity: uuid.UUID | None, version: int, reason: Decline
) -> uuid.UUID:
    """T8: nothing above the codes is open to the recipient any more.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    return await _decline(acting, identity, version, reason, "decline_referral")


async def return_referral(
    acting: Acting, identity: uuid.UUID | None, version: int, reason: Decline
) -> uuid.UUID:
    """T13: as a decline, after it was accepted and before support began. Raises as it does."""
    return await _decline(acting, identity, version, reason, "return_referral")


async def start_support(
    acting: Acting, identity: uuid.UUID | None, version: int, started_on: date
) -> uuid.UUID:
    """T11, on the day of the first contact. Raises NotFound, NotAllowed, StaleVersion, WrongState,
    InvalidInput for a day to come."""
    row = await acting.find("referral", referral, identity, action="start_support", version=version)
    if started_on > acting.work.now.astimezone(JAPAN).date():
        raise InvalidInput("startedOn", "支援開始日が未来です。", "The first contact is still to come.")
    await move(acting.work, row, "start_support", started_on=started_on)
    return row["id"]


async def keep_text(
    acting: Acting, identity: uuid.UUID, case_id: uuid.UUID, column: str, text: str | None
) -> None:
    """A text of the exchange, sealed under the case's key as L2 is."""
    if text is not None:
        sealer = await acting.vault.sealer(acting.work.tenant_id, case_id)
        await seal_texts(acting.work, sealer, case_id, ("referral", identity), {column: text})


async def _decline(
    acting: Acting, identity: uuid.UUID | None, version: int, reason: Decline, step: str
) -> uuid.UUID:
    row = await acting.find("referral", referral, identity, action=step, version=version)
    said = note_for(reason.code, reason.text, "text")
    codes = {"decline_code": reason.code, "declined_by": reason.declined_by}
    await move(acting.work, row, step, reason.code, **codes)
    await keep_text(acting, row["id"], row["case_id"], "decline_text", said)
    return row["id"]

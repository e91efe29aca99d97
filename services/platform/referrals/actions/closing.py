"""The loop closes: the recipient reports, the sender confirms or asks for more; or takes it back."""

import uuid

from libs.errors.problems import InvalidInput
from libs.policy.acting import Acting
from services.platform.referrals.actions.announcing import close_offers
from services.platform.referrals.actions.answering import keep_text
from services.platform.referrals.actions.inputs import note_for
from services.platform.referrals.actions.moving import move
from services.platform.referrals.models import codes, referral


async def report_outcome(
    acting: Acting, identity: uuid.UUID | None, version: int, code: str, text: str | None
) -> uuid.UUID:
    """T14. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput for 'other' without a text."""
    row = await acting.find("referral", referral, identity, action="report_outcome", version=version)
    said = note_for(code, text, "text")
    await move(acting.work, row, "report_outcome", code, outcome_code=code)
    await keep_text(acting, row["id"], row["case_id"], "outcome_text", said)
    return row["id"]


async def confirm_loop(
    acting: Acting, identity: uuid.UUID | None, version: int, person_answer: str | None = None
) -> uuid.UUID:
    """T15: counted as confirmed, with what the person themselves said where they were asked.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("referral", referral, identity, action="confirm_loop", version=version)
    await move(acting.work, row, "confirm_loop", person_answer, confirmed=True, person_answer=person_answer)
    return row["id"]


async def request_reopen(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """T16, the sender's half: the recipient has the time of T-confirm again to agree.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("referral", referral, identity, action="request_reopen", version=version)
    await move(acting.work, row, "request_reopen")
    return row["id"]


async def reopen(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """T16, the recipient's half: support goes on, and the report is as if it had not been.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("referral", referral, identity, action="reopen", version=version)
    await move(acting.work, row, "reopen", outcome_code=None)
    return row["id"]


async def withdraw_referral(
    acting: Acting, identity: uuid.UUID | None, version: int, code: str, text: str | None
) -> uuid.UUID:
    """T18: the recipient's access ends.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find("referral", referral, identity, action="withdraw_referral", version=version)
    if code in codes.LEFT:
        raise InvalidInput(
            "code",
            "この理由は、団体が退会したときに自動で付きます。ほかの理由を選んでください。",
            "This reason is given by itself when an organisation leaves. Choose another one.",
        )
    said = note_for(code, text, "text")
    withdrawn = await move(acting.work, row, "withdraw_referral", code, withdraw_code=code)
    await close_offers(acting.work, withdrawn)
    await keep_text(acting, row["id"], row["case_id"], "withdraw_text", said)
    return row["id"]

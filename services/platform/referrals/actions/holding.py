"""T12: the recipient puts a referral on hold until a day on which it looks at it again, and resumes it."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from libs.errors.problems import InvalidInput
from libs.policy.acting import Acting
from libs.tenancy.viewer import JAPAN
from services.platform.referrals.actions.answering import keep_text
from services.platform.referrals.actions.inputs import note_for
from services.platform.referrals.actions.moving import Referral, move
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.models import referral


@dataclass(frozen=True, slots=True)
class Hold:
    """Why, and when it is looked at again. The text is sealed; 'other' needs one."""

    code: str
    review_on: date
    text: str | None


async def hold(acting: Acting, identity: uuid.UUID | None, version: int, reason: Hold) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput for a day out of bounds."""
    row = await acting.find("referral", referral, identity, action="hold", version=version)
    said = note_for(reason.code, reason.text, "text")
    await _check_day(acting, row, reason.review_on)
    held = {"hold_code": reason.code, "review_on": reason.review_on, "held_from": row["state"]}
    await move(acting.work, row, "hold", reason.code, **held)
    await keep_text(acting, row["id"], row["case_id"], "hold_text", said)
    return row["id"]


async def resume(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Back to where it was held. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("referral", referral, identity, action="resume", version=version)
    empty = {"hold_code": None, "review_on": None, "held_from": None}
    await move(acting.work, row, "resume", target=row["held_from"], **empty)
    return row["id"]


async def _check_day(acting: Acting, row: Referral, review_on: date) -> None:
    of_platform = await terms(acting.work)
    most = of_platform.urgent_or(row, "review_urgent_days", "review_days")
    today = acting.work.now.astimezone(JAPAN).date()
    if not today < review_on <= today + timedelta(days=most):
        raise InvalidInput(
            "reviewOn",
            f"見直しの日は、明日から{most}日以内にしてください。",
            f"The day of review is one of the next {most} days.",
            detail="OUT_OF_RANGE",
        )

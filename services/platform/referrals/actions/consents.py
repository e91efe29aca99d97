"""The consents of the person whom a case is about: given, taken back, and put in place of another basis."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from libs.errors.problems import InvalidInput
from libs.policy.acting import Acting
from libs.tenancy.viewer import JAPAN
from services.platform.referrals import basis_deadlines, deadlines
from services.platform.referrals.actions.bodies import check_members
from services.platform.referrals.actions.inputs import SHORT, identities, required
from services.platform.referrals.actions.scanning import Shown, refuse_personal_data
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.models import (
    case_file,
    consent,
    consent_recipient,
)

MOST_TIME: Final = timedelta(days=3_653)
"""Ten years."""


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """`items` go to the `recipients` and nobody else, up to and including the day `valid_until`.

    With the organisation that holds the case these are the five points of the consent slip: who receives, who
    holds, what for, which items, by what medium.
    """

    items: Sequence[str]
    recipients: list[uuid.UUID | None]
    purpose: str
    medium: str
    how_obtained: str
    obtained_on: date
    valid_until: date


async def record_consent(acting: Acting, case_id: uuid.UUID | None, given: GivenConsent) -> uuid.UUID:
    """Notes what the person agreed to. Raises NotFound, NotAllowed, InvalidInput, WrongState."""
    row = await acting.find("case", case_file, case_id, action="record_consent")
    recipients = identities(given.recipients, "recipientIds")
    purpose = required(given.purpose, "purpose", SHORT)
    _check_time(acting, given)
    await check_members(acting, recipients)
    await refuse_personal_data(acting, Shown({"purpose": purpose}, row["id"]))
    work = acting.work
    made = await work.insert(
        consent,
        case_id=row["id"],
        holder_id=row["organisation_id"],
        purpose=purpose,
        **_consent(acting, given),
    )
    for each in recipients:
        await work.insert(consent_recipient, consent_id=made, organisation_id=each)
    soon = deadlines.consent_ends_soon(given.valid_until, await terms(work))
    work.later(deadlines.CONSENT_ENDS_SOON, made, soon)
    work.later(basis_deadlines.CONSENT_ENDS, made, basis_deadlines.consent_ends(given.valid_until))
    work.record("record_consent", "consent", made, case=str(row["id"]))
    return made


def _consent(acting: Acting, given: GivenConsent) -> dict[str, Any]:
    if not given.items:
        raise InvalidInput("items", "同意の項目を選んでください。", "Choose the items that were agreed to.")
    return {
        "items": sorted(set(given.items)),
        "medium": given.medium,
        "how_obtained": given.how_obtained,
        "obtained_on": given.obtained_on,
        "valid_until": given.valid_until,
        "created_at": acting.work.now,
    }


def _check_time(acting: Acting, given: GivenConsent) -> None:
    today = acting.work.now.astimezone(JAPAN).date()
    if given.obtained_on > today:
        raise InvalidInput("obtainedOn", "取得日が未来です。", "The day on which it was obtained is to come.")
    if given.valid_until < today:
        raise InvalidInput("validUntil", "有効期限が過ぎています。", "The last day of the consent is over.")
    if given.valid_until > today + MOST_TIME:
        raise InvalidInput(
            "validUntil",
            "有効期限は10年以内にしてください。期限の前に、あらためて同意を得られます。",
            "A consent holds for ten years at most. It can be given anew before it ends.",
            detail="OUT_OF_RANGE",
        )

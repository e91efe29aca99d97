"""The consents of the person whom a case is about: given, taken back, and put in place of another basis."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.viewer import JAPAN
from services.platform.notices.actions.telling import of_organisation, tell
from services.platform.referrals import basis_deadlines, deadlines
from services.platform.referrals.actions import grounds
from services.platform.referrals.actions.bodies import check_members, member
from services.platform.referrals.actions.inputs import SHORT, identities, required
from services.platform.referrals.actions.moving import move, rewrite
from services.platform.referrals.actions.packages import freeze
from services.platform.referrals.actions.scanning import Shown, refuse_personal_data
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.models import (
    break_glass,
    case_file,
    consent,
    consent_recipient,
    council_item,
    machine,
    referral,
    sitting_referral,
)


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


async def withdraw_consent(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The person takes it back: what is under way on it ends (T19), and nothing more is opened.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("consent", consent, identity, action="withdraw_consent", version=version)
    await _end(acting, row)
    return row["id"]


async def revoke_consent(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """T19, from the referral: by its sender for the person, or by the coordinator, who reads no consent.

    A closed referral stays closed; its consent ends all the same, and with it every reveal.
    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("referral", referral, identity, action="revoke_consent", version=version)
    held = await acting.work.one(HELD, id=row["consent_id"])
    if held is not None and held["withdrawn_at"] is None:
        await _end(acting, held)
    return row["id"]


async def rebase_referral(
    acting: Acting, identity: uuid.UUID | None, version: int, consent_id: uuid.UUID | None
) -> uuid.UUID:
    """The person has agreed since: the case moves from 支援会議 to 重層的支援会議, and only whom the
    consent names goes on seeing it, in what it names.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    work = acting.work
    row = await acting.find("referral", referral, identity, action="rebase_referral", version=version)
    recipient = await member(acting, row["recipient_id"])
    ground = await grounds.of_consent(acting, row, recipient, consent_id)
    changed = await rewrite(work, row, basis=ground.basis, consent_id=ground.consent_id, opened_early=False)
    for statement in (LEAVE_COUNCIL, LEAVE_SITTINGS, END_BREAK_GLASS):
        await work.rows(statement, referral_id=row["id"])
    await freeze(acting, changed, ground, recipient)
    work.record("rebase_referral", "referral", row["id"], before=row["basis"], rests_on=str(ground.row_id))
    return row["id"]


async def _end(acting: Acting, row: asyncpg.Record) -> None:
    """What is closed stays so; both ends of each are told to stop using what was given."""
    work = acting.work
    await work.one(WITHDRAW, id=row["id"])
    work.record("withdraw_consent", "consent", row["id"], case=str(row["case_id"]))
    for each in await work.rows(RESTING_ON, consent_id=row["id"]):
        if each["state"] in machine.LIVE:
            await move(work, each, "revoke_consent", "consent_revoked", withdraw_code="consent_revoked")
        ends = (
            of_organisation(each["sender_id"], "caseworker"),
            of_organisation(each["recipient_id"], "desk", "caseworker"),
        )
        await tell(work, "consent_revoked", ("referral", each["id"]), *ends)


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


NOW = sa.bindparam("viewer_now", type_=consent.c.withdrawn_at.type)

WITHDRAW = Statement(
    sa.update(consent)
    .where(consent.c.tenant_id == TENANT, consent.c.id == parameter(consent.c.id))
    .values(withdrawn_at=NOW, version=consent.c.version + 1)
    .returning(consent.c.id)
)
HELD = Statement(
    sa.select(consent)
    .where(consent.c.tenant_id == TENANT, consent.c.id == parameter(consent.c.id))
    .with_for_update()
)
RESTING_ON = Statement(
    sa.select(referral)
    .where(
        referral.c.tenant_id == TENANT,
        referral.c.consent_id == parameter(referral.c.consent_id),
        among(referral.c.state, (*machine.LIVE, "closed")),
    )
    .order_by(referral.c.id)
    .with_for_update()
)
LEAVE_COUNCIL = Statement(
    sa.update(council_item)
    .where(
        council_item.c.tenant_id == TENANT,
        council_item.c.referral_id == parameter(council_item.c.referral_id),
        council_item.c.ended_at.is_(None),
    )
    .values(ended_at=NOW, version=council_item.c.version + 1)
    .returning(council_item.c.id)
)
LEAVE_SITTINGS = Statement(
    sa.update(sitting_referral)
    .where(
        sitting_referral.c.tenant_id == TENANT,
        sitting_referral.c.referral_id == parameter(sitting_referral.c.referral_id),
        sitting_referral.c.ended_at.is_(None),
    )
    .values(ended_at=NOW)
    .returning(sitting_referral.c.id)
)
END_BREAK_GLASS = Statement(
    sa.update(break_glass)
    .where(
        break_glass.c.tenant_id == TENANT,
        break_glass.c.referral_id == parameter(break_glass.c.referral_id),
        break_glass.c.expires_at > NOW,
    )
    .values(expires_at=NOW, version=break_glass.c.version + 1)
    .returning(break_glass.c.id)
)

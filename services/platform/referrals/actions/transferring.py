"""T21: another member asks for the case; it moves only when its owner agrees (after Primero).

Who gets a case reads all of it, so the person's consent has to name them and everything that is written.
"""

import uuid
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotFound, WrongState
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from services.platform.referrals.actions.announcing import announce_to
from services.platform.referrals.actions.bodies import MEMBER
from services.platform.referrals.actions.grounds import VALID_CONSENT
from services.platform.referrals.actions.moving import Referral, move, rewrite
from services.platform.referrals.actions.sealing import sealed_texts
from services.platform.referrals.models import case_file, machine, referral, transfer_request

CASE_MOVED: Final = "referral.case_moved"
"""Due work; the key is the case's id."""


async def request_transfer(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState, AlreadyExists."""
    row = await acting.find("referral", referral, identity, action="request_transfer", version=version)
    work = acting.work
    await move(work, row, "request_transfer")
    await work.insert(
        transfer_request,
        referral_id=row["id"],
        organisation_id=work.actor.organisation_id,
        person_id=work.actor.person_id,
        created_at=work.now,
    )
    return row["id"]


async def accept_transfer(
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    organisation_id: uuid.UUID | None,
    consent_id: uuid.UUID | None,
) -> uuid.UUID:
    """The case and all its referrals go to the organisation that asked, and to the person who asked there.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find("referral", referral, identity, action="accept_transfer", version=version)
    work = acting.work
    asked = await _asked(work, row, organisation_id)
    if await work.one(MEMBER, id=organisation_id) is None:
        raise _nobody_asked()
    await _check_consent(acting, row, asked, consent_id)
    await _check_recipient(acting, row, asked["organisation_id"])
    moved = await move(work, row, "accept_transfer")
    await _sent_by(work, moved, asked["organisation_id"])
    await work.one(
        MOVE_CASE,
        id=row["case_id"],
        organisation_id=asked["organisation_id"],
        caseworker_id=asked["person_id"],
    )
    await work.one(ANSWERED, id=asked["id"], state="accepted")
    work.later(CASE_MOVED, row["case_id"], work.now)
    work.record("transfer_case", "case", row["case_id"], to=str(asked["organisation_id"]))
    await announce_to(work, row, "transfer_accepted", asked["person_id"])
    return row["id"]


async def decline_transfer(
    acting: Acting, identity: uuid.UUID | None, version: int, organisation_id: uuid.UUID | None
) -> uuid.UUID:
    """The case stays; who asked is told. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("referral", referral, identity, action="decline_transfer", version=version)
    asked = await _asked(acting.work, row, organisation_id)
    await move(acting.work, row, "decline_transfer")
    await acting.work.one(ANSWERED, id=asked["id"], state="declined")
    await announce_to(acting.work, row, "transfer_declined", asked["person_id"])
    return row["id"]


async def withdraw_request(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """By who asked; the owner is told. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find(
        "referral", referral, identity, action="withdraw_transfer_request", version=version
    )
    asked = await _asked(acting.work, row, acting.viewer.organisation_id)
    await move(acting.work, row, "withdraw_transfer_request")
    await acting.work.one(ANSWERED, id=asked["id"], state="withdrawn")
    return row["id"]


async def _asked(work: Work, row: Referral, organisation_id: uuid.UUID | None) -> asyncpg.Record:
    """Its open request. Raises NotFound."""
    found = await work.one(ASKED, referral_id=row["id"], organisation_id=organisation_id)
    if found is None:
        raise _nobody_asked()
    return found


def _nobody_asked() -> NotFound:
    return NotFound("その団体からの申出はありません。", "That organisation has not asked for it.")


async def _check_consent(
    acting: Acting, row: Referral, asked: asyncpg.Record, consent_id: uuid.UUID | None
) -> None:
    agreed = await acting.work.one(
        VALID_CONSENT,
        id=consent_id,
        case_id=row["case_id"],
        organisation_id=asked["organisation_id"],
        viewer_today=acting.viewer.places(acting.work.now)["viewer_today"],
    )
    written = await sealed_texts(acting.work, "case_file", row["case_id"])
    if agreed is None or not {place.column for place in written} <= set(agreed["items"]):
        raise InvalidInput(
            "consentId",
            "引き継ぐ団体を名指しし、記録した項目すべてにわたる、本日有効な同意がありません。",
            "No consent that holds today names that organisation and everything written in the case.",
            detail="NO_VALID_CONSENT",
        )


async def _check_recipient(acting: Acting, row: Referral, organisation_id: uuid.UUID) -> None:
    at_work = await acting.work.one(AT_WORK, case_id=row["case_id"], recipient_id=organisation_id)
    if at_work is not None:
        raise WrongState(
            at_work["state"],
            "引き継ぐ団体が受け手となっている紹介が進行中です。結果の報告のあとに引き継いでください。",
            "That organisation is at work on a referral of this case. Transfer it after its report.",
        )


async def move_referrals(work: Work, case_id: uuid.UUID) -> None:
    """The other referrals of a case that was transferred follow it; run again, it finds none.

    In a work of its own, which locks them in the order of their ids as every work that locks several does.
    """
    case = await work.one(CASE, id=case_id)
    if case is None:
        return
    owner = case["organisation_id"]
    for each in await work.rows(LEFT_BEHIND, case_id=case_id, sender_id=owner):
        await _sent_by(work, each, owner)
        work.record("transfer_referral", "referral", each["id"], to=str(owner))


async def _sent_by(work: Work, row: Referral, owner: uuid.UUID) -> Referral:
    earlier = [*row["earlier_sender_ids"], row["sender_id"]]
    return await rewrite(work, row, sender_id=owner, earlier_sender_ids=earlier)


ASKED = Statement(
    sa.select(transfer_request)
    .where(
        transfer_request.c.tenant_id == TENANT,
        transfer_request.c.referral_id == parameter(transfer_request.c.referral_id),
        transfer_request.c.organisation_id == parameter(transfer_request.c.organisation_id),
        transfer_request.c.state == "open",
    )
    .with_for_update()
)
ANSWERED = Statement(
    sa.update(transfer_request)
    .where(transfer_request.c.tenant_id == TENANT, transfer_request.c.id == parameter(transfer_request.c.id))
    .values(state=parameter(transfer_request.c.state))
    .returning(transfer_request.c.id)
)
AT_WORK = Statement(
    sa.select(referral.c.state).where(
        referral.c.tenant_id == TENANT,
        referral.c.case_id == parameter(referral.c.case_id),
        referral.c.recipient_id == parameter(referral.c.recipient_id),
        among(referral.c.state, machine.ADDRESSED),
    )
)
CASE = Statement(
    sa.select(case_file.c.organisation_id).where(
        case_file.c.tenant_id == TENANT, case_file.c.id == parameter(case_file.c.id)
    )
)
LEFT_BEHIND = Statement(
    sa.select(referral)
    .where(
        referral.c.tenant_id == TENANT,
        referral.c.case_id == parameter(referral.c.case_id),
        referral.c.sender_id != parameter(referral.c.sender_id),
    )
    .order_by(referral.c.id)
    .with_for_update()
)
MOVE_CASE = Statement(
    sa.update(case_file)
    .where(case_file.c.tenant_id == TENANT, case_file.c.id == parameter(case_file.c.id))
    .values(
        organisation_id=parameter(case_file.c.organisation_id),
        caseworker_id=parameter(case_file.c.caseworker_id),
        version=case_file.c.version + 1,
    )
    .returning(case_file.c.id)
)

"""Erasing a case: one person asks, another confirms, and after the commit the worker destroys the key.

What was told of the person is then unreadable in every copy. Numbers, codes, times and who saw what stay: the
ledger and the audit chain are about the platform's work, no longer about somebody.
"""

import uuid
from typing import Any, Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from services.platform.referrals.actions.announcing import close_offers
from services.platform.referrals.actions.moving import move
from services.platform.referrals.models import card_note, case_file, consent, machine, offer, referral
from services.platform.rights.actions.awaiting import remind_later, tell_confirmers
from services.platform.rights.models import codes, erasure

ERASE_KEY: Final = "case.erase_key"
"""The kind of due work; its key is the erasure's id."""
REVOKED: Final = "consent_revoked"
"""Who asks for the erasure takes back what was agreed to."""


async def ask_erasure(acting: Acting, case_id: uuid.UUID | None, version: int, reason: str) -> uuid.UUID:
    """Nothing is erased yet. Raises NotFound, NotAllowed, StaleVersion, AlreadyExists, KeyErased."""
    row = await acting.find("case", case_file, case_id, action="erase_case", version=version)
    made = await acting.work.insert(
        erasure,
        case_id=row["id"],
        organisation_id=row["organisation_id"],
        reason=reason,
        asked_by_id=acting.viewer.person_id,
        asked_at=acting.work.now,
    )
    acting.work.record("erase_case", "case", row["id"], erasure=str(made), reason=reason)
    await tell_confirmers(acting.work, "erasure_asked", made, row["organisation_id"])
    remind_later(acting.work, made)
    return made


async def confirm_erasure(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """By somebody else than who asked: it cannot be taken back any more.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("erasure", erasure, identity, action="confirm_erasure", version=version)
    await acting.work.one(CONFIRM, id=row["id"])
    acting.work.record("confirm_erasure", "erasure", row["id"], case=str(row["case_id"]))
    await end_case(acting.work, row["case_id"], row["id"])
    return row["id"]


async def take_back_erasure(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState once it was confirmed."""
    row = await acting.find("erasure", erasure, identity, action="take_back_erasure", version=version)
    await acting.work.one(TAKE_BACK, id=row["id"])
    acting.work.record("take_back_erasure", "erasure", row["id"], case=str(row["case_id"]))
    return row["id"]


async def end_case(work: Work, case_id: uuid.UUID, erasure_id: uuid.UUID) -> None:
    """Whatever is under way ends, nothing is opened any more, and the key's destruction is left to do."""
    for each in await work.rows(OF_CASE, case_id=case_id):
        if each["state"] in machine.LIVE:
            ended = await move(work, each, "revoke_consent", REVOKED, withdraw_code=REVOKED)
            await close_offers(work, ended)
    await work.rows(WITHDRAW, case_id=case_id)
    for words in WORDS:
        await work.rows(words, case_id=case_id)
    await work.one(END, id=case_id)
    work.later(ERASE_KEY, erasure_id, work.now)


_NOW = sa.bindparam("viewer_now", type_=erasure.c.confirmed_at.type)
_THIS = (erasure.c.tenant_id == TENANT, erasure.c.id == parameter(erasure.c.id))
CONFIRM = Statement(
    sa.update(erasure)
    .where(*_THIS)
    .values(
        state=sa.literal(codes.CONFIRMED),
        confirmed_by_id=parameter(erasure.c.confirmed_by_id, "viewer_person"),
        confirmed_at=_NOW,
        version=erasure.c.version + 1,
    )
    .returning(erasure.c.id)
)
TAKE_BACK = Statement(
    sa.update(erasure)
    .where(*_THIS)
    .values(state=sa.literal(codes.TAKEN_BACK), version=erasure.c.version + 1)
    .returning(erasure.c.id)
)
OF_CASE = Statement(
    sa.select(referral)
    .where(referral.c.tenant_id == TENANT, referral.c.case_id == parameter(referral.c.case_id))
    .order_by(referral.c.id)
    .with_for_update()
)
WITHDRAW = Statement(
    sa.update(consent)
    .where(
        consent.c.tenant_id == TENANT,
        consent.c.case_id == parameter(consent.c.case_id),
        consent.c.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=_NOW, version=consent.c.version + 1)
    .returning(consent.c.id)
)
_of_case: sa.Select[Any] = sa.select(referral.c.id).where(
    referral.c.tenant_id == TENANT, referral.c.case_id == parameter(referral.c.case_id)
)
# what lies open was scanned, but its writer may have kept a finding, and nothing sealed it
WORDS: Final = (
    Statement(
        sa.update(referral)
        .where(referral.c.tenant_id == TENANT, referral.c.case_id == parameter(referral.c.case_id))
        .values(ask=sa.literal(""), area=sa.literal(""), version=referral.c.version + 1)
        .returning(referral.c.id)
    ),
    Statement(
        sa.delete(card_note)
        .where(card_note.c.tenant_id == TENANT, card_note.c.referral_id.in_(_of_case))
        .returning(card_note.c.id)
    ),
    Statement(
        sa.update(offer)
        .where(offer.c.tenant_id == TENANT, offer.c.referral_id.in_(_of_case))
        .values(message=sa.literal(""), version=offer.c.version + 1)
        .returning(offer.c.id)
    ),
    Statement(
        sa.update(consent)
        .where(consent.c.tenant_id == TENANT, consent.c.case_id == parameter(consent.c.case_id))
        .values(purpose=sa.literal(""), version=consent.c.version + 1)
        .returning(consent.c.id)
    ),
)
END = Statement(
    sa.update(case_file)
    .where(case_file.c.tenant_id == TENANT, case_file.c.id == parameter(case_file.c.id))
    .values(state=sa.literal("erased"), updated_at=_NOW, version=case_file.c.version + 1)
    .returning(case_file.c.id)
)

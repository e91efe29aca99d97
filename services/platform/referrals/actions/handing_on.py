"""T20: the recipient hands the person on. Nothing is shared by it: sender and person are asked anew."""

import uuid
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from services.platform.referrals.actions.announcing import announce
from services.platform.referrals.actions.bodies import member
from services.platform.referrals.actions.moving import Referral, begin, move
from services.platform.referrals.models import machine, referral

HANDED_ON: Final = "referral.handed_on"
"""Due work; the key is the child that was accepted."""

WRITTEN: Final = ("need_category", "urgency", "age_band", "area", "ask", "case_id", "sender_id")


async def hand_on(
    acting: Acting, identity: uuid.UUID | None, version: int, recipient: uuid.UUID | None
) -> uuid.UUID:
    """A child for the body named waits with the sender for a basis of its own; the parent stays.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find("referral", referral, identity, action="hand_on", version=version)
    named = await member(acting, recipient)
    if named["id"] in (row["sender_id"], row["recipient_id"]):
        raise InvalidInput(
            "recipientId",
            "送り手でも自団体でもない団体を指定してください。",
            "Name an organisation that is neither the sender nor your own.",
        )
    await move(acting.work, row, "hand_on")
    child = await _child(acting.work, row, named["id"])
    await announce(acting.work, child, "handed_on", "sender")
    return row["id"]


async def end_parent(work: Work, child_id: uuid.UUID) -> None:
    """The child was accepted: what it is based on ends as referred elsewhere. In a work of its own, since
    two rows locked at once, child before parent, could wait for each other."""
    child = await work.one(FIND, id=child_id)
    parent = child and await work.one(LOCK, id=child["based_on_id"])
    if not child or not parent or child["state"] not in machine.TAKEN_ON:
        return
    if parent["state"] in machine.AT_WORK:
        code = "referred_elsewhere"
        reported = await move(work, parent, "report_outcome", code, outcome_code=code)
        await announce(work, reported, "hand_on_accepted", "sender", "recipient")


async def _child(work: Work, parent: Referral, recipient: uuid.UUID) -> Referral:
    kept: dict[str, Any] = {name: parent[name] for name in WRITTEN}
    made = await begin(work, {**kept, "mode": "directed", "based_on_id": parent["id"]})
    child = await work.one(LOCK, id=made)
    assert child is not None  # noqa: S101 - just made
    ends = {"case_id": parent["case_id"], "need_category": parent["need_category"]}
    if await work.one(ASKED_ALREADY, **ends, recipient_id=recipient) is not None:
        # whoever hands on is not to learn of that referral: the sender finds a draft and goes on from there
        return child
    return await move(work, child, "request_basis", recipient_id=recipient, basis="consent")


FIND = Statement(
    sa.select(referral.c.state, referral.c.based_on_id).where(
        referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id)
    )
)
ASKED_ALREADY = Statement(
    sa.select(referral.c.id).where(
        referral.c.tenant_id == TENANT,
        referral.c.case_id == parameter(referral.c.case_id),
        referral.c.need_category == parameter(referral.c.need_category),
        referral.c.recipient_id == parameter(referral.c.recipient_id),
        among(referral.c.state, machine.ADDRESSED),
    )
)
LOCK = Statement(
    sa.select(referral)
    .where(referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id))
    .with_for_update()
)

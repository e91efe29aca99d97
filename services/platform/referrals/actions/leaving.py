"""An organisation is suspended or leaves: nobody whom it was to help is left without somebody who knows.

Called within the change itself (`services/platform/followers.py`). What it may open ends with its membership,
by the relations; here is what becomes of what is under way.
"""

import uuid
from typing import Any

import sqlalchemy as sa

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.tenancy.viewer import JAPAN
from services.platform.members.actions.endings import BEFORE_LEAVING, LEAVING, SUSPENDED
from services.platform.referrals.actions.announcing import announce, close_offers
from services.platform.referrals.actions.handing_on import WRITTEN
from services.platform.referrals.actions.moving import Referral, begin, move
from services.platform.referrals.actions.taking_back import back_to_draft
from services.platform.referrals.models import case_file, machine, referral


async def tell_senders(work: Work, organisation_id: uuid.UUID) -> None:
    """Suspended: whoever waits for it knows, and can take the referral back and ask somebody else."""
    for each in await work.rows(ASKED, organisation_id=organisation_id):
        await announce(work, each, "recipient_suspended", "sender")


async def tell_recipients(work: Work, organisation_id: uuid.UUID) -> None:
    """Suspended: whoever helps for it knows that nobody answers or confirms there for now."""
    for each in await work.rows(ASKED_BY, organisation_id=organisation_id):
        await announce(work, each, "sender_suspended", "recipient")


async def lock_what_it_holds(work: Work, organisation_id: uuid.UUID) -> None:
    """Before the organisation's own row: a step under way on one of these holds it and waits for that row."""
    await work.rows(UNDER_WAY, organisation_id=organisation_id)
    await work.rows(OPEN_CASES, organisation_id=organisation_id)


async def end_with_member(work: Work, organisation_id: uuid.UUID) -> None:
    """What it was asked goes back; what it asked, and cases that nobody closed before, end with it."""
    for each in await work.rows(UNDER_WAY, organisation_id=organisation_id):
        if each["sender_id"] == organisation_id:
            await _end_with_sender(work, each)
        else:
            await _end_with_recipient(work, each)
    for each in await work.rows(OPEN_CASES, organisation_id=organisation_id):
        await work.one(FREEZE, id=each["id"], closed_on=work.now.astimezone(JAPAN).date())
        work.record("close_case", "case", each["id"], reason="holder_left")


SUSPENDED.register(tell_senders)
SUSPENDED.register(tell_recipients)
BEFORE_LEAVING.register(lock_what_it_holds)
LEAVING.register(end_with_member)


async def _end_with_sender(work: Work, row: Referral) -> None:
    """Nobody is there to answer or to confirm: what was reported counts as that, the rest is taken back."""
    if row["state"] == "reported":
        await move(work, row, "close_unconfirmed", confirmed=False)
    else:
        ended = await move(work, row, "end_with_sender", "sender_left", withdraw_code="sender_left")
        await close_offers(work, ended)


async def _end_with_recipient(work: Work, row: Referral) -> None:
    """Back to its sender: the same words wait as a new draft, which stands on the coordinator's list until
    somebody else is asked. What was reported its sender still confirms."""
    if row["state"] == "awaiting_basis":
        await announce(work, await back_to_draft(work, row), "recipient_left", "sender")
    elif row["state"] != "reported":
        await move(work, row, "end_with_recipient", "recipient_left", withdraw_code="recipient_left")
        await begin(work, _next_attempt(row))


def _next_attempt(row: Referral) -> dict[str, Any]:
    kept = {name: row[name] for name in (*WRITTEN, "based_on_id")}
    return {**kept, "mode": "directed", "previous_attempt_id": row["id"], "past_due": True}


_OF = sa.bindparam("organisation_id", type_=sa.Uuid())


def _with_recipient(end: "sa.ColumnElement[uuid.UUID]") -> Statement:
    return Statement(
        sa.select(referral)
        .where(referral.c.tenant_id == TENANT, end == _OF, among(referral.c.state, machine.WITH_RECIPIENT))
        .order_by(referral.c.id)
    )


ASKED = _with_recipient(referral.c.recipient_id)
ASKED_BY = _with_recipient(referral.c.sender_id)
UNDER_WAY = Statement(
    sa.select(referral)
    .where(
        referral.c.tenant_id == TENANT,
        sa.or_(referral.c.sender_id == _OF, referral.c.recipient_id == _OF),
        among(referral.c.state, machine.LIVE),
    )
    .order_by(referral.c.id)
    .with_for_update()
)
OPEN_CASES = Statement(
    sa.select(case_file.c.id)
    .where(
        case_file.c.tenant_id == TENANT,
        case_file.c.organisation_id == _OF,
        case_file.c.state == sa.literal("open"),
    )
    .order_by(case_file.c.id)
    .with_for_update()
)
FREEZE = Statement(
    sa.update(case_file)
    .where(case_file.c.tenant_id == TENANT, case_file.c.id == parameter(case_file.c.id))
    .values(
        state=sa.literal("closed"),
        closed_on=parameter(case_file.c.closed_on),
        version=case_file.c.version + 1,
        updated_at=sa.bindparam("viewer_now", type_=case_file.c.updated_at.type),
    )
    .returning(case_file.c.id)
)

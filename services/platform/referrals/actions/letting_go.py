"""A member was suspended or left: what it only offered, asked for or was to be asked ends.

In due work, at once: a suspension has locked the organisation's own row, behind which no referral may be
locked.
"""

import uuid
from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.members.actions.endings import LEAVING, SUSPENDED
from services.platform.referrals.actions.announcing import announce
from services.platform.referrals.actions.bodies import MEMBER
from services.platform.referrals.actions.moving import Referral, move
from services.platform.referrals.actions.taking_back import back_to_draft
from services.platform.referrals.models import machine, offer, referral, transfer_request

MEMBER_GONE: Final = "referral.member_gone"
"""Due work; the key is the organisation's id."""


async def let_go_at_once(work: Work, organisation_id: uuid.UUID) -> None:
    work.later(MEMBER_GONE, organisation_id, work.now)


SUSPENDED.register(let_go_at_once)
LEAVING.register(let_go_at_once)


async def let_go(work: Work, organisation_id: uuid.UUID) -> None:
    """Run again, or after the member was reinstated, it ends nothing."""
    if await work.one(MEMBER, id=organisation_id) is None:
        for each in await work.rows(HELD, organisation_id=organisation_id):
            await _let_go_of(work, each, organisation_id)


async def _let_go_of(work: Work, row: Referral, organisation_id: uuid.UUID) -> None:
    of = {"referral_id": row["id"], "organisation_id": organisation_id}
    if await work.rows(END_OFFER, **of):
        row = await move(work, row, "end_offer")
    if await work.rows(END_REQUEST, **of):
        row = await move(work, row, "end_transfer_request")
    if row["state"] == "awaiting_basis" and row["recipient_id"] == organisation_id:
        await announce(work, await back_to_draft(work, row), "recipient_suspended", "sender")


_OF: Final[sa.ColumnElement[uuid.UUID]] = sa.bindparam("organisation_id", type_=sa.Uuid())


def _open_rows(table: sa.Table) -> tuple["sa.ColumnElement[bool]", ...]:
    return (table.c.tenant_id == TENANT, table.c.state == sa.literal("open"), table.c.organisation_id == _OF)


def _end(table: sa.Table, **more: object) -> Statement:
    return Statement(
        sa.update(table)
        .where(*_open_rows(table), table.c.referral_id == parameter(table.c.referral_id))
        .values({"state": sa.literal("withdrawn"), **more})
        .returning(table.c.id)
    )


HELD = Statement(
    sa.select(referral)
    .where(
        referral.c.tenant_id == TENANT,
        among(referral.c.state, machine.LIVE),
        sa.or_(
            sa.and_(referral.c.recipient_id == _OF, referral.c.state == sa.literal("awaiting_basis")),
            *(
                referral.c.id.in_(sa.select(table.c.referral_id).where(*_open_rows(table)))
                for table in (offer, transfer_request)
            ),
        ),
    )
    .order_by(referral.c.id)
    .with_for_update()
)
END_OFFER = _end(offer, version=offer.c.version + 1)
END_REQUEST = _end(transfer_request)

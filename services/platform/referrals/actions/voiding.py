"""T23: what should never have been written. The sender asks, the coordinator marks; it is hidden and kept."""

import uuid

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.referrals.actions.announcing import announce, close_offers
from services.platform.referrals.actions.moving import move
from services.platform.referrals.models import disclosure, referral


async def request_void(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The sender's half. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("referral", referral, identity, action="request_void", version=version)
    await move(acting.work, row, "request_void")
    return row["id"]


async def mark_void(
    acting: Acting, identity: uuid.UUID | None, version: int, *, open_breach: bool
) -> uuid.UUID:
    """The coordinator's half. Where something was shared, it is a breach (個人情報保護法 68条).

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput where a breach has to be opened.
    """
    row = await acting.find("referral", referral, identity, action="mark_void", version=version)
    shared = await acting.work.one(SHARED, referral_id=row["id"]) is not None
    if shared and not open_breach:
        raise InvalidInput(
            "openBreach",
            "すでに提供された情報があります。漏えい等の記録を開く場合だけ、誤登録にできます。",
            "Something of it was shared already. It becomes void only together with a record of the breach.",
            detail="BREACH_REQUIRED",
        )
    breach = acting.work.now if shared else None
    voided = await move(acting.work, row, "mark_void", breach_opened_at=breach)
    await close_offers(acting.work, voided)
    if shared:
        acting.work.record("open_breach", "referral", row["id"])
        await announce(acting.work, voided, "breach_opened", "sender", "coordinators")
    return row["id"]


# to a recipient, a council, a sitting or in an emergency: a draft may have been opened without being sent
SHARED = Statement(
    sa.select(disclosure.c.id)
    .where(disclosure.c.tenant_id == TENANT, disclosure.c.referral_id == parameter(disclosure.c.referral_id))
    .limit(sa.literal_column("1"))
)

"""Referrals held before the row that an action is on: what it writes hangs on both, and steps lock the
referral first. A share is enough for what refers to them, and as far as the asker may act there at all.
"""

import uuid

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.viewer import COORDINATOR
from services.platform.referrals.models import case_file, council_item, referral, sitting_referral


async def hold_before_sitting(acting: Acting, sitting_id: uuid.UUID | None) -> None:
    """What is before the sitting, in the order of the ids."""
    if sitting_id is not None and COORDINATOR in acting.viewer.kinds:
        await acting.work.rows(BEFORE_SITTING, sitting_id=sitting_id)


async def hold_of_item(acting: Acting, item_id: uuid.UUID | None) -> None:
    """The referral that was brought as this item of the council."""
    if item_id is not None and COORDINATOR in acting.viewer.kinds:
        await acting.work.rows(OF_ITEM, id=item_id)


async def hold_of_case(acting: Acting, case_id: uuid.UUID | None) -> None:
    """All referrals of a case that the asker's organisation keeps, in the order of the ids."""
    if case_id is not None:
        await acting.work.rows(OF_CASE, case_id=case_id)


def _held(through: sa.Table, *conditions: "sa.ColumnElement[bool]") -> Statement:
    return Statement(
        sa.select(referral.c.id)
        .where(
            referral.c.tenant_id == TENANT,
            sa.exists(sa.select(through.c.id).where(through.c.tenant_id == TENANT, *conditions)),
        )
        .order_by(referral.c.id)
        .with_for_update(read=True, key_share=True)
    )


BEFORE_SITTING = _held(
    sitting_referral,
    sitting_referral.c.referral_id == referral.c.id,
    sitting_referral.c.sitting_id == parameter(sitting_referral.c.sitting_id),
    sitting_referral.c.ended_at.is_(None),
)
OF_ITEM = _held(
    council_item,
    council_item.c.referral_id == referral.c.id,
    council_item.c.id == parameter(council_item.c.id),
)
OF_CASE = _held(
    case_file,
    case_file.c.id == referral.c.case_id,
    case_file.c.id == parameter(case_file.c.id, "case_id"),
    case_file.c.organisation_id == parameter(case_file.c.organisation_id, "viewer_organisation"),
)

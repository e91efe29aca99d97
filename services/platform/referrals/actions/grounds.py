"""The lawful basis that a sender names, judged at this instant: does it hold, for this body and which items?

Acts and articles: docs/decisions/0027. A board of the platform itself carries L1 and has no basis here.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from services.platform.councils.models import council_member, listed_today
from services.platform.referrals.actions.moving import Referral
from services.platform.referrals.actions.packages import Ground
from services.platform.referrals.models import (
    consent,
    consent_recipient,
    council_assignment,
    council_item,
    sitting,
    sitting_body,
    sitting_referral,
)
from services.platform.referrals.models.lawful_bases import still_opens
from services.platform.referrals.models.relations import valid_today


@dataclass(frozen=True, slots=True)
class Consented:
    """The person agreed: `consent_id` names the recipient and the items."""

    consent_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class CouncilExchange:
    """An item of the statutory council (art. 16). With `opening` L3 and L4 open before acceptance."""

    item_id: uuid.UUID | None
    opening: str | None = None


@dataclass(frozen=True, slots=True)
class SupportMeeting:
    """Before a 支援会議 (社会福祉法106条の6) for which the recipient was picked."""

    sitting_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class VitalInterest:
    """A danger to life, body or property: for the named people of government, until it expires by itself."""

    reason: str
    people: Sequence[uuid.UUID | None]
    items: Sequence[str]
    hours: int


async def of_consent(
    acting: Acting, row: Referral, recipient: asyncpg.Record, consent_id: uuid.UUID | None
) -> Ground:
    """Raises InvalidInput where no consent that holds today names the recipient."""
    found = await acting.work.one(
        VALID_CONSENT,
        id=consent_id,
        case_id=row["case_id"],
        organisation_id=recipient["id"],
        viewer_today=_today(acting),
    )
    if found is None:
        raise InvalidInput(
            "consentId",
            "打診先を名指しし、本日有効な同意がありません。同意を記録してから送ってください。",
            "No consent that holds today names this recipient. Record one, then send.",
            detail="NO_VALID_CONSENT",
        )
    return Ground("consent", found["id"], found["items"], found["id"])


async def of_council(
    acting: Acting, row: Referral, recipient: asyncpg.Record, item_id: uuid.UUID | None
) -> Ground:
    """Both bodies are on the published list today, the recipient assigned. Raises InvalidInput."""
    _refuse_company(recipient, "councilExchange")
    found = await acting.work.one(
        ASSIGNED_ITEM,
        id=item_id,
        referral_id=row["id"],
        brought_by_id=row["sender_id"],
        organisation_id=recipient["id"],
        viewer_today=_today(acting),
    )
    if found is None:
        raise InvalidInput(
            "councilExchange",
            "打診先が本日、公示された構成機関等としてこの案件を担当していません。担当を決めてから送ってください。",
            "The recipient is not, today, an announced member assigned to this item. Have it assigned first.",
            detail="NOT_ASSIGNED",
        )
    return Ground("council_exchange", found["id"], found["items"])


async def of_sitting(
    acting: Acting, row: Referral, recipient: asyncpg.Record, sitting_id: uuid.UUID | None
) -> Ground:
    """Raises InvalidInput where the recipient was not picked, the sitting has not the referral or is over."""
    _refuse_company(recipient, "supportMeeting")
    found = await acting.work.one(
        BEFORE_SITTING,
        sitting_id=sitting_id,
        referral_id=row["id"],
        organisation_id=recipient["id"],
        viewer_today=_today(acting),
    )
    if found is None:
        raise InvalidInput(
            "supportMeeting",
            "この紹介がかかり、打診先が選ばれた支援会議ではありません。",
            "This is no sitting that has the referral before it and for which the recipient was picked.",
            detail="NOT_PICKED",
        )
    return Ground("support_meeting", found["id"], found["items"])


def _refuse_company(recipient: asyncpg.Record, field: str) -> None:
    if recipient["kind"] == "company":
        raise InvalidInput(
            field,
            "企業への提供は、企業と項目を名指しした本人の同意によってください。",
            "To a company only a consent that names it and the items opens anything.",
            detail="COMPANY_NEEDS_CONSENT",
        )


def _today(acting: Acting) -> object:
    return acting.viewer.places(acting.work.now)["viewer_today"]


VALID_CONSENT = Statement(
    sa.select(consent.c.id, consent.c["items"])
    .join(
        consent_recipient,
        sa.and_(consent_recipient.c.tenant_id == TENANT, consent_recipient.c.consent_id == consent.c.id),
    )
    .where(
        consent.c.tenant_id == TENANT,
        consent.c.id == parameter(consent.c.id),
        consent.c.case_id == parameter(consent.c.case_id),
        consent_recipient.c.organisation_id == parameter(consent_recipient.c.organisation_id),
        valid_today(ASKER),
    )
    # a withdrawal at the same moment comes wholly before or wholly after
    .with_for_update(read=True, of=consent)
)
_mine, _bringer = council_member.alias("mine"), council_member.alias("bringer")
ASSIGNED_ITEM = Statement(
    sa.select(council_item.c.id, council_item.c["items"])
    .join(
        council_assignment,
        sa.and_(
            council_assignment.c.tenant_id == TENANT,
            council_assignment.c.council_item_id == council_item.c.id,
            council_assignment.c.ended_at.is_(None),
        ),
    )
    .join(
        _mine,
        sa.and_(
            listed_today(_mine, ASKER),
            _mine.c.tenant_id == TENANT,
            _mine.c.council_id == council_item.c.council_id,
            _mine.c.organisation_id == council_assignment.c.organisation_id,
        ),
    )
    .join(
        _bringer,
        sa.and_(
            listed_today(_bringer, ASKER),
            _bringer.c.tenant_id == TENANT,
            _bringer.c.council_id == council_item.c.council_id,
            _bringer.c.organisation_id == council_item.c.brought_by_id,
        ),
    )
    .where(
        council_item.c.tenant_id == TENANT,
        council_item.c.id == parameter(council_item.c.id),
        council_item.c.referral_id == parameter(council_item.c.referral_id),
        council_item.c.brought_by_id == parameter(council_item.c.brought_by_id),
        council_item.c.ended_at.is_(None),
        council_assignment.c.organisation_id == parameter(council_assignment.c.organisation_id),
    )
)
BEFORE_SITTING = Statement(
    sa.select(sitting.c.id, sitting_referral.c["items"])
    .join(
        sitting_referral,
        sa.and_(sitting_referral.c.tenant_id == TENANT, sitting_referral.c.sitting_id == sitting.c.id),
    )
    .join(
        sitting_body, sa.and_(sitting_body.c.tenant_id == TENANT, sitting_body.c.sitting_id == sitting.c.id)
    )
    .where(
        sitting.c.tenant_id == TENANT,
        sitting.c.id == parameter(sitting.c.id, "sitting_id"),
        still_opens(sitting, ASKER),
        sitting_referral.c.referral_id == parameter(sitting_referral.c.referral_id),
        sitting_referral.c.ended_at.is_(None),
        sitting_body.c.organisation_id == parameter(sitting_body.c.organisation_id),
    )
)

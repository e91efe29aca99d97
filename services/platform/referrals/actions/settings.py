"""The platform's own rules that referrals go by."""

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.tenancy.models import REFERRAL_TERMS, platform_settings
from services.platform.referrals.deadlines import Terms

RULES_OF_TIME = (*REFERRAL_TERMS, "answer_working_days", "confirm_days", "access_after_end_days")


async def rules(work: Work) -> asyncpg.Record:
    """card_scan, cards_need_approval, recipient_kinds, closed_days and every number of days."""
    found = await work.one(RULES)
    if found is None:
        raise LookupError("every platform has its settings")
    return found


async def terms(work: Work) -> Terms:
    """How long a referral may wait, by the platform's settings and calendar."""
    found = await rules(work)
    return Terms({name: found[name] for name in RULES_OF_TIME}, frozenset(found["closed_days"]))


_RULES = ("card_scan", "cards_need_approval", "recipient_kinds", "closed_days", *RULES_OF_TIME)
RULES = Statement(
    sa.select(*(platform_settings.c[name] for name in _RULES)).where(
        platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT
    )
)

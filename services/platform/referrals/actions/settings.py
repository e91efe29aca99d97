"""The platform's own rules that referrals go by."""

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.tenancy.models import platform_settings


async def rules(work: Work) -> asyncpg.Record:
    """card_scan, answer_working_days, confirm_days."""
    found = await work.one(RULES)
    if found is None:
        raise LookupError("every platform has its settings")
    return found


RULES = Statement(
    sa.select(
        platform_settings.c.card_scan,
        platform_settings.c.answer_working_days,
        platform_settings.c.confirm_days,
    ).where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
)

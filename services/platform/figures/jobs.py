"""Each platform submits its figures at the turn of the month, by itself, and arranges the next turn."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from libs.figures.measures import MEMBERS
from libs.figures.months import Month
from libs.figures.submission import has_submitted, submit
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.persistence.worker import Job
from libs.tenancy.models import platform_settings, tenant
from services.platform.figures import counts

KIND: Final = "figures.submit"
MONTHS_COUNTED_AGAIN: Final = 12
"""A referral may be accepted, reported and confirmed long after the month in which it was sent."""
AFTER_THE_TURN: Final = timedelta(hours=3)


async def schedule(work: Work) -> None:
    """Starts a platform's monthly submissions: once, when it is onboarded."""
    work.later(KIND, work.tenant_id, _turn_after(work.now))


async def submit_figures(work: Work, _: uuid.UUID) -> None:
    """Submits the month that has ended, and counts again what may still change of those before it.

    Run twice it submits the same again; the next turn is arranged by the first run only.
    """
    ended = Month.of(work.now).later(-1)
    row = await work.one(SERIALISE)
    if row is None:
        return
    is_first_run = not await has_submitted(work, ended, MEMBERS)
    since = Month.of(row["onboarded_at"])
    for months in range(MONTHS_COUNTED_AGAIN):
        month = ended.later(-months)
        if month >= since:
            await submit(work, month, await counts.happened(work, month))
    if ended >= since:
        await submit(work, ended, await counts.standing(work, ended))
    if is_first_run:
        await schedule(work)


def _turn_after(instant: datetime) -> datetime:
    return Month.of(instant).ends + AFTER_THE_TURN


# two runs of one platform's job wait for each other here
SERIALISE = Statement(
    sa.select(tenant.c.onboarded_at)
    .select_from(sa.join(platform_settings, tenant, tenant.c.tenant_id == platform_settings.c.tenant_id))
    .where(platform_settings.c.tenant_id == TENANT, tenant.c.tenant_id == TENANT)
    .with_for_update(of=platform_settings)
)

JOBS: Final[Mapping[str, Job]] = {KIND: submit_figures}

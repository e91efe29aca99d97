"""What happens later: an erased case's key is destroyed; cases kept for long enough are erased.

Both may come twice, or be killed in the middle, and then finish: a key is destroyed before the record of it
is committed, and destroying it again changes nothing.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.japan.calendar import JST
from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.persistence.worker import Job
from libs.tenancy.models import platform_settings
from services.platform.referrals.models import case_file
from services.platform.rights.actions.awaiting import REMIND, remind
from services.platform.rights.actions.erasing import ERASE_KEY, end_case
from services.platform.rights.models import codes, erasure
from services.platform.rights.models.keys import KEY_ERASED

RETENTION: Final = "case.retention"
AT: Final = time(2)
MOST_A_DAY: Final = 500


def jobs(vault: Vault) -> Mapping[str, Job]:
    """By the kinds of due work."""

    async def erase_key(work: Work, key: uuid.UUID) -> None:
        await destroy_key(work, vault, key)

    return {ERASE_KEY: erase_key, RETENTION: erase_past_retention, REMIND: remind}


async def schedule(work: Work) -> None:
    """Starts a platform's daily look at its closed cases: once, when it is onboarded."""
    work.later(RETENTION, work.tenant_id, _next(work.now))


async def destroy_key(work: Work, vault: Vault, key: uuid.UUID) -> None:
    """After the commit of the erasure; the audit entry is the mark that no restored key store can lose."""
    row = await work.one(CONFIRMED, id=key)
    if row is None:
        return
    await vault.erase(work.tenant_id, row["case_id"])
    await work.one(DONE, id=key)
    work.record(KEY_ERASED, "case", row["case_id"], erasure=str(key))


async def erase_past_retention(work: Work, _: uuid.UUID) -> None:
    """Closed cases whose time of keeping is over. Only the day's first run arranges the next."""
    settings = await work.one(SETTINGS)
    today = work.now.astimezone(JST).date()
    if settings is None or _seen(settings, today):
        return
    before = today - timedelta(days=settings["case_retention_days"])
    for each in await work.rows(PAST, closed_on=before):
        await _erase(work, each)
    await work.one(SEEN, retention_seen_on=today)
    await schedule(work)


def _seen(settings: asyncpg.Record, today: date) -> bool:
    return settings["retention_seen_on"] is not None and settings["retention_seen_on"] >= today


async def _erase(work: Work, case: asyncpg.Record) -> None:
    asked = await work.one(ASKED, case_id=case["id"])
    made = asked["id"] if asked is not None else await _by_the_clock(work, case)
    work.record("retention_over", "case", case["id"], erasure=str(made))
    await end_case(work, case["id"], made)


async def _by_the_clock(work: Work, case: asyncpg.Record) -> uuid.UUID:
    return await work.insert(
        erasure,
        case_id=case["id"],
        organisation_id=case["organisation_id"],
        reason="retention",
        state=codes.CONFIRMED,
        asked_at=work.now,
        confirmed_at=work.now,
    )


def _next(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(JST).date() + timedelta(days=1), AT, JST)


_NOW = sa.bindparam("viewer_now", type_=erasure.c.done_at.type)
CONFIRMED = Statement(
    sa.select(erasure.c.case_id)
    .where(
        erasure.c.tenant_id == TENANT,
        erasure.c.id == parameter(erasure.c.id),
        erasure.c.state == sa.literal(codes.CONFIRMED),
    )
    .with_for_update()
)
DONE = Statement(
    sa.update(erasure)
    .where(erasure.c.tenant_id == TENANT, erasure.c.id == parameter(erasure.c.id))
    .values(state=sa.literal(codes.DONE), done_at=_NOW, version=erasure.c.version + 1)
    .returning(erasure.c.id)
)
# two runs of one platform's job wait for each other here
SETTINGS = Statement(
    sa.select(platform_settings.c.case_retention_days, platform_settings.c.retention_seen_on)
    .where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
    .with_for_update()
)
SEEN = Statement(
    sa.update(platform_settings)
    .where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
    .values(retention_seen_on=parameter(platform_settings.c.retention_seen_on))
    .returning(platform_settings.c.id)
)
PAST = Statement(
    sa.select(case_file.c.id, case_file.c.organisation_id)
    .where(
        case_file.c.tenant_id == TENANT,
        case_file.c.state == "closed",
        case_file.c.closed_on < parameter(case_file.c.closed_on),
    )
    .order_by(case_file.c.id)
    .limit(sa.literal_column(str(MOST_A_DAY)))
    .with_for_update()
)
# a request that nobody confirmed in all that time
ASKED = Statement(
    sa.update(erasure)
    .where(
        erasure.c.tenant_id == TENANT,
        erasure.c.case_id == parameter(erasure.c.case_id),
        erasure.c.state == sa.literal(codes.ASKED),
    )
    .values(state=sa.literal(codes.CONFIRMED), confirmed_at=_NOW, version=erasure.c.version + 1)
    .returning(erasure.c.id)
)

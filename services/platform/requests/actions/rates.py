"""How much comes to a platform's page within ten minutes: counted for all together, nobody by themselves."""

import math
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.serving.problems import RateLimited
from services.platform.requests.models import help_rate

WINDOW: Final = timedelta(minutes=10)
MOST_WRONG_CODES: Final = 60


async def hold(work: Work) -> asyncpg.Record:
    """The platform's count of now, locked: whoever sends at the same moment comes after."""
    found = await work.one(HOLD, window_began=work.now - WINDOW)
    assert found is not None  # noqa: S101 - it is inserted where it was not
    return found


async def count_sent(work: Work, rate: asyncpg.Record, most: int) -> None:
    """Raises RateLimited."""
    if rate["sent"] >= most:
        raise _wait(work.now, rate)
    await work.one(COUNT_SENT)


async def count_wrong_code(work: Work) -> None:
    """Past the bound a wrong code is not counted any more. Raises RateLimited.

    Whoever has a right one is never kept out by others' guesses: of 2^80 codes no bound would be needed.
    """
    rate = await hold(work)
    if rate["wrong_codes"] >= MOST_WRONG_CODES:
        raise _wait(work.now, rate)
    await work.one(COUNT_WRONG)


def _wait(now: datetime, rate: asyncpg.Record) -> RateLimited:
    return RateLimited(max(1, math.ceil((rate["since"] + WINDOW - now).total_seconds())))


def _hold() -> Statement:
    now = sa.bindparam("viewer_now", type_=help_rate.c.since.type)
    began = sa.bindparam("window_began", type_=help_rate.c.since.type)
    made = insert(help_rate).values(
        tenant_id=TENANT, id=TENANT, since=now, sent=sa.literal(0), wrong_codes=sa.literal(0)
    )
    over = help_rate.c.since <= began
    return Statement(
        made.on_conflict_do_update(
            index_elements=["tenant_id", "id"],
            set_={
                "since": sa.case((over, now), else_=help_rate.c.since),
                "sent": sa.case((over, sa.literal(0)), else_=help_rate.c.sent),
                "wrong_codes": sa.case((over, sa.literal(0)), else_=help_rate.c.wrong_codes),
            },
        ).returning(help_rate.c.since, help_rate.c.sent, help_rate.c.wrong_codes)
    )


def _count(column: sa.Column[int]) -> Statement:
    return Statement(
        sa.update(help_rate)
        .where(help_rate.c.tenant_id == TENANT, help_rate.c.id == TENANT)
        .values({column.name: column + 1})
        .returning(help_rate.c.id)
    )


HOLD = _hold()
COUNT_SENT = _count(help_rate.c.sent)
COUNT_WRONG = _count(help_rate.c.wrong_codes)

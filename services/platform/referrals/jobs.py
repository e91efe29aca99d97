"""What the clock does to referrals: unanswered ones and cards expire, unconfirmed outcomes close.

Each judges the row as it finds it, so a job that comes twice, early or late changes nothing that is not due.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.referrals import deadlines
from services.platform.referrals.actions.moving import Referral, close_offers, move
from services.platform.referrals.actions.settings import rules
from services.platform.referrals.models import referral

End = Callable[[Referral, asyncpg.Record], datetime]


async def expire_unanswered(work: Work, key: uuid.UUID) -> None:
    """T9 for a referral that its recipient left unanswered for twice the time of T-answer."""
    row = await _due(work, key, "sent", deadlines.ANSWER_ENDS, _answer_ends)
    if row is not None:
        await move(work, row, "expire_referral", due_at=None)


async def expire_card(work: Work, key: uuid.UUID) -> None:
    """T9 for a card past its last day on the board."""
    row = await _due(work, key, "posted", deadlines.POST_ENDS, _post_ends)
    if row is not None:
        await move(work, row, "expire_referral", due_at=None)
        await close_offers(work, key)


async def close_unconfirmed(work: Work, key: uuid.UUID) -> None:
    """T17: reported and not confirmed within T-confirm; counted as reported only."""
    row = await _due(work, key, "reported", deadlines.CONFIRM_ENDS, _confirm_ends)
    if row is not None:
        await move(work, row, "close_unconfirmed", confirmed=False, due_at=None)


JOBS: Final[Mapping[str, Callable[[Work, uuid.UUID], Awaitable[None]]]] = {
    deadlines.ANSWER_ENDS: expire_unanswered,
    deadlines.POST_ENDS: expire_card,
    deadlines.CONFIRM_ENDS: close_unconfirmed,
}


async def _due(work: Work, key: uuid.UUID, state: str, kind: str, end: End) -> Referral | None:
    """The row, locked, if it still waits and its time is over. Where the time grew, it is looked at again."""
    row = await work.one(LOCK, id=key)
    if row is None or row["state"] != state:
        return None
    at = end(row, await rules(work))
    if at <= work.now:
        return row
    await work.later(kind, key, at)
    return None


def _answer_ends(row: Referral, settings: asyncpg.Record) -> datetime:
    days = settings["answer_working_days"]
    return deadlines.answer_due(row["sent_at"], row["urgency"], days, times=deadlines.EXPIRES_AT)


def _post_ends(row: Referral, _: asyncpg.Record) -> datetime:
    return deadlines.post_ends(row["post_until"])


def _confirm_ends(row: Referral, settings: asyncpg.Record) -> datetime:
    return deadlines.confirm_due(row["reported_at"], row["urgency"], settings["confirm_days"])


LOCK = Statement(
    sa.select(referral)
    .where(referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id))
    .with_for_update()
)

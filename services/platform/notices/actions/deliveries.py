"""A delivery's life in the database: begun, and then sent, put off or given up. Nothing is sent here."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any, Final

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, person, tenant
from services.platform.members.models import live
from services.platform.notices.actions import webhook_health
from services.platform.notices.models import notice, notice_delivery, notice_preference, webhook

MOST_ATTEMPTS: Final = 12
FIRST_RETRY: Final = timedelta(minutes=1)
LAST_RETRY: Final = timedelta(hours=6)
JITTER: Final = 0.2

_chance: Final = SystemRandom()


async def begin(
    work: Work, identity: uuid.UUID, dead: Callable[[str], None] = lambda _: None
) -> asyncpg.Record | None:
    """The delivery with all that sending it needs, its attempt counted; None where nothing is to be sent.

    `dead` hears the channel of one that is given up here.
    """
    row = await work.one(LOCK, id=identity)
    if row is None or row["state"] != "waiting":
        return None
    if row["attempts"] >= MOST_ATTEMPTS:  # workers died of it, one after another
        await give_up(work, row, "attempts")
        dead(row["channel"])
        return None
    if row["expires_at"] is not None and row["expires_at"] <= work.now:
        await end(work, identity, "dead", "expired")
        dead(row["channel"])
        return None
    await work.rows(TRY, id=identity)
    return await work.one(FACTS, id=identity)


async def kinds_of(work: Work, identity: uuid.UUID) -> dict[str, int]:
    """What a digest tells of: what is still unread, with how many of each kind."""
    return {row["kind"]: row["count"] for row in await work.rows(KINDS_OF, id=identity)}


async def sent(work: Work, row: asyncpg.Record) -> None:
    await end(work, row["id"], "sent", None)
    if row["webhook_id"] is not None:
        await webhook_health.reached(work, row["webhook_id"])


async def skip(work: Work, row: asyncpg.Record, code: str) -> None:
    """Nobody wants it any more, or this deployment has no such channel: no failure."""
    await end(work, row["id"], "skipped", code)


async def give_up(work: Work, row: asyncpg.Record, code: str) -> None:
    """A dead letter, which the operator sees."""
    await end(work, row["id"], "dead", code)
    if row["webhook_id"] is not None:
        await webhook_health.missed(work, row["webhook_id"], gone=code == "gone")


async def put_off(work: Work, row: asyncpg.Record, code: str) -> datetime:
    """When it is tried again."""
    await work.rows(PUT_OFF, id=row["id"], last_code=code)
    if row["webhook_id"] is not None:
        await webhook_health.missed(work, row["webhook_id"], gone=False)
    again, ends = work.now + _pause(row["attempts"]), row["expires_at"]
    # a secret is not kept a moment longer than it is of use
    return again if ends is None else min(again, ends)


async def end(work: Work, identity: uuid.UUID, state: str, code: str | None) -> None:
    """What was sealed is gone with the delivery's end."""
    await work.rows(END, id=identity, state=state, last_code=code)


def _pause(attempts: int) -> timedelta:
    """Doubled each time up to six hours, and never quite the same: many that failed at once come apart."""
    longest = min(FIRST_RETRY * 2 ** (attempts - 1), LAST_RETRY)
    return longest * _chance.uniform(1 - JITTER, 1 + JITTER)


_THIS: Final = (
    notice_delivery.c.tenant_id == TENANT,
    notice_delivery.c.id == parameter(notice_delivery.c.id),
)
LOCK = Statement(sa.select(notice_delivery).where(*_THIS).with_for_update())
TRY = Statement(
    sa.update(notice_delivery)
    .where(*_THIS)
    .values(attempts=notice_delivery.c.attempts + 1)
    .returning(notice_delivery.c.id)
)
_language: Any = sa.func.coalesce(notice_delivery.c.language, notice_preference.c.language, sa.literal("ja"))
# who acts for nobody here any more gets no mail of what still waited for them
_acts: sa.Select[Any] = sa.select(membership.c.id).where(
    live(ASKER), membership.c.tenant_id == TENANT, membership.c.person_id == person.c.id
)
FACTS = Statement(
    sa.select(
        *(each for each in notice_delivery.c if each.name != "language"),
        _language.label("language"),
        tenant.c.slug,
        tenant.c.name.label("platform"),
        person.c.email,
        sa.and_(person.c.status == sa.literal("active"), sa.exists(_acts)).label("is_active"),
        webhook.c.url,
        webhook.c.secret,
        webhook.c.previous_secret,
        webhook.c.previous_until,
        webhook.c.state.label("webhook_state"),
    )
    .select_from(notice_delivery)
    .join(tenant, tenant.c.tenant_id == TENANT)
    .outerjoin(person, sa.and_(person.c.tenant_id == TENANT, person.c.id == notice_delivery.c.person_id))
    .outerjoin(
        notice_preference,
        sa.and_(
            notice_preference.c.tenant_id == TENANT, notice_preference.c.id == notice_delivery.c.person_id
        ),
    )
    .outerjoin(webhook, sa.and_(webhook.c.tenant_id == TENANT, webhook.c.id == notice_delivery.c.webhook_id))
    .where(*_THIS)
)
KINDS_OF = Statement(
    sa.select(notice.c.kind, sa.func.count().label("count"))
    .where(
        notice.c.tenant_id == TENANT,
        notice.c.digest_id == sa.bindparam("id", type_=sa.Uuid()),
        notice.c.read_at.is_(None),
    )
    .group_by(notice.c.kind)
    .order_by(sa.func.min(notice.c.created_at), notice.c.kind)
)
PUT_OFF = Statement(
    sa.update(notice_delivery)
    .where(*_THIS)
    .values(last_code=parameter(notice_delivery.c.last_code))
    .returning(notice_delivery.c.id)
)
END = Statement(
    sa.update(notice_delivery)
    .where(*_THIS)
    .values(
        state=parameter(notice_delivery.c.state),
        last_code=parameter(notice_delivery.c.last_code),
        sealed=sa.null(),
        ended_at=sa.bindparam("viewer_now", type_=sa.DateTime(timezone=True)),
    )
    .returning(notice_delivery.c.id)
)

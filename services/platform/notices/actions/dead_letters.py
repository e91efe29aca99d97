"""What an operator sees and does of deliveries: channel, kind and codes, never whom they were for."""

import uuid
from typing import Any, Final

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.notices.actions.telling import DELIVER
from services.platform.notices.models import notice_delivery

MOST_LISTED: Final = 1_000


async def unsent(work: Work, state: str) -> list[asyncpg.Record]:
    """The oldest deliveries that wait or are dead, for a list."""
    return await work.rows(LIST, state=state)


async def counted(work: Work) -> list[asyncpg.Record]:
    """How many dead letters of each channel, kind and code, and since when."""
    return await work.rows(COUNTED)


async def retry(work: Work, identities: list[uuid.UUID] | None = None) -> list[uuid.UUID]:
    """Sends dead letters again, all or these; the ids of those that will be.

    A letter whose secret is gone is not among them: who sent it makes a new one.
    """
    again = [row["id"] for row in await work.rows(RETRY, all=identities is None, ids=identities or [])]
    for each in again:
        work.later(DELIVER, each, work.now)
    for identity in again:
        work.record("retry_delivery", "notice_delivery", identity)
    return again


_SHOWN: Final = ("id", "channel", "kind", "state", "attempts", "last_code", "created_at", "ended_at")
LIST = Statement(
    sa.select(*(notice_delivery.c[name] for name in _SHOWN))
    .where(
        notice_delivery.c.tenant_id == TENANT,
        sa.or_(notice_delivery.c.state == "waiting", notice_delivery.c.state == "dead"),
        notice_delivery.c.state == sa.bindparam("state", type_=sa.Text()),
    )
    .order_by(notice_delivery.c.id)
    .limit(sa.literal_column(str(MOST_LISTED)))
)
COUNTED = Statement(
    sa.select(
        notice_delivery.c.channel,
        notice_delivery.c.kind,
        notice_delivery.c.last_code,
        sa.func.count().label("count"),
        sa.func.min(notice_delivery.c.ended_at).label("since"),
    )
    .where(notice_delivery.c.tenant_id == TENANT, notice_delivery.c.state == "dead")
    .group_by(notice_delivery.c.channel, notice_delivery.c.kind, notice_delivery.c.last_code)
    .order_by(notice_delivery.c.channel, notice_delivery.c.kind, notice_delivery.c.last_code)
)
_named: Any = notice_delivery.c.id == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid())))
RETRY = Statement(
    sa.update(notice_delivery)
    .where(
        notice_delivery.c.tenant_id == TENANT,
        notice_delivery.c.state == "dead",
        notice_delivery.c.channel != "letter",
        sa.or_(sa.bindparam("all", type_=sa.Boolean()), _named),
    )
    .values(state=sa.literal("waiting"), attempts=sa.literal_column("0"), ended_at=sa.null())
    .returning(notice_delivery.c.id)
)

"""One effect per Idempotency-Key: keys belong to a tenant, an account and a root field.

What is kept is the request's hash and the id it led to; a replay reads that object anew, under today's
policy. A refused request leaves no record: sent again, it is judged again.
"""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import sqlalchemy as sa

from libs.errors.problems import InProgress, KeyReused
from libs.persistence.statements import Statement, parameter
from libs.persistence.work import Work
from libs.tenancy.models import idempotency_record


@dataclass(frozen=True, slots=True)
class Request:
    account: str
    key: str
    root_field: str
    request_hash: bytes


async def once(work: Work, request: Request, action: Callable[[], Awaitable[uuid.UUID]]) -> uuid.UUID:
    """The action's result, or the earlier one's. Raises InProgress and KeyReused."""
    lock = f"{work.tenant_id}:{request.account}:{request.key}:{request.root_field}"
    held = await work.one(TRY_LOCK, lock=lock)
    if held is None or not held["locked"]:
        raise InProgress
    place = {"account": request.account, "key": request.key, "root_field": request.root_field}
    known = await work.one(FIND, **place)
    if known is not None:
        if known["request_hash"] != request.request_hash:
            raise KeyReused
        return known["outcome"]
    outcome = await action()
    await work.insert(
        idempotency_record,
        **place,
        request_hash=request.request_hash,
        outcome=outcome,
        created_at=work.now,
    )
    return outcome


# a lock in a statement without tables: on Citus it is then taken on the node that all sessions share
TRY_LOCK = Statement(
    sa.select(
        sa.func.pg_try_advisory_xact_lock(
            sa.func.hashtextextended(sa.bindparam("lock", type_=sa.Text()), sa.literal(0, sa.BigInteger()))
        ).label("locked")
    )
)
FIND = Statement(
    sa.select(idempotency_record.c.request_hash, idempotency_record.c.outcome).where(
        idempotency_record.c.tenant_id == sa.bindparam("viewer_tenant", type_=sa.Uuid()),
        idempotency_record.c.account == parameter(idempotency_record.c.account),
        idempotency_record.c.key == parameter(idempotency_record.c.key),
        idempotency_record.c.root_field == parameter(idempotency_record.c.root_field),
    )
)

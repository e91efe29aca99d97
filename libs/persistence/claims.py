"""The statements by which due work is claimed, done, put off and counted, and notices are taken."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.due import outbox, work_due
from libs.persistence.statements import Statement, parameter

ERRANDS_AT_ONCE: Final = 4
NOTICES_AT_ONCE: Final = 500

_errands: Any = sa.bindparam("errands", type_=ARRAY(sa.Text()))
_due = sa.and_(
    work_due.c.failed_at.is_(None), work_due.c.due_at <= sa.bindparam("now", type_=work_due.c.due_at.type)
)
CLAIM = Statement(
    sa.select(work_due.c.id, work_due.c.tenant_id, work_due.c.kind, work_due.c.key, work_due.c.attempts)
    .where(_due, work_due.c.kind != sa.all_(_errands))
    .order_by(work_due.c.due_at)
    .limit(sa.literal_column("1"))
    .with_for_update(skip_locked=True)
)
_leased_until = sa.bindparam("leased_until", type_=work_due.c.due_at.type)
_some_errands = (
    sa.select(work_due.c.id)
    .where(_due, work_due.c.kind == sa.any_(_errands))
    .order_by(work_due.c.due_at)
    .limit(sa.literal_column(str(ERRANDS_AT_ONCE)))
    .with_for_update(skip_locked=True)
)
CLAIM_ERRANDS = Statement(
    sa.update(work_due)
    .where(work_due.c.id == sa.any_(sa.func.array(_some_errands.scalar_subquery())))
    .values(due_at=_leased_until)
    .returning(
        work_due.c.id,
        work_due.c.tenant_id,
        work_due.c.kind,
        work_due.c.key,
        work_due.c.attempts,
        work_due.c.due_at,
    )
)
# a lease that ran out may be somebody else's by now
_mine = sa.and_(work_due.c.id == parameter(work_due.c.id), work_due.c.due_at == _leased_until)
DONE_LEASED = Statement(sa.delete(work_due).where(_mine))
COME_AGAIN = Statement(
    sa.update(work_due).where(_mine).values(due_at=sa.bindparam("again", type_=work_due.c.due_at.type))
)
DONE = Statement(sa.delete(work_due).where(work_due.c.id == parameter(work_due.c.id)))
_later = {name: parameter(work_due.c[name]) for name in ("attempts", "due_at", "failed_at")}
PUT_OFF = Statement(sa.update(work_due).where(work_due.c.id == parameter(work_due.c.id)).values(_later))
PUT_OFF_LEASED = Statement(sa.update(work_due).where(_mine).values(_later))
_waiting = sa.select(outbox.c.id).order_by(outbox.c.id).limit(sa.literal_column(str(NOTICES_AT_ONCE)))
TAKE_NOTICES = Statement(
    sa.delete(outbox)
    .where(outbox.c.id.in_(_waiting))
    .returning(outbox.c.tenant_id, outbox.c.topic, outbox.c.key)
)
WAITING = Statement(
    sa.select(work_due.c.kind, sa.func.count().label("count"), sa.func.min(work_due.c.due_at).label("oldest"))
    .where(_due)
    .group_by(work_due.c.kind)
)
"""What is due and not done, by kind, with the time since which the oldest waits."""
DEAD = Statement(
    sa.select(work_due.c.kind, sa.func.count().label("count"))
    .where(work_due.c.failed_at.is_not(None))
    .group_by(work_due.c.kind)
)
"""What was given up, by kind."""

"""Due work and notices: two shared tables that a tenant's transaction writes and only the worker reads.

Neither holds personal data: a tenant, a kind or topic, a key (an id of that tenant) and a time.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import shared_table

CHANNEL = "tsunagari"

work_due = shared_table(
    "work_due",
    sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
    sa.Column("tenant_id", sa.Uuid(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("key", sa.Uuid(), nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("failed_at", sa.DateTime(timezone=True)),
    sa.Index("work_due_due_at_idx", "due_at", postgresql_where=sa.text("failed_at IS NULL")),
    reason="the worker claims what is due across tenants; app may only add rows of its own tenant",
)

outbox = shared_table(
    "outbox",
    sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
    sa.Column("tenant_id", sa.Uuid(), nullable=False),
    sa.Column("topic", sa.Text(), nullable=False),
    sa.Column("key", sa.Uuid(), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    reason="the relay notifies processes across tenants; app may only add rows of its own tenant",
)

ENQUEUE = Statement(
    sa.insert(work_due)
    .inline()
    .values({name: parameter(work_due.c[name]) for name in ("tenant_id", "kind", "key", "due_at")})
)
TELL = Statement(
    sa.insert(outbox)
    .inline()
    .values({name: parameter(outbox.c[name]) for name in ("tenant_id", "topic", "key", "created_at")})
)


def _for_each(table: sa.Table, columns: tuple[str, ...]) -> Statement:
    """One row for each of the `keys`; `columns` are the same in all of them."""
    keys: Any = sa.func.unnest(sa.bindparam("keys", type_=ARRAY(sa.Uuid())))
    same = [parameter(table.c[name]) for name in columns]
    return Statement(sa.insert(table).inline().from_select(["key", *columns], sa.select(keys, *same)))


ENQUEUE_EACH = _for_each(work_due, ("tenant_id", "kind", "due_at"))
TELL_EACH = _for_each(outbox, ("tenant_id", "topic", "created_at"))
NOTIFY = Statement(
    sa.select(
        sa.func.pg_notify(
            sa.literal_column(f"'{CHANNEL}'", sa.Text()), sa.bindparam("payload", type_=sa.Text())
        ).label("told")
    )
)

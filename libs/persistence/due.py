"""Due work and notices: two shared tables that a tenant's transaction writes and only the worker reads.

Neither holds personal data: a tenant, a kind or topic, a key (an id of that tenant) and a time.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

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
    sa.Index("work_due_failed_at_idx", "kind", postgresql_where=sa.text("failed_at IS NOT NULL")),
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


def _each(name: str, type_: "TypeEngine[Any]") -> Any:  # noqa: ANN401 - a set-returning function
    return sa.func.unnest(sa.bindparam(name, type_=ARRAY(type_)))


# each a list in its order: one statement for all that a transaction leaves
ENQUEUE = Statement(
    sa.insert(work_due)
    .inline()
    .from_select(
        ["tenant_id", "kind", "key", "due_at"],
        sa.select(
            parameter(work_due.c.tenant_id),
            _each("kinds", sa.Text()),
            _each("keys", sa.Uuid()),
            _each("times", sa.DateTime(timezone=True)),
        ),
    )
)
TELL = Statement(
    sa.insert(outbox)
    .inline()
    .from_select(
        ["tenant_id", "topic", "key", "created_at"],
        sa.select(
            parameter(outbox.c.tenant_id),
            _each("topics", sa.Text()),
            _each("keys", sa.Uuid()),
            parameter(outbox.c.created_at),
        ),
    )
)
NOTIFY = Statement(
    sa.select(
        sa.func.pg_notify(
            sa.literal_column(f"'{CHANNEL}'", sa.Text()), sa.bindparam("payload", type_=sa.Text())
        ).label("told")
    )
)

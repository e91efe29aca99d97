"""The library of good practices: what platforms offer, what the secretariat takes in, with its source.

A text goes no other way from one platform to the others. PostgreSQL holds each role to its part: a platform
writes and withdraws its own and reads those accepted; the secretariat decides on what is offered.
"""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.tables import one_of, shared_table

STATES: Final = ("offered", "accepted", "returned", "withdrawn")
ACCEPTED: Final = "practice.accepted"
RETURNED: Final = "practice.returned"
"""Due work that the secretariat's decision leaves: for the platform's own audit chain."""
TIME = sa.DateTime(timezone=True)

practice = shared_table(
    "practice",
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("tenant_id", sa.Uuid(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("tags", ARRAY(sa.Text()), nullable=False, server_default="{}"),
    sa.Column("search_key", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default="offered"),
    # why it was returned
    sa.Column("note", sa.Text(), nullable=False, server_default=""),
    sa.Column("offered_at", TIME, nullable=False),
    sa.Column("decided_at", TIME),
    sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    one_of("state", STATES),
    sa.ForeignKeyConstraint(["tenant_id"], ["tsunagari.tenant.tenant_id"]),
    sa.Index("practice_state_id_idx", "state", "id"),
    sa.Index("practice_tenant_id_id_idx", "tenant_id", "id"),
    reason="practices that platforms offer to all others: each its own, the accepted ones everybody's",
)

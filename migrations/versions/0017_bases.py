"""Lawful bases end by themselves: sittings too; what counts from today stands beside what the papers say."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import SCHEMA

revision = "0017_bases"
down_revision = "0016_rests_on"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
AGENCY = "council_tenant_id_named_agency_id_fkey"
REQUESTS = "transfer_request_state_check"
PAPERS = {"council": ("notice_on", "agency_announced_on"), "council_member": ("joined_on", "notice_on")}


def upgrade() -> None:
    _councils()
    _sittings()
    _notes()
    _states_of_requests("'open', 'accepted', 'closed', 'declined', 'withdrawn'")


def _councils() -> None:
    for table, columns in PAPERS.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.Date()), schema=SCHEMA)
    op.add_column("council", sa.Column("named_agency_id", sa.Uuid()), schema=SCHEMA)
    op.add_column("council_member", sa.Column("left_told_at", TIME), schema=SCHEMA)
    op.create_foreign_key(
        op.f(AGENCY),
        "council",
        "organisation",
        ["tenant_id", "named_agency_id"],
        ["tenant_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )
    # of a council that was never announced the agency was not either: it waits for the notice
    op.execute(
        f"UPDATE {SCHEMA}.council SET named_agency_id = coordinating_agency_id, coordinating_agency_id = NULL "
        "WHERE announced_on IS NULL"
    )
    op.execute(
        f"UPDATE {SCHEMA}.council SET agency_announced_on = announced_on "
        "WHERE coordinating_agency_id IS NOT NULL"
    )


def _sittings() -> None:
    op.add_column(
        "platform_settings",
        sa.Column("sitting_access_days", sa.Integer(), server_default="7", nullable=False),
        schema=SCHEMA,
    )
    op.add_column("sitting", sa.Column("ended_at", TIME), schema=SCHEMA)


def _notes() -> None:
    """A note of an earlier posting keeps the time at which it was written, at which nothing was posted."""
    op.add_column("card_note", sa.Column("posted_at", TIME), schema=SCHEMA)
    op.execute(
        f"UPDATE {SCHEMA}.card_note n SET posted_at = coalesce((SELECT r.posted_at FROM {SCHEMA}.referral r "
        "WHERE r.tenant_id = n.tenant_id AND r.id = n.referral_id AND r.posted_at <= n.created_at "
        "AND r.working_group_id = n.working_group_id), n.created_at)"
    )
    op.alter_column("card_note", "posted_at", nullable=False, schema=SCHEMA)


def downgrade() -> None:
    op.execute(
        f"UPDATE {SCHEMA}.transfer_request SET state = 'closed' WHERE state IN ('declined', 'withdrawn')"
    )
    _states_of_requests("'open', 'accepted', 'closed'")
    op.drop_column("card_note", "posted_at", schema=SCHEMA)
    op.drop_column("sitting", "ended_at", schema=SCHEMA)
    op.drop_column("platform_settings", "sitting_access_days", schema=SCHEMA)
    op.drop_column("council_member", "left_told_at", schema=SCHEMA)
    op.drop_column("council", "named_agency_id", schema=SCHEMA)
    for table, columns in PAPERS.items():
        for column in columns:
            op.drop_column(table, column, schema=SCHEMA)


def _states_of_requests(states: str) -> None:
    op.drop_constraint(op.f(REQUESTS), "transfer_request", schema=SCHEMA)
    op.create_check_constraint(op.f(REQUESTS), "transfer_request", f"state IN ({states})", schema=SCHEMA)

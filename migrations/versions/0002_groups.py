"""Working groups, their seats, requests for seats, and posts."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import READ_WRITE, tenant_table

revision = "0002_groups"
down_revision = "0001_tenancy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tenant_table(
        "working_group",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("published", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("board_open_to_companies", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('active', 'closed')", name=op.f("working_group_state_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name=op.f("working_group_tenant_id_fkey")
        ),
    )
    tenant_table(
        "post",
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("audience IN ('all', 'npo', 'public')", name=op.f("post_audience_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name=op.f("post_tenant_id_author_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("post_tenant_id_author_organisation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "working_group_id"],
            ["tsunagari.working_group.tenant_id", "tsunagari.working_group.id"],
            name=op.f("post_tenant_id_working_group_id_fkey"),
        ),
        sa.Index("post_tenant_id_working_group_id_id_idx", "tenant_id", "working_group_id", "id"),
        grants={APP: f"{READ_WRITE}, DELETE"},
    )
    tenant_table(
        "seat",
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("is_chair", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("seat_tenant_id_organisation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "working_group_id"],
            ["tsunagari.working_group.tenant_id", "tsunagari.working_group.id"],
            name=op.f("seat_tenant_id_working_group_id_fkey"),
        ),
        sa.Index("seat_tenant_id_organisation_id_idx", "tenant_id", "organisation_id"),
        sa.Index(
            "seat_tenant_id_working_group_id_chair_key",
            "tenant_id",
            "working_group_id",
            unique=True,
            postgresql_where=sa.text("is_chair AND until_on IS NULL"),
        ),
        sa.Index(
            "seat_tenant_id_working_group_id_live_key",
            "tenant_id",
            "working_group_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("until_on IS NULL"),
        ),
    )
    tenant_table(
        "seat_request",
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'given', 'declined', 'withdrawn')", name=op.f("seat_request_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("seat_request_tenant_id_organisation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "working_group_id"],
            ["tsunagari.working_group.tenant_id", "tsunagari.working_group.id"],
            name=op.f("seat_request_tenant_id_working_group_id_fkey"),
        ),
        sa.Index(
            "seat_request_tenant_id_working_group_id_asked_key",
            "tenant_id",
            "working_group_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("state = 'asked'"),
        ),
        sa.Index("seat_request_tenant_id_working_group_id_id_idx", "tenant_id", "working_group_id", "id"),
    )


def downgrade() -> None:
    for table in ["seat_request", "seat", "post", "working_group"]:
        op.drop_table(table, schema=SCHEMA)

"""Events, the days on which they take place, and the places taken."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import SCHEMA
from migrations.isolation import tenant_table

revision = "0003_events"
down_revision = "0002_groups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tenant_table(
        "event",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("working_group_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("published", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_kana", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery_mode", sa.Text(), nullable=False),
        sa.Column("venue", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("latitude", sa.Double[float](), nullable=True),
        sa.Column("longitude", sa.Double[float](), nullable=True),
        sa.Column("audience", sa.Text(), server_default="", nullable=False),
        sa.Column("join_url", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("fee", sa.Text(), server_default="", nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("reservable", sa.Boolean(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inquiries", sa.Text(), server_default="", nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.Column("source_hash", sa.LargeBinary(), nullable=True),
        sa.Column("source_version", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("event_capacity_check")),
        sa.CheckConstraint(
            "delivery_mode IN ('room', 'online', 'hybrid')", name=op.f("event_delivery_mode_check")
        ),
        sa.CheckConstraint("state IN ('draft', 'announced', 'cancelled')", name=op.f("event_state_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("event_tenant_id_organisation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "working_group_id"],
            ["tsunagari.working_group.tenant_id", "tsunagari.working_group.id"],
            name=op.f("event_tenant_id_working_group_id_fkey"),
        ),
        sa.Index("event_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
        sa.Index(
            "event_tenant_id_source_ref_key",
            "tenant_id",
            "source_ref",
            unique=True,
            postgresql_where=sa.text("source_ref IS NOT NULL"),
        ),
        sa.Index("event_tenant_id_starts_at_id_idx", "tenant_id", "starts_at", "id"),
        sa.Index(
            "event_tenant_id_working_group_id_id_idx",
            "tenant_id",
            "working_group_id",
            "id",
            postgresql_where=sa.text("working_group_id IS NOT NULL"),
        ),
    )
    tenant_table(
        "event_occurrence",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("event_occurrence_days_check")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("event_occurrence_ends_at_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"],
            ["tsunagari.event.tenant_id", "tsunagari.event.id"],
            name=op.f("event_occurrence_tenant_id_event_id_fkey"),
        ),
        sa.UniqueConstraint(
            "tenant_id", "event_id", "number", name=op.f("event_occurrence_tenant_id_event_id_number_key")
        ),
    )
    tenant_table(
        "place",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("attendees", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("attended", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("attended >= 0", name=op.f("place_attended_check")),
        sa.CheckConstraint("count > 0", name=op.f("place_count_check")),
        sa.CheckConstraint("state IN ('taken', 'given_up')", name=op.f("place_state_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"],
            ["tsunagari.event.tenant_id", "tsunagari.event.id"],
            name=op.f("place_tenant_id_event_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("place_tenant_id_organisation_id_fkey"),
        ),
        sa.Index("place_tenant_id_event_id_id_idx", "tenant_id", "event_id", "id"),
        sa.Index(
            "place_tenant_id_event_id_organisation_id_taken_key",
            "tenant_id",
            "event_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("state = 'taken'"),
        ),
        sa.Index("place_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    )


def downgrade() -> None:
    for table in ["place", "event_occurrence", "event"]:
        op.drop_table(table, schema=SCHEMA)

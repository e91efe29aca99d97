"""Requests for help by the public page, and what the platform's page shows."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import APPEND_ONLY, tenant_table

revision = "0013_requests"
down_revision = "0012_notices"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def _page() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("help_desk_id", sa.Uuid(), nullable=True),
        sa.Column("help_introduction", sa.Text(), server_default="", nullable=False),
        sa.Column("help_lines", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("help_keep_days", sa.Integer(), server_default="180", nullable=False),
        sa.Column("help_most_sent", sa.Integer(), server_default="20", nullable=False),
    )


def upgrade() -> None:
    for column in _page():
        op.add_column("platform_settings", column, schema=SCHEMA)
    op.create_foreign_key(
        "platform_settings_tenant_id_help_desk_id_fkey",
        "platform_settings",
        "organisation",
        ["tenant_id", "help_desk_id"],
        ["tenant_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )
    tenant_table(
        "help_request",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("form_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("read_at", TIME, nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("reminded_at", TIME, nullable=True),
        sa.Column("erased_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("about IN ('self', 'other')", name=op.f("help_request_about_check")),
        sa.CheckConstraint(
            "state IN ('waiting', 'answered', 'taken', 'withdrawn')", name=op.f("help_request_state_check")
        ),
        sa.UniqueConstraint("tenant_id", "code_hash", name=op.f("help_request_tenant_id_code_hash_key")),
        sa.UniqueConstraint("tenant_id", "form_hash", name=op.f("help_request_tenant_id_form_hash_key")),
        _references("help_request", "organisation", "organisation_id"),
        sa.Index("help_request_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    )
    tenant_table(
        "request_text",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.CheckConstraint("author IN ('person', 'desk')", name=op.f("request_text_author_check")),
        sa.CheckConstraint("part IN ('words', 'name', 'contact')", name=op.f("request_text_part_check")),
        _references("request_text", "help_request", "request_id"),
        _references("request_text", "person", "person_id"),
        sa.Index("request_text_tenant_id_request_id_id_idx", "tenant_id", "request_id", "id"),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "request_access",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("purpose_code", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.CheckConstraint(
            "purpose_code IN ('support', 'contact', 'handover', 'safety', 'review', 'other')",
            name=op.f("request_access_purpose_code_check"),
        ),
        _references("request_access", "help_request", "request_id"),
        _references("request_access", "person", "person_id"),
        _references("request_access", "organisation", "organisation_id"),
        sa.Index("request_access_tenant_id_request_id_id_idx", "tenant_id", "request_id", "id"),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "help_rate",
        sa.Column("since", TIME, nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name=op.f("help_rate_tenant_id_fkey")
        ),
    )


def _references(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=op.f(f"{table}_tenant_id_{column}_fkey"),
    )


def downgrade() -> None:
    for table in ("help_rate", "request_access", "request_text", "help_request"):
        op.drop_table(table, schema=SCHEMA)
    op.drop_constraint("platform_settings_tenant_id_help_desk_id_fkey", "platform_settings", schema=SCHEMA)
    for column in _page():
        op.drop_column("platform_settings", column.name, schema=SCHEMA)

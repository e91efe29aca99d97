"""Erasures of cases, corrections told to recipients, and how long a closed case is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import APPEND_ONLY, tenant_table

revision = "0015_rights"
down_revision = "0014_links"
branch_labels = None
depends_on = None

STATE = "case_file_state_check"


def upgrade() -> None:
    _states("open", "closed", "erased")
    tenant_table(
        "erasure",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "reason IN ('person_asked', 'mistaken', 'retention')", name=op.f("erasure_reason_check")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'confirmed', 'taken_back', 'done')", name=op.f("erasure_state_check")
        ),
        *(
            _references("erasure", column, parent)
            for column, parent in (
                ("case_id", "case_file"),
                ("organisation_id", "organisation"),
                ("asked_by_id", "person"),
                ("confirmed_by_id", "person"),
            )
        ),
        sa.Index(
            "erasure_tenant_id_case_id_live_key",
            "tenant_id",
            "case_id",
            unique=True,
            postgresql_where=sa.text("state <> 'taken_back'"),
        ),
        sa.Index("erasure_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    )
    tenant_table(
        "correction",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("items", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('person_asked', 'error_found', 'changed')", name=op.f("correction_reason_check")
        ),
        *(
            _references("correction", column, parent)
            for column, parent in (
                ("referral_id", "referral"),
                ("person_id", "person"),
                ("organisation_id", "organisation"),
            )
        ),
        sa.Index("correction_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
        grants={APP: APPEND_ONLY},
    )
    op.add_column(
        "platform_settings",
        sa.Column("case_retention_days", sa.Integer(), server_default="1096", nullable=False),
        schema=SCHEMA,
    )
    op.add_column(
        "platform_settings", sa.Column("retention_seen_on", sa.Date(), nullable=True), schema=SCHEMA
    )
    # platforms that were onboarded before: the first look arranges the next
    op.execute(
        f"INSERT INTO {SCHEMA}.work_due (tenant_id, kind, key, due_at) "
        f"SELECT tenant_id, 'case.retention', tenant_id, now() FROM {SCHEMA}.tenant"
    )


def downgrade() -> None:
    op.execute(f"DELETE FROM {SCHEMA}.work_due WHERE kind IN ('case.retention', 'case.erase_key')")
    for column in ("retention_seen_on", "case_retention_days"):
        op.drop_column("platform_settings", column, schema=SCHEMA)
    for table in ("correction", "erasure"):
        op.drop_table(table, schema=SCHEMA)
    _states("open", "closed")


def _states(*states: str) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    op.drop_constraint(op.f(STATE), "case_file", schema=SCHEMA, type_="check")
    op.create_check_constraint(op.f(STATE), "case_file", f"state IN ({listed})", schema=SCHEMA)


def _references(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=op.f(f"{table}_tenant_id_{column}_fkey"),
    )

"""Budgets that processes lease from, and the documents that a deployment trusts."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import APP, ONBOARDING, SCHEMA
from migrations.isolation import APPEND_ONLY, shared_table, tenant_table

revision = "0008_budgets"
down_revision = "0007_policies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tenant_table(
        "budget",
        sa.Column("level", sa.Double[float](), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name=op.f("budget_tenant_id_fkey")
        ),
    )
    shared_table(
        "trusted_document",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("trusted_document_pkey")),
        sa.CheckConstraint("hash ~ '^[0-9a-f]{64}$'", name=op.f("trusted_document_hash_check")),
        grants={APP: "SELECT", ONBOARDING: APPEND_ONLY},
        policies={"read": (APP, "true"), "register": (ONBOARDING, "true")},
    )


def downgrade() -> None:
    for table in ["trusted_document", "budget"]:
        op.drop_table(table, schema=SCHEMA)

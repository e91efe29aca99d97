"""Policies: each tenant's editions of its policy, and its one draft."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, ONBOARDING, SCHEMA
from migrations.isolation import APPEND_ONLY, tenant_table

revision = "0007_policies"
down_revision = "0006_lookups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tenant_table(
        "policy_edition",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("overrides", postgresql.JSONB(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("changes_ja", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("changes_en", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverted_to", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name="policy_edition_tenant_id_author_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name="policy_edition_tenant_id_fkey"
        ),
        sa.UniqueConstraint("tenant_id", "version", name="policy_edition_tenant_id_version_key"),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "policy_draft",
        sa.Column("overrides", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("changes_ja", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("changes_en", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "updated_by_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name="policy_draft_tenant_id_updated_by_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name="policy_draft_tenant_id_fkey"
        ),
        grants={APP: "SELECT, UPDATE", ONBOARDING: APPEND_ONLY},
    )
    # platforms that were onboarded before
    op.execute(
        f"INSERT INTO {SCHEMA}.policy_draft (tenant_id, id) SELECT tenant_id, tenant_id FROM {SCHEMA}.tenant"
    )


def downgrade() -> None:
    for table in ["policy_draft", "policy_edition"]:
        op.drop_table(table, schema=SCHEMA)

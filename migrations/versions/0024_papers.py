"""Application papers, profile photos, and how much room files may take up."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import READ_WRITE, tenant_table

revision = "0024_papers"
down_revision = "0023_members"
branch_labels = None
depends_on = None

ADDED: Mapping[str, tuple[sa.Column[Any], ...]] = {
    "platform_settings": (
        sa.Column("paper_retention_days", sa.Integer(), server_default="90", nullable=False),
        sa.Column("file_mebibytes", sa.Integer(), server_default="10240", nullable=False),
        sa.Column("organisation_file_mebibytes", sa.Integer(), server_default="1024", nullable=False),
    ),
    "person": (
        sa.Column("photo_object_id", sa.Uuid(), nullable=True),
        sa.Column("photo_size", sa.BigInteger(), nullable=True),
        sa.Column("photo_sha256", sa.Text(), nullable=True),
    ),
    "upload": (
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), server_default="file", nullable=False),
    ),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, column, schema=SCHEMA)
    op.create_check_constraint(
        op.f("upload_purpose_check"), "upload", "purpose IN ('file', 'photo')", schema=SCHEMA
    )
    op.create_foreign_key(
        "upload_tenant_id_organisation_id_fkey",
        "upload",
        "organisation",
        ["tenant_id", "organisation_id"],
        ["tenant_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )
    tenant_table(
        "application_paper",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind IN ('articles', 'officers', 'members', 'plan', 'report', 'accounts', 'registration', 'other')",
            name=op.f("application_paper_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            [f"{SCHEMA}.organisation.tenant_id", f"{SCHEMA}.organisation.id"],
            name=op.f("application_paper_tenant_id_organisation_id_fkey"),
        ),
        sa.Index("application_paper_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
        grants={APP: f"{READ_WRITE}, DELETE"},
    )


def downgrade() -> None:
    op.drop_table("application_paper", schema=SCHEMA)
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column.name, schema=SCHEMA)

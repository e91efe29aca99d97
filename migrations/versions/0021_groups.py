"""Files that people send and groups keep."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import READ_WRITE, tenant_table

revision = "0021_groups"
down_revision = "0016_rests_on"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
WITH_DELETE = {APP: f"{READ_WRITE}, DELETE"}


def upgrade() -> None:
    tenant_table(
        "upload",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("arrived_at", TIME, nullable=True),
        _references("upload", "person", "person_id"),
        sa.Index("upload_tenant_id_person_id_idx", "tenant_id", "person_id"),
        grants=WITH_DELETE,
    )
    tenant_table(
        "file",
        *_said("file"),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        _references("file", "post", "post_id"),
        sa.Index("file_tenant_id_post_id_idx", "tenant_id", "post_id"),
        grants=WITH_DELETE,
    )


def _said(table: str) -> tuple[Any, ...]:
    """What is said in a group for an audience, by whom, for which organisation."""
    return (
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("audience IN ('all', 'npo', 'public')", name=op.f(f"{table}_audience_check")),
        _references(table, "working_group", "working_group_id"),
        _references(table, "person", "author_id"),
        _references(table, "organisation", "author_organisation_id"),
        sa.Index(f"{table}_tenant_id_working_group_id_id_idx", "tenant_id", "working_group_id", "id"),
    )


def _references(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=op.f(f"{table}_tenant_id_{column}_fkey"),
    )


def downgrade() -> None:
    for table in ("file", "upload"):
        op.drop_table(table, schema=SCHEMA)

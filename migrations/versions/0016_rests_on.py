"""A disclosure names the row that it rests on, by which it opens and closes."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import SCHEMA

revision = "0016_rests_on"
down_revision = "0015_rights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("disclosure", sa.Column("rests_on_id", sa.Uuid(), nullable=True), schema=SCHEMA)
    # of the other bases the audit chain alone says what an earlier package rests on: it rests on nothing here,
    # and opens nothing
    op.execute(f"UPDATE {SCHEMA}.disclosure SET rests_on_id = coalesce(consent_id, id)")
    op.alter_column("disclosure", "rests_on_id", nullable=False, schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("disclosure", "rests_on_id", schema=SCHEMA)

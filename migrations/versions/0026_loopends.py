"""A break-glass keeps when its next reminder is due: a job that comes twice reminds once."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import SCHEMA

revision = "0026_loopends"
down_revision = "0023_members"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "break_glass", sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True), schema=SCHEMA
    )


def downgrade() -> None:
    op.drop_column("break_glass", "remind_at", schema=SCHEMA)

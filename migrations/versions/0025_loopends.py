"""A break-glass keeps when its next reminder is due; the secretariat's decisions reach a platform's audit chain."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import SCHEMA, SECRETARIAT
from migrations.isolation import grant

revision = "0025_loopends"
down_revision = "0024_papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "break_glass", sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True), schema=SCHEMA
    )
    grant("work_due", {SECRETARIAT: "INSERT (tenant_id, kind, key, due_at)"})
    op.execute(
        f"CREATE POLICY leave_decision ON {SCHEMA}.work_due AS PERMISSIVE FOR INSERT TO {SECRETARIAT} "
        "WITH CHECK (kind IN ('practice.accepted', 'practice.returned'))"
    )


def downgrade() -> None:
    op.execute(f"DROP POLICY leave_decision ON {SCHEMA}.work_due")
    op.execute(f"REVOKE INSERT (tenant_id, kind, key, due_at) ON {SCHEMA}.work_due FROM {SECRETARIAT}")
    op.drop_column("break_glass", "remind_at", schema=SCHEMA)

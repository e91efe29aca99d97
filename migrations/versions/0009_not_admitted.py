"""Which organisations are no members is asked once a statement, by an index of those few."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import SCHEMA

revision = "0009_not_admitted"
down_revision = "0008_budgets"
branch_labels = None
depends_on = None

NAME = "organisation_tenant_id_id_not_admitted_idx"


def upgrade() -> None:
    op.create_index(
        NAME,
        "organisation",
        ["tenant_id", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text(
            "NOT (status IN ('active', 'suspended', 'withdrawn') AND decided_at IS NOT NULL)"
        ),
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="organisation", schema=SCHEMA)

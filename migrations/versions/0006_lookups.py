"""An index for each lookup by key that a page makes a row."""

from alembic import op

from libs.persistence.roles import SCHEMA

revision = "0006_lookups"
down_revision = "0005_figures"
branch_labels = None
depends_on = None

NAME = "membership_tenant_id_person_id_idx"


def upgrade() -> None:
    op.create_index(NAME, "membership", ["tenant_id", "person_id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index(NAME, "membership", schema=SCHEMA)

"""The secretariat's own people. No tenant's table knows them, and they are nobody in any tenant."""

import sqlalchemy as sa

from libs.persistence.tables import one_of, shared_table

STAFF_ROLES = ("analyst", "administrator")

secretariat_staff = shared_table(
    "secretariat_staff",
    sa.Column("issuer", sa.Text(), primary_key=True),
    sa.Column("subject", sa.Text(), primary_key=True),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("role", sa.Text(), nullable=False),
    sa.Column("active", sa.Boolean(), nullable=False, server_default="true"),
    one_of("role", STAFF_ROLES),
    reason="who may read published figures: the national secretariat's staff, beside all tenants",
)

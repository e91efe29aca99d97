"""What somebody opened a case for is sealed under the case's key; what was given up is found by an index."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import SCHEMA

revision = "0018_ops"
down_revision = "0017_bases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Earlier purposes go: a migration holds no key to seal them with, and as they lay they would outlive an
    # erasure. Who opened what, when, on which basis and for which coded purpose stays.
    _sealed_of("case_file", "disclosure", "referral", "question", "access_entry")
    op.drop_column("access_entry", "purpose", schema=SCHEMA)
    op.drop_column("request_access", "purpose", schema=SCHEMA)
    op.add_column(
        "request_access", sa.Column("sealed_purpose", sa.LargeBinary(), nullable=True), schema=SCHEMA
    )
    op.add_column(
        "erasure", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True), schema=SCHEMA
    )
    op.create_index(
        "work_due_failed_at_idx",
        "work_due",
        ["kind"],
        schema=SCHEMA,
        postgresql_where=sa.text("failed_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute(f"DELETE FROM {SCHEMA}.sealed_text WHERE of_table = 'access_entry'")
    _sealed_of("case_file", "disclosure", "referral", "question")
    op.drop_index("work_due_failed_at_idx", "work_due", schema=SCHEMA)
    op.drop_column("erasure", "reminded_at", schema=SCHEMA)
    op.drop_column("request_access", "sealed_purpose", schema=SCHEMA)
    op.add_column(
        "request_access", sa.Column("purpose", sa.Text(), nullable=False, server_default=""), schema=SCHEMA
    )
    op.add_column(
        "access_entry", sa.Column("purpose", sa.Text(), nullable=False, server_default=""), schema=SCHEMA
    )


def _sealed_of(*tables: str) -> None:
    named = ", ".join(f"'{table}'" for table in tables)
    op.drop_constraint(op.f("sealed_text_of_table_check"), "sealed_text", schema=SCHEMA)
    op.create_check_constraint(
        op.f("sealed_text_of_table_check"), "sealed_text", f"of_table IN ({named})", schema=SCHEMA
    )

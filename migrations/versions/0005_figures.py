"""Figures: what platforms submit, what is published of it, and the secretariat's staff."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import APP, PUBLISHER, SCHEMA, SECRETARIAT
from migrations.isolation import READ_WRITE, THIS_TENANT, shared_table

revision = "0005_figures"
down_revision = "0004_referrals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    shared_table(
        "figure_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("figure_release_month_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("figure_release_pkey")),
        sa.Index("figure_release_month_as_of_id_idx", "month", "as_of", "id"),
        grants={PUBLISHER: "INSERT", SECRETARIAT: "SELECT"},
        policies={"publish": (PUBLISHER, "true"), "read": (SECRETARIAT, "true")},
    )
    shared_table(
        "secretariat_staff",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("secretariat_staff_pkey")),
        sa.CheckConstraint("role IN ('analyst', 'administrator')", name=op.f("secretariat_staff_role_check")),
        grants={SECRETARIAT: "SELECT"},
        policies={"read": (SECRETARIAT, "true")},
    )
    shared_table(
        "figure_published",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("prefecture", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("breakdown", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("withheld", sa.Integer(), nullable=False),
        sa.Column("not_reported", sa.Integer(), nullable=False),
        sa.UniqueConstraint(
            "release_id",
            "level",
            "prefecture",
            "tenant_id",
            "measure",
            "breakdown",
            name="figure_published_cell_key",
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint(
            "level IN ('nation', 'prefecture', 'tenant')", name=op.f("figure_published_level_check")
        ),
        sa.CheckConstraint(
            "level <> 'prefecture' OR prefecture IS NOT NULL",
            name=op.f("figure_published_level_prefecture_check"),
        ),
        sa.CheckConstraint(
            "(level = 'tenant') = (tenant_id IS NOT NULL)", name=op.f("figure_published_level_tenant_check")
        ),
        sa.CheckConstraint(
            "mark IN ('value', 'withheld', 'not_reported')", name=op.f("figure_published_mark_check")
        ),
        sa.CheckConstraint(
            "(mark = 'value') = (value IS NOT NULL)", name=op.f("figure_published_mark_value_check")
        ),
        sa.CheckConstraint(
            "withheld >= 0 AND not_reported >= 0", name=op.f("figure_published_missing_check")
        ),
        sa.PrimaryKeyConstraint("release_id", "position", name=op.f("figure_published_pkey")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["tsunagari.figure_release.id"], name=op.f("figure_published_release_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name=op.f("figure_published_tenant_id_fkey")
        ),
        grants={PUBLISHER: "INSERT", SECRETARIAT: "SELECT"},
        policies={"publish": (PUBLISHER, "true"), "read": (SECRETARIAT, "true")},
    )
    shared_table(
        "figure_submission",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("breakdown", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("figure_submission_month_check")),
        sa.PrimaryKeyConstraint(
            "tenant_id", "month", "measure", "breakdown", name=op.f("figure_submission_pkey")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name=op.f("figure_submission_tenant_id_fkey")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("figure_submission_value_check")),
        sa.Index("figure_submission_month_idx", "month"),
        grants={APP: READ_WRITE, PUBLISHER: "SELECT"},
        policies={"submit": (APP, THIS_TENANT), "publish": (PUBLISHER, "true")},
    )


def downgrade() -> None:
    for table in ["figure_submission", "figure_published", "secretariat_staff", "figure_release"]:
        op.drop_table(table, schema=SCHEMA)

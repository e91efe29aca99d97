"""Surveys answered without a name: the form, who has answered as a set, the answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import APPEND_ONLY, tenant_table

revision = "0020_training"
down_revision = "0016_rests_on"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _surveys()


def _surveys() -> None:
    tenant_table(
        "survey",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), server_default="", nullable=False),
        sa.Column("introduction", sa.Text(), server_default="", nullable=False),
        sa.Column("questions", postgresql.JSONB(), nullable=False),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("closes_at", TIME, nullable=False),
        sa.Column("opened_at", TIME, nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("readable", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("published", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed')", name=op.f("survey_state_check")),
        sa.CheckConstraint("readable OR NOT published", name=op.f("survey_published_check")),
        _references("survey", "organisation", "organisation_id"),
        _references("survey", "event", "event_id"),
        _references("survey", "survey", "previous_id"),
        sa.Index("survey_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
        sa.Index("survey_tenant_id_event_id_id_idx", "tenant_id", "event_id", "id"),
        sa.Index("survey_tenant_id_previous_id_idx", "tenant_id", "previous_id"),
    )
    tenant_table(
        "survey_ballot",
        sa.Column("codes", postgresql.ARRAY(sa.LargeBinary()), server_default="{}", nullable=False),
        sa.Column("answered", postgresql.ARRAY(sa.LargeBinary()), server_default="{}", nullable=False),
        _references("survey_ballot", "survey", "id"),
    )
    tenant_table(
        "survey_answer",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        _references("survey_answer", "survey", "survey_id"),
        sa.Index("survey_answer_tenant_id_survey_id_id_idx", "tenant_id", "survey_id", "id"),
        grants={APP: APPEND_ONLY},
    )


def _references(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=op.f(f"{table}_tenant_id_{column}_fkey"),
    )


def downgrade() -> None:
    for table in ("survey_answer", "survey_ballot", "survey"):
        op.drop_table(table, schema=SCHEMA)

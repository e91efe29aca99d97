"""Surveys answered without a name; courses with texts, lecturers, reports, targets and certificates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import APPEND_ONLY, tenant_table

revision = "0022_training"
down_revision = "0021_events"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
TABLES = (
    "certificate",
    "training_target",
    "training_period",
    "course_report",
    "course_dispatch",
    "course",
    "course_text",
    "survey_answer",
    "survey_ballot",
    "survey",
)
"""In the order in which they can go."""


def upgrade() -> None:
    _surveys()
    _courses()
    _reports()
    _certificates()


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


def _courses() -> None:
    tenant_table(
        "course_text",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="ja", nullable=False),
        sa.Column("opening_minutes", sa.Integer(), nullable=False),
        sa.Column("lecture_minutes", sa.Integer(), nullable=False),
        sa.Column("survey_minutes", sa.Integer(), nullable=False),
        sa.Column("materials", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "edition IN ('standard', 'children', 'step_up')", name=op.f("course_text_edition_check")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'withdrawn')", name=op.f("course_text_state_check")
        ),
        sa.CheckConstraint(
            "least(opening_minutes, lecture_minutes, survey_minutes) >= 0",
            name=op.f("course_text_minutes_check"),
        ),
        _references("course_text", "course_text", "previous_id"),
        _references_tenant("course_text"),
        sa.Index("course_text_tenant_id_previous_id_idx", "tenant_id", "previous_id"),
    )
    tenant_table(
        "course",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("venue_category", sa.Text(), nullable=False),
        sa.Column("lecturing", sa.Text(), nullable=False),
        sa.Column("declared_at", TIME, nullable=True),
        sa.Column("school_contact", sa.Text(), server_default="", nullable=False),
        sa.Column("school_timing", sa.Text(), server_default="", nullable=False),
        sa.Column("school_counsellor", sa.Text(), server_default="", nullable=False),
        sa.Column("school_follow_up", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "venue_category IN ('local_government', 'workplace', 'support_body', 'other_body')",
            name=op.f("course_venue_category_check"),
        ),
        sa.CheckConstraint("lecturing IN ('dispatch', 'own')", name=op.f("course_lecturing_check")),
        sa.UniqueConstraint("tenant_id", "event_id", name=op.f("course_tenant_id_event_id_key")),
        _references("course", "event", "event_id"),
        _references("course", "course_text", "text_id"),
        sa.Index("course_tenant_id_text_id_id_idx", "tenant_id", "text_id", "id"),
    )
    tenant_table(
        "course_dispatch",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="requested", nullable=False),
        sa.Column("wishes", sa.Text(), server_default="", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'offered', 'assigned', 'declined', 'withdrawn')",
            name=op.f("course_dispatch_state_check"),
        ),
        sa.CheckConstraint("source IN ('member', 'review_board')", name=op.f("course_dispatch_source_check")),
        _references("course_dispatch", "course", "course_id"),
        _references("course_dispatch", "person", "person_id"),
        sa.Index(
            "course_dispatch_tenant_id_course_id_live_key",
            "tenant_id",
            "course_id",
            unique=True,
            postgresql_where=sa.text("state <> 'withdrawn'"),
        ),
        sa.Index("course_dispatch_tenant_id_course_id_id_idx", "tenant_id", "course_id", "id"),
        sa.Index("course_dispatch_tenant_id_person_id_id_idx", "tenant_id", "person_id", "id"),
    )


def _reports() -> None:
    tenant_table(
        "course_report",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.CheckConstraint("heads >= 0", name=op.f("course_report_heads_check")),
        _references("course_report", "course", "course_id"),
        sa.Index(
            "course_report_tenant_id_course_id_reported_on_id_idx",
            "tenant_id",
            "course_id",
            "reported_on",
            "id",
        ),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "training_period",
        sa.Column("reported_by", sa.Date(), nullable=False),
        sa.Column("closed_at", TIME, nullable=False),
        sa.UniqueConstraint(
            "tenant_id", "reported_by", name=op.f("training_period_tenant_id_reported_by_key")
        ),
        _references_tenant("training_period"),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "training_target",
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("venue_category", sa.Text(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=True),
        sa.Column("heads", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "venue_category IN ('local_government', 'workplace', 'support_body', 'other_body', 'all')",
            name=op.f("training_target_venue_category_check"),
        ),
        sa.CheckConstraint("least(sessions, heads) >= 0", name=op.f("training_target_least_check")),
        sa.UniqueConstraint(
            "tenant_id",
            "fiscal_year",
            "venue_category",
            name=op.f("training_target_year_key"),
        ),
        _references_tenant("training_target"),
    )


def _certificates() -> None:
    tenant_table(
        "certificate",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("claim_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("prints", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.UniqueConstraint("tenant_id", "claim_hash", name=op.f("certificate_tenant_id_claim_hash_key")),
        sa.UniqueConstraint("tenant_id", "code_hash", name=op.f("certificate_tenant_id_code_hash_key")),
        _references("certificate", "course", "course_id"),
        _references("certificate", "place", "place_id"),
        sa.Index("certificate_tenant_id_course_id_id_idx", "tenant_id", "course_id", "id"),
    )


def _references_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"{table}_tenant_id_fkey")
    )


def _references(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=op.f(f"{table}_tenant_id_{column}_fkey"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table, schema=SCHEMA)

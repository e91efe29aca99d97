"""The referral's whole loop: its clock, questions, assignments, requests for a transfer; terms; capacity."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import grant, tenant_table

revision = "0010_loop"
down_revision = "0012_notices"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
TERMS = {
    "draft_days": 30,
    "draft_urgent_days": 7,
    "draft_erase_days": 90,
    "basis_days": 14,
    "basis_urgent_working_days": 3,
    "post_days": 14,
    "post_urgent_working_days": 5,
    "answer_urgent_working_days": 1,
    "question_working_days": 5,
    "contact_working_days": 10,
    "contact_urgent_working_days": 1,
    "progress_days": 30,
    "progress_urgent_days": 14,
    "progress_grace_days": 10,
    "review_days": 60,
    "review_urgent_days": 14,
    "review_notice_days": 7,
    "confirm_urgent_days": 7,
    "consent_notice_days": 14,
}
OF_REFERRAL = (
    ("based_on_id", sa.Uuid()),
    ("hold_code", sa.Text()),
    ("review_on", sa.Date()),
    ("held_from", sa.Text()),
    ("question_asked_at", TIME),
    ("approval_asked_at", TIME),
    ("reopen_asked_at", TIME),
    ("void_asked_at", TIME),
    ("breach_opened_at", TIME),
    ("person_answer", sa.Text()),
    ("clock_from", TIME),
    ("clock_at", TIME),
)
CHECKS = {
    "hold_code": "hold_code IN ('waitlist', 'person_asked', 'waiting_document', 'staffing', 'other')",
    "held_from": "held_from IN ('accepted', 'in_progress')",
    "person_answer": "person_answer IN ('helped', 'helped_in_part', 'not_helped', 'no_answer')",
}
SEALED = "sealed_text_of_table_check"


def upgrade() -> None:
    _settings()
    _organisation()
    _referral()
    op.add_column("consent", sa.Column("ending_told_at", TIME), schema=SCHEMA)
    _may_be_sealed("'case_file', 'disclosure', 'referral', 'question'")
    grant("card_note", {APP: "DELETE"})
    _question()
    _assignment()
    _transfer_request()


def downgrade() -> None:
    for table in ("transfer_request", "assignment", "question"):
        op.drop_table(table, schema=SCHEMA)
    op.execute(f"REVOKE DELETE ON {SCHEMA}.card_note FROM {APP}")
    _may_be_sealed("'case_file', 'disclosure', 'referral'")
    op.drop_column("consent", "ending_told_at", schema=SCHEMA)
    op.drop_index("referral_event_tenant_id_at_unmet_idx", table_name="referral_event", schema=SCHEMA)
    _drop(
        "referral",
        *(name for name, _ in OF_REFERRAL),
        *("earlier_sender_ids", "stopped_working_days", "past_due"),
    )
    _drop("organisation", "capacity", "capacity_as_of", "service_areas")
    _drop("platform_settings", *TERMS, "closed_days", "cards_need_approval", "recipient_kinds")


def _drop(table: str, *columns: str) -> None:
    """With the constraints and indexes that stand on them."""
    for column in columns:
        op.drop_column(table, column, schema=SCHEMA)


def _settings() -> None:
    for name, days in TERMS.items():
        _add("platform_settings", name, sa.Integer(), str(days))
    _add("platform_settings", "closed_days", postgresql.ARRAY(sa.Date()), "{}")
    _add("platform_settings", "cards_need_approval", sa.Boolean(), "false")
    _add("platform_settings", "recipient_kinds", postgresql.ARRAY(sa.Text()), "{government,npo,company}")
    op.create_check_constraint(
        op.f("platform_settings_recipient_kinds_check"),
        "platform_settings",
        "recipient_kinds <@ ARRAY['government', 'npo', 'company']",
        schema=SCHEMA,
    )


def _organisation() -> None:
    op.add_column("organisation", sa.Column("capacity", sa.Text()), schema=SCHEMA)
    op.add_column("organisation", sa.Column("capacity_as_of", sa.Date()), schema=SCHEMA)
    _add("organisation", "service_areas", postgresql.ARRAY(sa.Text()), "{}")
    op.create_check_constraint(
        op.f("organisation_capacity_check"),
        "organisation",
        "capacity IN ('open', 'limited', 'waitlist', 'none')",
        schema=SCHEMA,
    )


def _referral() -> None:
    for name, of_type in OF_REFERRAL:
        op.add_column("referral", sa.Column(name, of_type), schema=SCHEMA)
    _add("referral", "earlier_sender_ids", postgresql.ARRAY(sa.Uuid()), "{}")
    _add("referral", "stopped_working_days", sa.Integer(), "0")
    _add("referral", "past_due", sa.Boolean(), "false")
    for column, check in CHECKS.items():
        op.create_check_constraint(op.f(f"referral_{column}_check"), "referral", check, schema=SCHEMA)
    op.create_foreign_key(
        op.f("referral_tenant_id_based_on_id_fkey"),
        "referral",
        "referral",
        ["tenant_id", "based_on_id"],
        ["tenant_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )
    op.create_index(
        "referral_tenant_id_based_on_id_idx", "referral", ["tenant_id", "based_on_id"], schema=SCHEMA
    )
    op.create_index(
        "referral_tenant_id_id_past_due_idx",
        "referral",
        ["tenant_id", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("past_due"),
    )
    op.create_index(
        "referral_event_tenant_id_at_unmet_idx",
        "referral_event",
        ["tenant_id", "at"],
        schema=SCHEMA,
        postgresql_where=sa.text("reason_code IN ('no_capacity', 'waitlist_only', 'no_capacity_after_all')"),
    )


def _may_be_sealed(tables: str) -> None:
    op.drop_constraint(SEALED, "sealed_text", schema=SCHEMA)
    op.create_check_constraint(op.f(SEALED), "sealed_text", f"of_table IN ({tables})", schema=SCHEMA)


def _question() -> None:
    tenant_table(
        "question",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=True),
        sa.Column("open", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _references("question", "referral_id", "referral"),
        _references("question", "asked_by_id", "organisation"),
        _references("question", "asker_id", "person"),
        _one("question_tenant_id_referral_id_open_key", "open", "referral_id"),
        sa.Index("question_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
    )


def _assignment() -> None:
    tenant_table(
        "assignment",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("superseded_at", TIME, nullable=True),
        _references("assignment", "referral_id", "referral"),
        _references("assignment", "organisation_id", "organisation"),
        _references("assignment", "person_id", "person"),
        _references("assignment", "assigned_by_id", "person"),
        _one("assignment_tenant_id_referral_id_live_key", "superseded_at IS NULL", "referral_id"),
        sa.Index("assignment_tenant_id_person_id_idx", "tenant_id", "person_id"),
    )


def _transfer_request() -> None:
    tenant_table(
        "transfer_request",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'closed')", name=op.f("transfer_request_state_check")
        ),
        _references("transfer_request", "referral_id", "referral"),
        _references("transfer_request", "organisation_id", "organisation"),
        _references("transfer_request", "person_id", "person"),
        _one(
            "transfer_request_tenant_id_referral_id_open_key",
            "state = 'open'",
            "referral_id",
            "organisation_id",
        ),
    )


def _references(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=op.f(f"{table}_tenant_id_{column}_fkey"),
    )


def _one(name: str, where: str, *columns: str) -> sa.Index:
    return sa.Index(name, "tenant_id", *columns, unique=True, postgresql_where=sa.text(where))


def _add(table: str, column: str, of_type: "sa.types.TypeEngine[object]", default: str) -> None:
    op.add_column(table, sa.Column(column, of_type, server_default=default, nullable=False), schema=SCHEMA)

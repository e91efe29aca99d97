"""What members say of themselves, what is asked of who would join, services and places offered."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import APPEND_ONLY, tenant_table

revision = "0023_members"
down_revision = "0022_training"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _admission()
    _columns()
    _resource()


def _admission() -> None:
    tenant_table(
        "membership_condition",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=True),
        _references_tenant("membership_condition"),
        sa.Index(
            "membership_condition_tenant_id_number_current_idx",
            "tenant_id",
            "number",
            postgresql_where=sa.text("until IS NULL"),
        ),
    )
    tenant_table(
        "condition_agreement",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("condition_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.UniqueConstraint(
            "tenant_id",
            "organisation_id",
            "condition_id",
            name=op.f("condition_agreement_once_key"),
        ),
        _references("condition_agreement", "organisation", "organisation_id"),
        _references("condition_agreement", "membership_condition", "condition_id"),
        _references("condition_agreement", "person", "person_id"),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "member_class",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("votes", sa.Boolean(), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kinds <@ ARRAY['government', 'npo', 'company']", name=op.f("member_class_kinds_check")
        ),
        _references_tenant("member_class"),
    )


ADDED: Mapping[str, tuple[sa.Column[Any], ...]] = {
    "platform_settings": (
        sa.Column("review_every_days", sa.Integer(), nullable=True),
        sa.Column("review_from", sa.Date(), nullable=True),
    ),
    "organisation": (
        sa.Column("decline_code", sa.Text(), nullable=True),
        sa.Column("member_class_id", sa.Uuid(), nullable=True),
    ),
    "person": (
        sa.Column("interests", sa.Text(), server_default="", nullable=False),
        sa.Column("ask_me", sa.Text(), server_default="", nullable=False),
        sa.Column("profile_for", sa.Text(), server_default="members", nullable=False),
        sa.Column("search_key", sa.Text(), server_default="", nullable=False),
        sa.Column("profile_key", sa.Text(), server_default="", nullable=False),
    ),
    "membership": (
        sa.Column("term_from", sa.Date(), nullable=True),
        sa.Column("term_until", sa.Date(), nullable=True),
    ),
}
CHECKS = {
    "platform_settings_review_every_days_check": "review_every_days BETWEEN 1 AND 92",
    "organisation_decline_code_check": (
        "decline_code IN ('conditions', 'out_of_area', 'not_active', 'incomplete', 'duplicate', 'other')"
    ),
    "person_profile_for_check": "profile_for IN ('members', 'own')",
    "membership_term_check": "term_until >= term_from",
}


def _columns() -> None:
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, column, schema=SCHEMA)
    for name, condition in CHECKS.items():
        table = next(each for each in ADDED if name.startswith(f"{each}_"))
        op.create_check_constraint(op.f(name), table, condition, schema=SCHEMA)
    # nearly what the product writes; a person's own next word makes it exact
    op.execute(
        f"UPDATE {SCHEMA}.person SET search_key = lower(normalize(name || chr(10) || name_kana, NFKC)), "
        "profile_key = lower(normalize(profile, NFKC))"
    )
    op.create_foreign_key(
        "organisation_tenant_id_member_class_id_fkey",
        "organisation",
        "member_class",
        ["tenant_id", "member_class_id"],
        ["tenant_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )


def _resource() -> None:
    tenant_table(
        "resource",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("published", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_kana", sa.Text(), server_default="", nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("eligibility", sa.Text(), server_default="", nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("fee", sa.Text(), server_default="", nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default="{ja}", nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("hours", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("hours_ja", sa.Text(), server_default="", nullable=False),
        sa.Column("hours_en", sa.Text(), server_default="", nullable=False),
        sa.Column("open_times", postgresql.TSTZMULTIRANGE(), server_default="{}", nullable=False),
        sa.Column("open_times_until", sa.Date(), nullable=True),
        sa.Column("capacity", sa.Text(), nullable=True),
        sa.Column("capacity_as_of", sa.Date(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by_id", sa.Uuid(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("address_confidential", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("place_name", sa.Text(), server_default="", nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("building", sa.Text(), server_default="", nullable=False),
        sa.Column("latitude", sa.Double[float](), nullable=True),
        sa.Column("longitude", sa.Double[float](), nullable=True),
        sa.Column("access", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind IN ('consultation', 'ibasho', 'machi_no_eki', 'gathering', 'support')",
            name=op.f("resource_kind_check"),
        ),
        sa.CheckConstraint("state IN ('draft', 'offered', 'ended')", name=op.f("resource_state_check")),
        sa.CheckConstraint(
            "capacity IN ('open', 'limited', 'waitlist', 'none')", name=op.f("resource_capacity_check")
        ),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("resource_tenant_id_number_key")),
        _references("resource", "organisation", "organisation_id"),
        _references("resource", "person", "verified_by_id"),
        sa.Index("resource_tenant_id_sort_key_id_idx", "tenant_id", "sort_key", "id"),
        sa.Index("resource_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    )


def _references(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=op.f(f"{table}_tenant_id_{column}_fkey"),
    )


def _references_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"{table}_tenant_id_fkey")
    )


def downgrade() -> None:
    op.drop_table("resource", schema=SCHEMA)
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column.name, schema=SCHEMA)
    for table in ("condition_agreement", "membership_condition", "member_class"):
        op.drop_table(table, schema=SCHEMA)

"""Lawful bases: the statutory council, 支援会議, break-glass, and the consent slip's five points."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import APPEND_ONLY, tenant_table

revision = "0011_basis"
down_revision = "0010_loop"
branch_labels = None
depends_on = None

ITEMS = (
    "items <@ ARRAY['narrative', 'constraints', 'person_name', 'person_kana', 'birth_date', 'address', "
    "'contact', 'contact_rule', 'safety_notes']"
)
TIME = sa.DateTime(timezone=True)


def _references(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=op.f(f"{table}_tenant_id_{column}_fkey"),
    )


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), server_default="1", nullable=False)


def _items(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("items", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(ITEMS, name=op.f(f"{table}_items_check")),
    ]


def upgrade() -> None:
    _consents()
    _councils()
    _sittings()
    _break_glass()


def _consents() -> None:
    op.add_column("consent", sa.Column("holder_id", sa.Uuid(), nullable=True), schema=SCHEMA)
    op.add_column(
        "consent", sa.Column("medium", sa.Text(), server_default="platform", nullable=False), schema=SCHEMA
    )
    # the slips so far named whoever holds the case
    op.execute(
        f"UPDATE {SCHEMA}.consent c SET holder_id = f.organisation_id FROM {SCHEMA}.case_file f "
        "WHERE f.tenant_id = c.tenant_id AND f.id = c.case_id"
    )
    op.alter_column("consent", "holder_id", nullable=False, schema=SCHEMA)
    op.create_check_constraint(
        op.f("consent_medium_check"),
        "consent",
        "medium IN ('platform', 'paper', 'electronic_file', 'oral')",
        schema=SCHEMA,
    )
    op.create_foreign_key(
        op.f("consent_tenant_id_holder_id_fkey"),
        "consent",
        "organisation",
        ["tenant_id", "holder_id"],
        ["tenant_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )
    op.add_column(
        "referral",
        sa.Column("opened_early", sa.Boolean(), server_default="false", nullable=False),
        schema=SCHEMA,
    )


def _councils() -> None:
    tenant_table(
        "council",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("coordinating_agency_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        _version(),
        sa.ForeignKeyConstraint(
            ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f("council_tenant_id_fkey")
        ),
        _references("council", "coordinating_agency_id", "organisation"),
    )
    tenant_table(
        "council_member",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        _version(),
        _references("council_member", "council_id", "council"),
        _references("council_member", "organisation_id", "organisation"),
        sa.Index(
            "council_member_tenant_id_council_id_live_key",
            "tenant_id",
            "council_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("until_on IS NULL"),
        ),
        sa.Index("council_member_tenant_id_council_id_id_idx", "tenant_id", "council_id", "id"),
        sa.Index("council_member_tenant_id_organisation_id_idx", "tenant_id", "organisation_id"),
    )
    tenant_table(
        "council_item",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("brought_by_id", sa.Uuid(), nullable=False),
        *_items("council_item"),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        _version(),
        _references("council_item", "council_id", "council"),
        _references("council_item", "referral_id", "referral"),
        _references("council_item", "brought_by_id", "organisation"),
        sa.Index(
            "council_item_tenant_id_referral_id_live_key",
            "tenant_id",
            "referral_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("council_item_tenant_id_council_id_id_idx", "tenant_id", "council_id", "id"),
    )
    tenant_table(
        "council_assignment",
        sa.Column("council_item_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        _references("council_assignment", "council_item_id", "council_item"),
        _references("council_assignment", "organisation_id", "organisation"),
        sa.Index(
            "council_assignment_tenant_id_item_live_key",
            "tenant_id",
            "council_item_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "council_assignment_tenant_id_organisation_id_live_idx",
            "tenant_id",
            "organisation_id",
            "council_item_id",
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


def _sittings() -> None:
    tenant_table(
        "sitting",
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("chair_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="called", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        _version(),
        sa.CheckConstraint("state IN ('called', 'held', 'cancelled')", name=op.f("sitting_state_check")),
        _references("sitting", "chair_id", "person"),
    )
    tenant_table(
        "sitting_body",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        _references("sitting_body", "sitting_id", "sitting"),
        _references("sitting_body", "organisation_id", "organisation"),
        sa.UniqueConstraint("tenant_id", "sitting_id", "organisation_id", name="sitting_body_picked_key"),
        sa.Index("sitting_body_tenant_id_organisation_id_idx", "tenant_id", "organisation_id", "sitting_id"),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "sitting_participant",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        _references("sitting_participant", "sitting_id", "sitting"),
        _references("sitting_participant", "person_id", "person"),
        _references("sitting_participant", "organisation_id", "organisation"),
        sa.UniqueConstraint("tenant_id", "sitting_id", "person_id", name="sitting_participant_present_key"),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "sitting_referral",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        *_items("sitting_referral"),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        _references("sitting_referral", "sitting_id", "sitting"),
        _references("sitting_referral", "referral_id", "referral"),
        sa.UniqueConstraint("tenant_id", "sitting_id", "referral_id", name="sitting_referral_before_key"),
        sa.Index("sitting_referral_tenant_id_referral_id_idx", "tenant_id", "referral_id"),
    )


def _break_glass() -> None:
    tenant_table(
        "break_glass",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("opener_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_items("break_glass"),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("review_due_at", TIME, nullable=False),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", TIME, nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("finding_note", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        _version(),
        sa.CheckConstraint(
            "finding IN ('justified', 'too_wide', 'not_justified')", name=op.f("break_glass_finding_check")
        ),
        sa.CheckConstraint("reviewed_by_id <> opener_id", name=op.f("break_glass_second_person_check")),
        _references("break_glass", "referral_id", "referral"),
        _references("break_glass", "opener_id", "person"),
        _references("break_glass", "reviewed_by_id", "person"),
        _references("break_glass", "organisation_id", "organisation"),
        sa.Index("break_glass_tenant_id_referral_id_idx", "tenant_id", "referral_id", "id"),
        sa.Index("break_glass_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    )
    tenant_table(
        "break_glass_person",
        sa.Column("break_glass_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        _references("break_glass_person", "break_glass_id", "break_glass"),
        _references("break_glass_person", "person_id", "person"),
        sa.UniqueConstraint("tenant_id", "break_glass_id", "person_id", name="break_glass_person_named_key"),
        sa.Index("break_glass_person_tenant_id_person_id_idx", "tenant_id", "person_id", "break_glass_id"),
        grants={APP: APPEND_ONLY},
    )


def downgrade() -> None:
    for table in (
        "break_glass_person",
        "break_glass",
        "sitting_referral",
        "sitting_participant",
        "sitting_body",
        "sitting",
        "council_assignment",
        "council_item",
        "council_member",
        "council",
    ):
        op.drop_table(table, schema=SCHEMA)
    op.drop_column("referral", "opened_early", schema=SCHEMA)
    op.drop_column("consent", "medium", schema=SCHEMA)
    op.drop_column("consent", "holder_id", schema=SCHEMA)

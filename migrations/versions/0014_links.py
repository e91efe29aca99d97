"""Links by which a referral is answered without an account, and the address that they are mailed to."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import SCHEMA
from migrations.isolation import tenant_table

revision = "0014_links"
down_revision = "0013_requests"
branch_labels = None
depends_on = None

LINK_OF_ACCESS = "access_entry_tenant_id_link_id_fkey"
PERSON_OR_LINK = "access_entry_person_or_link_check"
LINK_CODE = "platform_settings_answer_link_code_check"


def upgrade() -> None:
    tenant_table(
        "answer_link",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_by", sa.Text(), nullable=False),
        sa.Column("codes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("page_hash", sa.LargeBinary(), nullable=True),
        sa.Column("page_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_code", sa.Text(), nullable=True),
        sa.CheckConstraint("code_by IN ('mail', 'telephone')", name=op.f("answer_link_code_by_check")),
        sa.CheckConstraint(
            "end_code IN ('answered', 'tries', 'revoked', 'replaced')",
            name=op.f("answer_link_end_code_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "made_by_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name=op.f("answer_link_tenant_id_made_by_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("answer_link_tenant_id_organisation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["tsunagari.referral.tenant_id", "tsunagari.referral.id"],
            name=op.f("answer_link_tenant_id_referral_id_fkey"),
        ),
        sa.Index("answer_link_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
        sa.Index(
            "answer_link_tenant_id_referral_id_live_key",
            "tenant_id",
            "referral_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )
    op.add_column("organisation", sa.Column("work_email", sa.Text(), nullable=True), schema=SCHEMA)
    op.add_column(
        "organisation",
        sa.Column("work_email_own", sa.Boolean(), server_default="false", nullable=False),
        schema=SCHEMA,
    )
    _add_settings()
    _let_links_stand_in_the_access_log()


def downgrade() -> None:
    op.drop_constraint(op.f(PERSON_OR_LINK), "access_entry", schema=SCHEMA)
    op.drop_constraint(op.f(LINK_OF_ACCESS), "access_entry", schema=SCHEMA)
    op.execute(f"DELETE FROM {SCHEMA}.access_entry WHERE person_id IS NULL")
    op.alter_column("access_entry", "person_id", nullable=False, schema=SCHEMA)
    op.drop_column("access_entry", "link_id", schema=SCHEMA)
    op.drop_constraint(op.f(LINK_CODE), "platform_settings", schema=SCHEMA)
    op.drop_column("platform_settings", "answer_link_code", schema=SCHEMA)
    op.drop_column("platform_settings", "answer_link_hours", schema=SCHEMA)
    op.drop_column("organisation", "work_email_own", schema=SCHEMA)
    op.drop_column("organisation", "work_email", schema=SCHEMA)
    op.drop_table("answer_link", schema=SCHEMA)


def _add_settings() -> None:
    op.add_column(
        "platform_settings",
        sa.Column("answer_link_hours", sa.Integer(), server_default="72", nullable=False),
        schema=SCHEMA,
    )
    op.add_column(
        "platform_settings",
        sa.Column("answer_link_code", sa.Text(), server_default="mail", nullable=False),
        schema=SCHEMA,
    )
    op.create_check_constraint(
        op.f(LINK_CODE), "platform_settings", "answer_link_code IN ('mail', 'telephone')", schema=SCHEMA
    )


def _let_links_stand_in_the_access_log() -> None:
    op.alter_column("access_entry", "person_id", nullable=True, schema=SCHEMA)
    op.add_column("access_entry", sa.Column("link_id", sa.Uuid(), nullable=True), schema=SCHEMA)
    op.create_foreign_key(
        op.f(LINK_OF_ACCESS),
        "access_entry",
        "answer_link",
        ["tenant_id", "link_id"],
        ["tenant_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )
    op.create_check_constraint(
        op.f(PERSON_OR_LINK), "access_entry", "(person_id IS NULL) <> (link_id IS NULL)", schema=SCHEMA
    )

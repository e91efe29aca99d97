"""Notices: each person's inbox, what they prefer, deliveries by mail and webhook, and the webhooks."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import SCHEMA
from migrations.isolation import tenant_table

revision = "0012_notices"
down_revision = "0009_not_admitted"
branch_labels = None
depends_on = None

MAIL_GROUPS = ("referrals", "deadlines", "protection", "board", "platform")


def upgrade() -> None:
    _webhook()
    _notice_delivery()
    _notice()
    _notice_preference()


def _webhook() -> None:
    tenant_table(
        "webhook",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("of_platform", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('active', 'disabled', 'removed')", name=op.f("webhook_state_check")),
        _references("webhook", "organisation", "organisation_id"),
        _references("webhook", "person", "created_by_id"),
        sa.Index("webhook_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    )


def _notice_delivery() -> None:
    tenant_table(
        "notice_delivery",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("webhook_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_code", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel IN ('mail', 'digest', 'letter', 'webhook')", name=op.f("notice_delivery_channel_check")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'dead', 'skipped')", name=op.f("notice_delivery_state_check")
        ),
        sa.CheckConstraint("language IN ('ja', 'en')", name=op.f("notice_delivery_language_check")),
        _references("notice_delivery", "person", "person_id"),
        _references("notice_delivery", "webhook", "webhook_id"),
        sa.Index(
            "notice_delivery_tenant_id_id_unsent_idx",
            "tenant_id",
            "id",
            postgresql_where=sa.text("state IN ('waiting', 'dead')"),
        ),
    )


def _notice() -> None:
    tenant_table(
        "notice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("digest_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("mail IN ('now', 'digest', 'none')", name=op.f("notice_mail_check")),
        _references("notice", "person", "person_id"),
        _references("notice", "notice_delivery", "digest_id"),
        sa.Index("notice_tenant_id_person_id_id_idx", "tenant_id", "person_id", "id"),
        sa.Index(
            "notice_tenant_id_person_id_id_unread_idx",
            "tenant_id",
            "person_id",
            "id",
            postgresql_where=sa.text("read_at IS NULL"),
        ),
        sa.Index(
            "notice_tenant_id_person_id_gathered_idx",
            "tenant_id",
            "person_id",
            postgresql_where=sa.text("mail = 'digest' AND digest_id IS NULL"),
        ),
        sa.Index("notice_tenant_id_digest_id_idx", "tenant_id", "digest_id"),
    )


def _notice_preference() -> None:
    tenant_table(
        "notice_preference",
        sa.Column("language", sa.Text(), server_default="ja", nullable=False),
        *(sa.Column(f"mail_{group}", sa.Text(), nullable=True) for group in MAIL_GROUPS),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("language IN ('ja', 'en')", name=op.f("notice_preference_language_check")),
        *(
            sa.CheckConstraint(
                f"mail_{group} IN ('now', 'digest', 'none')",
                name=op.f(f"notice_preference_mail_{group}_check"),
            )
            for group in MAIL_GROUPS
        ),
        _references("notice_preference", "person", "id"),
    )


def _references(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=f"{table}_tenant_id_{column}_fkey",
    )


def downgrade() -> None:
    for table in ["notice_preference", "notice", "notice_delivery", "webhook"]:
        op.drop_table(table, schema=SCHEMA)

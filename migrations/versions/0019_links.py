"""Links that go by themselves, and how referrals end when one of their organisations leaves."""

import sqlalchemy as sa
from alembic import op

from libs.persistence.roles import SCHEMA

revision = "0019_links"
down_revision = "0018_ops"
branch_labels = None
depends_on = None

WITHDRAW_CODE = "referral_withdraw_code_check"
BEFORE = (
    "consent_revoked",
    "need_met_elsewhere",
    "moved",
    "person_declined",
    "mistaken_or_duplicate",
    "deceased",
    "other",
)
LEFT = ("recipient_left", "sender_left")


def upgrade() -> None:
    op.add_column(
        "platform_settings",
        sa.Column("answer_links_automatic", sa.Boolean(), server_default="true", nullable=False),
        schema=SCHEMA,
    )
    _set_codes((*BEFORE, *LEFT))


def downgrade() -> None:
    op.execute(f"UPDATE {SCHEMA}.referral SET withdraw_code = 'other' WHERE withdraw_code IN {LEFT!r}")
    _set_codes(BEFORE)
    op.drop_column("platform_settings", "answer_links_automatic", schema=SCHEMA)


def _set_codes(codes: tuple[str, ...]) -> None:
    op.drop_constraint(op.f(WITHDRAW_CODE), "referral", schema=SCHEMA)
    op.create_check_constraint(op.f(WITHDRAW_CODE), "referral", f"withdraw_code IN {codes!r}", schema=SCHEMA)

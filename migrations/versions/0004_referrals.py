"""Cases with their sealed texts, consents, referrals and what hangs on them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, SCHEMA
from migrations.isolation import APPEND_ONLY, tenant_table

revision = "0004_referrals"
down_revision = "0003_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tenant_table(
        "case_file",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("caseworker_id", sa.Uuid(), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind IN ('person', 'household')", name=op.f("case_file_kind_check")),
        sa.CheckConstraint(
            "needs <@ ARRAY['belonging', 'listening', 'daily_life', 'housing', 'food', 'money', 'work', 'health', 'mental_health', 'childcare', 'schooling', 'elder_care', 'disability', 'violence', 'legal', 'language', 'other']",
            name=op.f("case_file_needs_check"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("case_file_state_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "caseworker_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name=op.f("case_file_tenant_id_caseworker_id_fkey"),
        ),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("case_file_tenant_id_number_key")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("case_file_tenant_id_organisation_id_fkey"),
        ),
        sa.Index("case_file_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    )
    tenant_table(
        "consent",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("items", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("how_obtained", sa.Text(), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "how_obtained IN ('written', 'oral', 'electronic', 'by_representative')",
            name=op.f("consent_how_obtained_check"),
        ),
        sa.CheckConstraint(
            "items <@ ARRAY['narrative', 'constraints', 'person_name', 'person_kana', 'birth_date', 'address', 'contact', 'contact_rule', 'safety_notes']",
            name=op.f("consent_items_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["tsunagari.case_file.tenant_id", "tsunagari.case_file.id"],
            name=op.f("consent_tenant_id_case_id_fkey"),
        ),
        sa.Index("consent_tenant_id_case_id_id_idx", "tenant_id", "case_id", "id"),
    )
    tenant_table(
        "sealed_text",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("of_table", sa.Text(), nullable=False),
        sa.Column("of_row", sa.Uuid(), nullable=False),
        sa.Column("of_column", sa.Text(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "of_table IN ('case_file', 'disclosure', 'referral')", name=op.f("sealed_text_of_table_check")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["tsunagari.case_file.tenant_id", "tsunagari.case_file.id"],
            name=op.f("sealed_text_tenant_id_case_id_fkey"),
        ),
        sa.UniqueConstraint(
            "tenant_id", "of_row", "of_column", name=op.f("sealed_text_tenant_id_of_row_of_column_key")
        ),
        sa.Index("sealed_text_tenant_id_case_id_idx", "tenant_id", "case_id"),
    )
    tenant_table(
        "consent_recipient",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consent_id"],
            ["tsunagari.consent.tenant_id", "tsunagari.consent.id"],
            name=op.f("consent_recipient_tenant_id_consent_id_fkey"),
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "consent_id",
            "organisation_id",
            name="consent_recipient_named_key",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("consent_recipient_tenant_id_organisation_id_fkey"),
        ),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "referral",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("need_category", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("age_band", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("working_group_id", sa.Uuid(), nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("previous_attempt_id", sa.Uuid(), nullable=True),
        sa.Column("post_until", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by", sa.Text(), nullable=True),
        sa.Column("decline_code", sa.Text(), nullable=True),
        sa.Column("outcome_code", sa.Text(), nullable=True),
        sa.Column("withdraw_code", sa.Text(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "age_band IN ('preschool', 'school_age', 'youth', 'adult', 'senior', 'oldest', 'household', 'unknown')",
            name=op.f("referral_age_band_check"),
        ),
        sa.CheckConstraint(
            "basis IN ('consent', 'council_exchange', 'support_meeting', 'vital_interest', 'none_deidentified')",
            name=op.f("referral_basis_check"),
        ),
        sa.CheckConstraint(
            "mode = 'directed' OR working_group_id IS NOT NULL", name=op.f("referral_board_has_group_check")
        ),
        sa.CheckConstraint(
            "decline_code IN ('no_capacity', 'waitlist_only', 'not_eligible', 'out_of_area', 'missing_information', 'conflict_of_interest', 'safety', 'duplicate', 'already_supported', 'other')",
            name=op.f("referral_decline_code_check"),
        ),
        sa.CheckConstraint(
            "declined_by IN ('provider', 'person', 'not_reached')", name=op.f("referral_declined_by_check")
        ),
        sa.CheckConstraint("mode IN ('directed', 'board')", name=op.f("referral_mode_check")),
        sa.CheckConstraint(
            "need_category IN ('belonging', 'listening', 'daily_life', 'housing', 'food', 'money', 'work', 'health', 'mental_health', 'childcare', 'schooling', 'elder_care', 'disability', 'violence', 'legal', 'language', 'other')",
            name=op.f("referral_need_category_check"),
        ),
        sa.CheckConstraint(
            "outcome_code IN ('got_help', 'got_part', 'connected_ongoing', 'referred_elsewhere', 'not_reached', 'person_declined', 'not_eligible', 'no_capacity_after_all', 'moved', 'deceased', 'other')",
            name=op.f("referral_outcome_code_check"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'awaiting_basis', 'posted', 'sent', 'accepted', 'on_hold', 'in_progress', 'reported', 'closed', 'declined', 'expired', 'withdrawn', 'void')",
            name=op.f("referral_state_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["tsunagari.case_file.tenant_id", "tsunagari.case_file.id"],
            name=op.f("referral_tenant_id_case_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consent_id"],
            ["tsunagari.consent.tenant_id", "tsunagari.consent.id"],
            name=op.f("referral_tenant_id_consent_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "previous_attempt_id"],
            ["tsunagari.referral.tenant_id", "tsunagari.referral.id"],
            name=op.f("referral_tenant_id_previous_attempt_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recipient_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("referral_tenant_id_recipient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sender_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("referral_tenant_id_sender_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "working_group_id"],
            ["tsunagari.working_group.tenant_id", "tsunagari.working_group.id"],
            name=op.f("referral_tenant_id_working_group_id_fkey"),
        ),
        sa.CheckConstraint("urgency IN ('urgent', 'normal')", name=op.f("referral_urgency_check")),
        sa.CheckConstraint(
            "withdraw_code IN ('consent_revoked', 'need_met_elsewhere', 'moved', 'person_declined', 'mistaken_or_duplicate', 'deceased', 'other')",
            name=op.f("referral_withdraw_code_check"),
        ),
        sa.Index(
            "referral_live_twin_key",
            "tenant_id",
            "case_id",
            "need_category",
            "recipient_id",
            unique=True,
            postgresql_where=sa.text(
                "state IN ('awaiting_basis', 'sent', 'accepted', 'on_hold', 'in_progress', 'reported')"
            ),
        ),
        sa.Index("referral_tenant_id_case_id_id_idx", "tenant_id", "case_id", "id"),
        sa.Index("referral_tenant_id_consent_id_idx", "tenant_id", "consent_id"),
        sa.Index("referral_tenant_id_recipient_id_id_idx", "tenant_id", "recipient_id", "id"),
        sa.Index("referral_tenant_id_sender_id_id_idx", "tenant_id", "sender_id", "id"),
        sa.Index(
            "referral_tenant_id_working_group_id_id_idx",
            "tenant_id",
            "working_group_id",
            "id",
            postgresql_where=sa.text("posted_at IS NOT NULL"),
        ),
    )
    tenant_table(
        "access_entry",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("purpose_code", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "basis IN ('case_holder', 'party', 'consent', 'council_exchange', 'support_meeting', 'vital_interest', 'none_deidentified')",
            name=op.f("access_entry_basis_check"),
        ),
        sa.CheckConstraint("level IN ('L2', 'L3', 'L4', 'TEXTS')", name=op.f("access_entry_level_check")),
        sa.CheckConstraint(
            "purpose_code IN ('support', 'contact', 'handover', 'safety', 'review', 'other')",
            name=op.f("access_entry_purpose_code_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["tsunagari.case_file.tenant_id", "tsunagari.case_file.id"],
            name=op.f("access_entry_tenant_id_case_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("access_entry_tenant_id_organisation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name=op.f("access_entry_tenant_id_person_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["tsunagari.referral.tenant_id", "tsunagari.referral.id"],
            name=op.f("access_entry_tenant_id_referral_id_fkey"),
        ),
        sa.Index("access_entry_tenant_id_case_id_id_idx", "tenant_id", "case_id", "id"),
        sa.Index("access_entry_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "card_note",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name=op.f("card_note_tenant_id_author_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("card_note_tenant_id_author_organisation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["tsunagari.referral.tenant_id", "tsunagari.referral.id"],
            name=op.f("card_note_tenant_id_referral_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "working_group_id"],
            ["tsunagari.working_group.tenant_id", "tsunagari.working_group.id"],
            name=op.f("card_note_tenant_id_working_group_id_fkey"),
        ),
        sa.Index("card_note_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
    )
    tenant_table(
        "disclosure",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("items", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("package_hash", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "basis IN ('consent', 'council_exchange', 'support_meeting', 'vital_interest', 'none_deidentified')",
            name=op.f("disclosure_basis_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consent_id"],
            ["tsunagari.consent.tenant_id", "tsunagari.consent.id"],
            name=op.f("disclosure_tenant_id_consent_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recipient_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("disclosure_tenant_id_recipient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["tsunagari.referral.tenant_id", "tsunagari.referral.id"],
            name=op.f("disclosure_tenant_id_referral_id_fkey"),
        ),
        sa.Index("disclosure_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "offer",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("offered_by_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'chosen', 'closed', 'withdrawn')", name=op.f("offer_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offered_by_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name=op.f("offer_tenant_id_offered_by_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("offer_tenant_id_organisation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["tsunagari.referral.tenant_id", "tsunagari.referral.id"],
            name=op.f("offer_tenant_id_referral_id_fkey"),
        ),
        sa.Index("offer_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
        sa.Index(
            "offer_tenant_id_referral_id_open_key",
            "tenant_id",
            "referral_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("state = 'open'"),
        ),
    )
    tenant_table(
        "referral_event",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "from_state IN ('draft', 'awaiting_basis', 'posted', 'sent', 'accepted', 'on_hold', 'in_progress', 'reported', 'closed', 'declined', 'expired', 'withdrawn', 'void')",
            name=op.f("referral_event_from_state_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "actor_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name=op.f("referral_event_tenant_id_actor_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name=op.f("referral_event_tenant_id_organisation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["tsunagari.referral.tenant_id", "tsunagari.referral.id"],
            name=op.f("referral_event_tenant_id_referral_id_fkey"),
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "referral_id",
            "sequence",
            name=op.f("referral_event_tenant_id_referral_id_sequence_key"),
        ),
        sa.CheckConstraint(
            "to_state IN ('draft', 'awaiting_basis', 'posted', 'sent', 'accepted', 'on_hold', 'in_progress', 'reported', 'closed', 'declined', 'expired', 'withdrawn', 'void')",
            name=op.f("referral_event_to_state_check"),
        ),
        grants={APP: APPEND_ONLY},
    )


def downgrade() -> None:
    for table in [
        "referral_event",
        "offer",
        "disclosure",
        "card_note",
        "access_entry",
        "referral",
        "consent_recipient",
        "sealed_text",
        "consent",
        "case_file",
    ]:
        op.drop_table(table, schema=SCHEMA)

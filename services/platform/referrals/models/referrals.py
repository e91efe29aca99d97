"""A referral (one need, one attempt; posted, it is a board card) and what hangs on it."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.tables import one_of, references, tenant_table
from libs.tenancy.models import TIME, version
from services.platform.referrals.models import codes, machine

_ADDRESSED = ", ".join(f"'{state}'" for state in machine.ADDRESSED)
_UNMET = ", ".join(f"'{code}'" for code in codes.UNMET)

referral = tenant_table(
    "referral",
    sa.Column("case_id", sa.Uuid(), nullable=False),
    sa.Column("mode", sa.Text(), nullable=False),
    # the fold of the events, and the times below with it: kept because every list and mask asks for them
    sa.Column("state", sa.Text(), nullable=False, server_default="draft"),
    sa.Column("need_category", sa.Text(), nullable=False),
    sa.Column("urgency", sa.Text(), nullable=False),
    sa.Column("age_band", sa.Text(), nullable=False),
    sa.Column("area", sa.Text(), nullable=False, server_default=""),
    sa.Column("ask", sa.Text(), nullable=False),
    sa.Column("working_group_id", sa.Uuid()),
    sa.Column("sender_id", sa.Uuid(), nullable=False),
    sa.Column("recipient_id", sa.Uuid()),
    sa.Column("basis", sa.Text()),
    sa.Column("consent_id", sa.Uuid()),
    # the sender gave the reason for opening L3 and L4 to the council before anybody accepted
    sa.Column("opened_early", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("previous_attempt_id", sa.Uuid()),
    # the referral whose recipient handed the person on
    sa.Column("based_on_id", sa.Uuid()),
    # who sent it before the case was transferred: they stay parties to what they did
    sa.Column("earlier_sender_ids", ARRAY(sa.Uuid()), nullable=False, server_default="{}"),
    # the last day on the board
    sa.Column("post_until", sa.Date()),
    sa.Column("due_at", TIME),
    sa.Column("posted_at", TIME),
    sa.Column("sent_at", TIME),
    sa.Column("answered_at", TIME),
    sa.Column("started_on", sa.Date()),
    sa.Column("reported_at", TIME),
    sa.Column("ended_at", TIME),
    sa.Column("declined_by", sa.Text()),
    sa.Column("decline_code", sa.Text()),
    sa.Column("outcome_code", sa.Text()),
    sa.Column("withdraw_code", sa.Text()),
    sa.Column("hold_code", sa.Text()),
    sa.Column("review_on", sa.Date()),
    # the state to which a held one returns
    sa.Column("held_from", sa.Text()),
    # what waits for an answer beside the state, since when
    sa.Column("question_asked_at", TIME),
    sa.Column("approval_asked_at", TIME),
    sa.Column("reopen_asked_at", TIME),
    sa.Column("void_asked_at", TIME),
    # void though something was shared: since when it is treated as a breach
    sa.Column("breach_opened_at", TIME),
    # what the person themselves said of the outcome
    sa.Column("person_answer", sa.Text()),
    # the state's own time: since when it runs, for how many working days it stood still, when somebody has to
    # be told next, and whether it is over
    sa.Column("clock_from", TIME),
    sa.Column("stopped_working_days", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("clock_at", TIME),
    sa.Column("past_due", sa.Boolean(), nullable=False, server_default="false"),
    # on a closed one: whether the sender said so (T15) or the clock (T17)
    sa.Column("confirmed", sa.Boolean()),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("mode", codes.MODES),
    one_of("state", machine.STATES),
    one_of("need_category", codes.NEEDS),
    one_of("urgency", codes.URGENCIES),
    one_of("age_band", codes.AGE_BANDS),
    one_of("basis", codes.BASES),
    one_of("declined_by", codes.DECLINED_BY),
    one_of("decline_code", codes.DECLINES),
    one_of("outcome_code", codes.OUTCOMES),
    one_of("withdraw_code", codes.WITHDRAWALS),
    one_of("hold_code", codes.HOLDS),
    one_of("held_from", machine.STEPS["resume"].targets),
    one_of("person_answer", codes.PERSON_ANSWERS),
    sa.CheckConstraint("mode = 'directed' OR working_group_id IS NOT NULL", name="board_has_group"),
    sa.Index(
        "referral_live_twin_key",
        "tenant_id",
        "case_id",
        "need_category",
        "recipient_id",
        unique=True,
        postgresql_where=sa.text(f"state IN ({_ADDRESSED})"),
    ),
    sa.Index(
        "referral_tenant_id_working_group_id_id_idx",
        "tenant_id",
        "working_group_id",
        "id",
        postgresql_where=sa.text("posted_at IS NOT NULL"),
    ),
    sa.Index("referral_tenant_id_sender_id_id_idx", "tenant_id", "sender_id", "id"),
    sa.Index("referral_tenant_id_recipient_id_id_idx", "tenant_id", "recipient_id", "id"),
    sa.Index("referral_tenant_id_case_id_id_idx", "tenant_id", "case_id", "id"),
    sa.Index("referral_tenant_id_consent_id_idx", "tenant_id", "consent_id"),
    sa.Index("referral_tenant_id_based_on_id_idx", "tenant_id", "based_on_id"),
    sa.Index("referral_tenant_id_id_past_due_idx", "tenant_id", "id", postgresql_where=sa.text("past_due")),
    references("case_file", "case_id"),
    references("working_group", "working_group_id"),
    references("organisation", "sender_id"),
    references("organisation", "recipient_id"),
    references("consent", "consent_id"),
    references("referral", "previous_attempt_id"),
    references("referral", "based_on_id"),
)

referral_event = tenant_table(
    "referral_event",
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    # the referral's version that the event made: their order whatever the clocks say
    sa.Column("sequence", sa.Integer(), nullable=False),
    sa.Column("step", sa.Text(), nullable=False),
    sa.Column("from_state", sa.Text()),
    sa.Column("to_state", sa.Text(), nullable=False),
    # null where the clock acted
    sa.Column("actor_id", sa.Uuid()),
    sa.Column("organisation_id", sa.Uuid()),
    sa.Column("at", TIME, nullable=False),
    sa.Column("reason_code", sa.Text()),
    one_of("from_state", machine.STATES),
    one_of("to_state", machine.STATES),
    sa.UniqueConstraint("tenant_id", "referral_id", "sequence"),
    # the ledger of what there was no capacity for
    sa.Index(
        "referral_event_tenant_id_at_unmet_idx",
        "tenant_id",
        "at",
        postgresql_where=sa.text(f"reason_code IN ({_UNMET})"),
    ),
    references("referral", "referral_id"),
    references("person", "actor_id"),
    references("organisation", "organisation_id"),
)

card_note = tenant_table(
    "card_note",
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    # the card's own when it was written: a note's readers are found without going through the card
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    # the card's own when it was written: the note belongs to that posting, and no later one shows it
    sa.Column("posted_at", TIME, nullable=False),
    sa.Column("author_id", sa.Uuid(), nullable=False),
    sa.Column("author_organisation_id", sa.Uuid(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    sa.Index("card_note_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
    references("referral", "referral_id"),
    references("working_group", "working_group_id"),
    references("person", "author_id"),
    references("organisation", "author_organisation_id"),
)

offer = tenant_table(
    "offer",
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("offered_by_id", sa.Uuid(), nullable=False),
    sa.Column("message", sa.Text(), nullable=False, server_default=""),
    sa.Column("state", sa.Text(), nullable=False, server_default="open"),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("state", codes.OFFER_STATES),
    sa.Index(
        "offer_tenant_id_referral_id_open_key",
        "tenant_id",
        "referral_id",
        "organisation_id",
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    ),
    sa.Index("offer_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
    references("referral", "referral_id"),
    references("organisation", "organisation_id"),
    references("person", "offered_by_id"),
)

disclosure = tenant_table(
    "disclosure",
    sa.Column("referral_id", sa.Uuid(), nullable=False),
    sa.Column("recipient_id", sa.Uuid(), nullable=False),
    sa.Column("consent_id", sa.Uuid()),
    sa.Column("basis", sa.Text(), nullable=False),
    # the consent, council item, sitting or break-glass: when that falls, only its own package closes
    sa.Column("rests_on_id", sa.Uuid(), nullable=False),
    sa.Column("items", ARRAY(sa.Text()), nullable=False),
    # SHA-256 over the items' ciphertexts: proves that nothing changed, and tells nothing of short texts
    sa.Column("package_hash", sa.Text(), nullable=False),
    sa.Column("at", TIME, nullable=False),
    one_of("basis", codes.BASES),
    sa.Index("disclosure_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
    references("referral", "referral_id"),
    references("organisation", "recipient_id"),
    references("consent", "consent_id"),
)

access_entry = tenant_table(
    "access_entry",
    sa.Column("case_id", sa.Uuid(), nullable=False),
    # null where the case itself was opened
    sa.Column("referral_id", sa.Uuid()),
    # null where somebody opened it by a link, of whom no more is known than their organisation
    sa.Column("person_id", sa.Uuid()),
    sa.Column("link_id", sa.Uuid()),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("level", sa.Text(), nullable=False),
    sa.Column("basis", sa.Text(), nullable=False),
    sa.Column("purpose_code", sa.Text(), nullable=False),
    sa.Column("at", TIME, nullable=False),
    one_of("level", codes.ACCESS_LEVELS),
    one_of("basis", ("case_holder", "party", *codes.BASES)),
    one_of("purpose_code", codes.PURPOSES),
    sa.CheckConstraint("(person_id IS NULL) <> (link_id IS NULL)", name="person_or_link"),
    sa.Index("access_entry_tenant_id_referral_id_id_idx", "tenant_id", "referral_id", "id"),
    sa.Index("access_entry_tenant_id_case_id_id_idx", "tenant_id", "case_id", "id"),
    references("case_file", "case_id"),
    references("referral", "referral_id"),
    references("person", "person_id"),
    references("answer_link", "link_id"),
    references("organisation", "organisation_id"),
)

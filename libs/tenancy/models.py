"""The tables that every room rests on: the register of tenants, a tenant's people and organisations."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.persistence.tables import one_of, references, references_tenant, shared_table, tenant_table

TENANT_KINDS = ("municipality", "prefecture", "joint", "national")
ORGANISATION_KINDS = ("government", "npo", "company")
ORGANISATION_STATES = ("applied", "active", "declined", "suspended", "withdrawn")
ROLES = ("representative", "desk", "caseworker")
PERSON_STATES = ("invited", "active", "removed")
DECLINE_CODES = ("conditions", "out_of_area", "not_active", "incomplete", "duplicate", "other")
PROFILE_FOR = ("members", "own")
"""To whom a person shows their profile: all members, or their own organisation alone."""
CAPACITIES = ("open", "limited", "waitlist", "none")
REFERRAL_TERMS = {
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
    "sitting_access_days": 7,
}
"""How long a referral may wait in each state unless the platform says otherwise."""

TIME = sa.DateTime(timezone=True)


def version() -> sa.Column[int]:
    """Raised by each change; a client that read an older one gets a typed conflict."""
    return sa.Column("version", sa.Integer(), nullable=False, server_default="1")


tenant = shared_table(
    "tenant",
    sa.Column("tenant_id", sa.Uuid(), primary_key=True),
    sa.Column("slug", sa.Text(), nullable=False, unique=True),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("host", sa.Text(), unique=True),
    sa.Column("status", sa.Text(), nullable=False, server_default="active"),
    sa.Column("onboarded_at", TIME, nullable=False),
    one_of("kind", TENANT_KINDS),
    one_of("status", ("active", "suspended")),
    reason="the register of platforms: public facts, found by host, path or code before a tenant is chosen",
)

tenant_municipality = shared_table(
    "tenant_municipality",
    sa.Column("tenant_id", sa.Uuid(), primary_key=True),
    sa.Column("code", sa.Text(), primary_key=True),
    # a municipality may be in a joint platform and run its own, but never two of its own
    sa.Column("alone", sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(["tenant_id"], ["tsunagari.tenant.tenant_id"]),
    sa.Index("tenant_municipality_code_alone_key", "code", unique=True, postgresql_where=sa.text("alone")),
    reason="which municipalities a platform stands for: public facts of the register",
)

account_tenant = shared_table(
    "account_tenant",
    sa.Column("account", sa.Text(), primary_key=True),
    sa.Column("tenant_id", sa.Uuid(), primary_key=True),
    sa.ForeignKeyConstraint(["tenant_id"], ["tsunagari.tenant.tenant_id"]),
    reason="answers 'my platforms': SHA-256 of issuer and subject → tenants, each readable by its own alone",
)

platform_settings = tenant_table(
    "platform_settings",
    sa.Column("access_version", sa.BigInteger(), nullable=False, server_default="1"),
    sa.Column("policy_version", sa.BigInteger(), nullable=False, server_default="1"),
    sa.Column("conditions", sa.Text(), nullable=False, server_default=""),
    sa.Column("accepts_applications", sa.Boolean(), nullable=False, server_default="true"),
    sa.Column("card_scan", sa.Text(), nullable=False, server_default="block"),
    sa.Column("access_after_end_days", sa.Integer(), nullable=False, server_default="30"),
    sa.Column("answer_working_days", sa.Integer(), nullable=False, server_default="5"),
    sa.Column("confirm_days", sa.Integer(), nullable=False, server_default="14"),
    # the public page on which people ask for help: whose desk it comes to, and what stands on it
    sa.Column("help_desk_id", sa.Uuid()),
    sa.Column("help_introduction", sa.Text(), nullable=False, server_default=""),
    sa.Column("help_lines", JSONB(), nullable=False, server_default="[]"),
    sa.Column("help_keep_days", sa.Integer(), nullable=False, server_default="180"),
    sa.Column("help_most_sent", sa.Integer(), nullable=False, server_default="20"),
    sa.Column("answer_link_hours", sa.Integer(), nullable=False, server_default="72"),
    # how the second factor of a link reaches who answers by it
    sa.Column("answer_link_code", sa.Text(), nullable=False, server_default="mail"),
    # whether a link goes by itself to a recipient that has nobody to answer on the platform
    sa.Column("answer_links_automatic", sa.Boolean(), nullable=False, server_default="true"),
    *(
        sa.Column(name, sa.Integer(), nullable=False, server_default=str(days))
        for name, days in REFERRAL_TERMS.items()
    ),
    # days on which the offices are closed beside weekends, holidays and the year's end
    sa.Column("closed_days", ARRAY(sa.Date()), nullable=False, server_default="{}"),
    sa.Column("cards_need_approval", sa.Boolean(), nullable=False, server_default="false"),
    # kinds of organisation that may be asked at all
    sa.Column("recipient_kinds", ARRAY(sa.Text()), nullable=False, server_default="{government,npo,company}"),
    sa.Column("case_retention_days", sa.Integer(), nullable=False, server_default="1096"),
    # the day up to which closed cases were looked through
    sa.Column("retention_seen_on", sa.Date()),
    # applications are looked at every so many days, counted from a first day; null: as they come
    sa.Column("review_every_days", sa.Integer()),
    sa.Column("review_from", sa.Date()),
    # an application's papers go so many days after it was declined or withdrawn
    sa.Column("paper_retention_days", sa.Integer(), nullable=False, server_default="90"),
    # what files may take up: all of the platform's, and one organisation's of them
    sa.Column("file_mebibytes", sa.Integer(), nullable=False, server_default="10240"),
    sa.Column("organisation_file_mebibytes", sa.Integer(), nullable=False, server_default="1024"),
    version(),
    sa.CheckConstraint("review_every_days BETWEEN 1 AND 92", name="review_every_days"),
    one_of("card_scan", ("block", "confirm")),
    sa.CheckConstraint(
        f"recipient_kinds <@ ARRAY[{', '.join(repr(kind) for kind in ORGANISATION_KINDS)}]",
        name="recipient_kinds",
    ),
    references("organisation", "help_desk_id"),
    one_of("answer_link_code", ("mail", "telephone")),
    references_tenant(),
)

# append-only: each row is a policy that was in force; before the first, the baseline was
policy_edition = tenant_table(
    "policy_edition",
    # the tenant's policy_version that it stands for
    sa.Column("version", sa.BigInteger(), nullable=False),
    sa.Column("overrides", JSONB(), nullable=False),
    sa.Column("content_hash", sa.Text(), nullable=False),
    # what was shown to whoever published it: labels may be worded anew, a record may not
    sa.Column("changes_ja", ARRAY(sa.Text()), nullable=False),
    sa.Column("changes_en", ARRAY(sa.Text()), nullable=False),
    sa.Column("note", sa.Text(), nullable=False),
    sa.Column("author_id", sa.Uuid(), nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("reverted_to", sa.BigInteger()),
    sa.UniqueConstraint("tenant_id", "version"),
    references("person", "author_id"),
    references_tenant(),
)

# one row a tenant, its id the tenant's; all overrides as they shall be after publishing
policy_draft = tenant_table(
    "policy_draft",
    sa.Column("overrides", JSONB(), nullable=False, server_default="[]"),
    sa.Column("changes_ja", ARRAY(sa.Text()), nullable=False, server_default="{}"),
    sa.Column("changes_en", ARRAY(sa.Text()), nullable=False, server_default="{}"),
    sa.Column("updated_by_id", sa.Uuid()),
    sa.Column("updated_at", TIME),
    version(),
    references("person", "updated_by_id"),
    references_tenant(),
)

tenant_issuer = tenant_table(
    "tenant_issuer",
    sa.Column("issuer", sa.Text(), nullable=False),
    sa.UniqueConstraint("tenant_id", "issuer"),
    references_tenant(),
)

# each platform's own: 正会員, 協力会員, 賛助会員, …
member_class = tenant_table(
    "member_class",
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    # kinds of organisation that may have it
    sa.Column("kinds", ARRAY(sa.Text()), nullable=False),
    sa.Column("votes", sa.Boolean(), nullable=False),
    # given to nobody any more; who has it keeps it
    sa.Column("ended_at", TIME),
    version(),
    sa.CheckConstraint(
        f"kinds <@ ARRAY[{', '.join(repr(kind) for kind in ORGANISATION_KINDS)}]", name="kinds"
    ),
    references_tenant(),
)

organisation = tenant_table(
    "organisation",
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("status", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("name_kana", sa.Text(), nullable=False, server_default=""),
    sa.Column("search_key", sa.Text(), nullable=False),
    sa.Column("sort_key", sa.Text(), nullable=False),
    sa.Column("corporate_number", sa.Text()),
    sa.Column("fields_of_work", ARRAY(sa.Text()), nullable=False, server_default="{}"),
    sa.Column("services", sa.Text(), nullable=False, server_default=""),
    sa.Column("area", sa.Text(), nullable=False, server_default=""),
    # what it can take on, by its own word of that day; null: it has not said
    sa.Column("capacity", sa.Text()),
    sa.Column("capacity_as_of", sa.Date()),
    # empty: wherever the platform is
    sa.Column("service_areas", ARRAY(sa.Text()), nullable=False, server_default="{}"),
    sa.Column("website", sa.Text()),
    sa.Column("work_contact", sa.Text()),
    # the one address to which links that answer for the organisation are mailed
    sa.Column("work_email", sa.Text()),
    # registered by the organisation itself, and not on its behalf
    sa.Column("work_email_own", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("confidential_address", sa.Text()),
    sa.Column("application_statement", sa.Text()),
    sa.Column("review_notes", sa.Text()),
    sa.Column("decline_reason", sa.Text()),
    sa.Column("decline_code", sa.Text()),
    sa.Column("member_class_id", sa.Uuid()),
    sa.Column("published", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("decided_at", TIME),
    version(),
    one_of("kind", ORGANISATION_KINDS),
    one_of("status", ORGANISATION_STATES),
    one_of("capacity", CAPACITIES),
    one_of("decline_code", DECLINE_CODES),
    references("member_class", "member_class_id"),
    # members only: an applicant must not learn by a refusal who is a member or has applied
    sa.Index(
        "organisation_tenant_id_corporate_number_member_key",
        "tenant_id",
        "corporate_number",
        unique=True,
        postgresql_where=sa.text("status IN ('active', 'suspended')"),
    ),
    sa.Index("organisation_tenant_id_sort_key_id_idx", "tenant_id", "sort_key", "id"),
    # whose people are shown to no other: asked for wherever a person's name is
    sa.Index(
        "organisation_tenant_id_id_not_admitted_idx",
        "tenant_id",
        "id",
        postgresql_where=sa.text(
            "NOT (status IN ('active', 'suspended', 'withdrawn') AND decided_at IS NOT NULL)"
        ),
    ),
    references_tenant(),
)

person = tenant_table(
    "person",
    sa.Column("status", sa.Text(), nullable=False),
    sa.Column("issuer", sa.Text()),
    sa.Column("subject", sa.Text()),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("name_kana", sa.Text(), nullable=False, server_default=""),
    sa.Column("profile", sa.Text(), nullable=False, server_default=""),
    sa.Column("interests", sa.Text(), nullable=False, server_default=""),
    sa.Column("ask_me", sa.Text(), nullable=False, server_default=""),
    sa.Column("profile_for", sa.Text(), nullable=False, server_default="members"),
    # of the name, and of what is shown beside it to fewer people
    sa.Column("search_key", sa.Text(), nullable=False, server_default=""),
    sa.Column("profile_key", sa.Text(), nullable=False, server_default=""),
    # the content of the profile's photo, where there is one
    sa.Column("photo_object_id", sa.Uuid()),
    sa.Column("photo_size", sa.BigInteger()),
    sa.Column("photo_sha256", sa.Text()),
    sa.Column("email", sa.Text()),
    sa.Column("invitation_hash", sa.LargeBinary()),
    sa.Column("invitation_until", TIME),
    sa.Column("invited_by", sa.Uuid()),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("status", PERSON_STATES),
    one_of("profile_for", PROFILE_FOR),
    sa.UniqueConstraint("tenant_id", "issuer", "subject"),
    sa.UniqueConstraint("tenant_id", "invitation_hash"),
    references("person", "invited_by"),
    references_tenant(),
)

membership = tenant_table(
    "membership",
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("roles", ARRAY(sa.Text()), nullable=False, server_default="{}"),
    sa.Column("since", TIME, nullable=False),
    sa.Column("until", TIME),
    # of its representative: the days from and up to which the organisation sends them
    sa.Column("term_from", sa.Date()),
    sa.Column("term_until", sa.Date()),
    version(),
    sa.CheckConstraint("term_until >= term_from", name="term"),
    sa.CheckConstraint(f"roles <@ ARRAY[{', '.join(repr(role) for role in ROLES)}]", name="roles"),
    sa.Index(
        "membership_person_id_organisation_id_live_key",
        "tenant_id",
        "person_id",
        "organisation_id",
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    ),
    sa.Index("membership_tenant_id_organisation_id_idx", "tenant_id", "organisation_id"),
    sa.Index("membership_tenant_id_person_id_idx", "tenant_id", "person_id"),
    references("person", "person_id"),
    references("organisation", "organisation_id"),
)

coordinator_appointment = tenant_table(
    "coordinator_appointment",
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("since", TIME, nullable=False),
    sa.Column("until", TIME),
    sa.Index("coordinator_appointment_tenant_id_person_id_idx", "tenant_id", "person_id"),
    references("person", "person_id"),
)

idempotency_record = tenant_table(
    "idempotency_record",
    # the account and not the person: an applicant has no person yet
    sa.Column("account", sa.Text(), nullable=False),
    sa.Column("key", sa.Text(), nullable=False),
    sa.Column("root_field", sa.Text(), nullable=False),
    sa.Column("request_hash", sa.LargeBinary(), nullable=False),
    sa.Column("outcome", sa.Uuid(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.UniqueConstraint("tenant_id", "account", "key", "root_field", name="idempotency_record_request_key"),
    references_tenant(),
)

"""The spine's tables: register of tenants, people and organisations, audit chain, due work."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, ONBOARDING, PUBLISHER, SCHEMA, SECRETARIAT, WORKER
from migrations.isolation import APPEND_ONLY, READ_WRITE, THIS_TENANT, shared_table, tenant_table

revision = "0001_tenancy"
down_revision = None
branch_labels = None
depends_on = None

EVERYBODY = f"{APP}, {WORKER}, {ONBOARDING}, {PUBLISHER}, {SECRETARIAT}"


def upgrade() -> None:
    shared_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="outbox_pkey"),
        grants={APP: "INSERT", WORKER: "SELECT, DELETE"},
        policies={"leave_notice": (APP, THIS_TENANT), "relay": (WORKER, "true")},
    )
    shared_table(
        "tenant",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("onboarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("host", name="tenant_host_key"),
        sa.CheckConstraint(
            "kind IN ('municipality', 'prefecture', 'joint', 'national')", name=op.f("tenant_kind_check")
        ),
        sa.PrimaryKeyConstraint("tenant_id", name="tenant_pkey"),
        sa.UniqueConstraint("slug", name="tenant_slug_key"),
        sa.CheckConstraint("status IN ('active', 'suspended')", name=op.f("tenant_status_check")),
        grants={
            APP: "SELECT",
            WORKER: "SELECT",
            ONBOARDING: READ_WRITE,
            PUBLISHER: "SELECT",
            SECRETARIAT: "SELECT",
        },
        policies={"register": (EVERYBODY, "true")},
    )
    shared_table(
        "work_due",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="work_due_pkey"),
        sa.Index("work_due_due_at_idx", "due_at", postgresql_where=sa.text("failed_at IS NULL")),
        grants={APP: "INSERT", ONBOARDING: "INSERT", WORKER: "SELECT, UPDATE, DELETE"},
        policies={"leave_work": (f"{APP}, {ONBOARDING}", THIS_TENANT), "claim_work": (WORKER, "true")},
    )
    shared_table(
        "account_tenant",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("account", "tenant_id", name="account_tenant_pkey"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name="account_tenant_tenant_id_fkey"
        ),
        grants={APP: "SELECT, INSERT, DELETE", ONBOARDING: "INSERT"},
        policies={
            "own_account": (APP, "account = nullif(current_setting('app.account', true), '')"),
            "onboard": (ONBOARDING, "true"),
        },
    )
    tenant_table(
        "audit_entry",
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("codes", postgresql.JSONB(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name="audit_entry_tenant_id_fkey"
        ),
        sa.UniqueConstraint("tenant_id", "sequence", name="audit_entry_tenant_id_sequence_key"),
        grants={APP: APPEND_ONLY, ONBOARDING: APPEND_ONLY},
    )
    tenant_table(
        "audit_head",
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name="audit_head_tenant_id_fkey"
        ),
        grants={APP: "SELECT, UPDATE", ONBOARDING: "SELECT, INSERT, UPDATE"},
    )
    tenant_table(
        "organisation",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_kana", sa.Text(), server_default="", nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("corporate_number", sa.Text(), nullable=True),
        sa.Column("fields_of_work", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("services", sa.Text(), server_default="", nullable=False),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("work_contact", sa.Text(), nullable=True),
        sa.Column("confidential_address", sa.Text(), nullable=True),
        sa.Column("application_statement", sa.Text(), nullable=True),
        sa.Column("review_notes", sa.Text(), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("published", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind IN ('government', 'npo', 'company')", name=op.f("organisation_kind_check")),
        sa.CheckConstraint(
            "status IN ('applied', 'active', 'declined', 'suspended', 'withdrawn')",
            name=op.f("organisation_status_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name="organisation_tenant_id_fkey"
        ),
        sa.Index(
            "organisation_tenant_id_corporate_number_member_key",
            "tenant_id",
            "corporate_number",
            unique=True,
            postgresql_where=sa.text("status IN ('active', 'suspended')"),
        ),
        sa.Index("organisation_tenant_id_sort_key_id_idx", "tenant_id", "sort_key", "id"),
        grants={APP: READ_WRITE, ONBOARDING: READ_WRITE},
    )
    tenant_table(
        "person",
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_kana", sa.Text(), server_default="", nullable=False),
        sa.Column("profile", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("invitation_hash", sa.LargeBinary(), nullable=True),
        sa.Column("invitation_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("status IN ('invited', 'active', 'removed')", name=op.f("person_status_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invited_by"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name=op.f("person_tenant_id_invited_by_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tsunagari.tenant.tenant_id"], name="person_tenant_id_fkey"),
        sa.UniqueConstraint("tenant_id", "invitation_hash", name="person_tenant_id_invitation_hash_key"),
        sa.UniqueConstraint("tenant_id", "issuer", "subject", name="person_tenant_id_issuer_subject_key"),
        grants={APP: READ_WRITE, ONBOARDING: READ_WRITE},
    )
    tenant_table(
        "platform_settings",
        sa.Column("access_version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("policy_version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("conditions", sa.Text(), server_default="", nullable=False),
        sa.Column("accepts_applications", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("card_scan", sa.Text(), server_default="block", nullable=False),
        sa.Column("access_after_end_days", sa.Integer(), server_default="30", nullable=False),
        sa.Column("answer_working_days", sa.Integer(), server_default="5", nullable=False),
        sa.Column("confirm_days", sa.Integer(), server_default="14", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "card_scan IN ('block', 'confirm')", name=op.f("platform_settings_card_scan_check")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name="platform_settings_tenant_id_fkey"
        ),
        grants={APP: "SELECT, UPDATE", ONBOARDING: READ_WRITE},
    )
    tenant_table(
        "tenant_issuer",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name="tenant_issuer_tenant_id_fkey"
        ),
        sa.UniqueConstraint("tenant_id", "issuer", name="tenant_issuer_tenant_id_issuer_key"),
        grants={APP: "SELECT", ONBOARDING: "SELECT, INSERT, DELETE"},
    )
    shared_table(
        "tenant_municipality",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "code", name="tenant_municipality_pkey"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name="tenant_municipality_tenant_id_fkey"
        ),
        sa.Index(
            "tenant_municipality_code_alone_key", "code", unique=True, postgresql_where=sa.text("alone")
        ),
        grants={APP: "SELECT", ONBOARDING: APPEND_ONLY, PUBLISHER: "SELECT", SECRETARIAT: "SELECT"},
        policies={"register": (f"{APP}, {ONBOARDING}, {PUBLISHER}, {SECRETARIAT}", "true")},
    )
    tenant_table(
        "coordinator_appointment",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name="coordinator_appointment_tenant_id_person_id_fkey",
        ),
        sa.Index("coordinator_appointment_tenant_id_person_id_idx", "tenant_id", "person_id"),
        grants={APP: READ_WRITE, ONBOARDING: READ_WRITE},
    )
    tenant_table(
        "idempotency_record",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("root_field", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name="idempotency_record_tenant_id_fkey"
        ),
        sa.UniqueConstraint(
            "tenant_id", "account", "key", "root_field", name="idempotency_record_request_key"
        ),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "membership",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "roles <@ ARRAY['representative', 'desk', 'caseworker']", name=op.f("membership_roles_check")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["tsunagari.organisation.tenant_id", "tsunagari.organisation.id"],
            name="membership_tenant_id_organisation_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["tsunagari.person.tenant_id", "tsunagari.person.id"],
            name="membership_tenant_id_person_id_fkey",
        ),
        sa.Index(
            "membership_person_id_organisation_id_live_key",
            "tenant_id",
            "person_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("until IS NULL"),
        ),
        sa.Index("membership_tenant_id_organisation_id_idx", "tenant_id", "organisation_id"),
        grants={APP: READ_WRITE, ONBOARDING: READ_WRITE},
    )
    _usage()
    _watch_access()


def downgrade() -> None:
    for table in ACCESS_TABLES:
        op.execute(f"DROP TRIGGER {table}_access ON {SCHEMA}.{table}")
    op.execute(f"DROP FUNCTION {SCHEMA}.raise_access_version()")
    for table in [
        "membership",
        "idempotency_record",
        "coordinator_appointment",
        "tenant_municipality",
        "tenant_issuer",
        "platform_settings",
        "person",
        "organisation",
        "audit_head",
        "audit_entry",
        "account_tenant",
        "work_due",
        "tenant",
        "outbox",
    ]:
        op.drop_table(table, schema=SCHEMA)


ACCESS_TABLES = ("person", "membership", "coordinator_appointment", "organisation", "tenant_issuer")


def _usage() -> None:
    for role in (APP, WORKER, ONBOARDING, PUBLISHER, SECRETARIAT):
        op.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}")


def _watch_access() -> None:
    """Whatever changes who may act raises access_version, so that no remembered viewer outlives it."""
    op.execute(
        f"CREATE FUNCTION {SCHEMA}.raise_access_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"UPDATE {SCHEMA}.platform_settings SET access_version = access_version + 1 "
        "WHERE tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id); RETURN NULL; END $$"
    )
    for table in ACCESS_TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_access AFTER INSERT OR UPDATE OR DELETE ON {SCHEMA}.{table} "
            f"FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.raise_access_version()"
        )

"""Files, charters, observers, meetings with their minutes and decisions, comments, practices, what was read."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import APP, SCHEMA, SECRETARIAT
from migrations.isolation import APPEND_ONLY, READ_WRITE, THIS_TENANT, shared_table, tenant_table

revision = "0020_groups"
down_revision = "0019_links"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
WITH_DELETE = {APP: f"{READ_WRITE}, DELETE"}


def upgrade() -> None:
    for table, column in (("seat", "is_observer"), ("post", "is_pinned")):
        flag = sa.Column(column, sa.Boolean(), server_default="false", nullable=False)
        op.add_column(table, flag, schema=SCHEMA)
    op.create_check_constraint(
        op.f("seat_is_observer_check"), "seat", "NOT (is_chair AND is_observer)", schema=SCHEMA
    )
    _meetings()
    _files_and_posts()
    _practices()


def _practices() -> None:
    """Between platforms: each command of each role has a policy of its own."""
    shared_table(
        "practice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="offered", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("offered_at", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("practice_pkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tsunagari.tenant.tenant_id"], name=op.f("practice_tenant_id_fkey")
        ),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'returned', 'withdrawn')", name=op.f("practice_state_check")
        ),
        sa.Index("practice_state_id_idx", "state", "id"),
        sa.Index("practice_tenant_id_id_idx", "tenant_id", "id"),
        grants={
            APP: "SELECT, INSERT, UPDATE (state, version)",
            SECRETARIAT: "SELECT, UPDATE (state, note, decided_at, version)",
        },
        policies={},
    )
    own = f"USING ({THIS_TENANT}) WITH CHECK ({THIS_TENANT}"
    decide = "USING (state = 'offered') WITH CHECK (state IN ('accepted', 'returned'))"
    for name, command in {
        "offer": f"FOR INSERT TO {APP} WITH CHECK ({THIS_TENANT} AND state = 'offered')",
        "library": f"FOR SELECT TO {APP} USING (state = 'accepted' OR {THIS_TENANT})",
        "withdraw": f"FOR UPDATE TO {APP} {own} AND state = 'withdrawn')",
        "look": f"FOR SELECT TO {SECRETARIAT} USING (true)",
        "decide": f"FOR UPDATE TO {SECRETARIAT} {decide}",
    }.items():
        op.execute(f"CREATE POLICY {name} ON {SCHEMA}.practice AS PERMISSIVE {command}")


def _meetings() -> None:
    tenant_table(
        "charter",
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("quorum", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("quorum IN ('none', 'majority', 'two_thirds')", name=op.f("charter_quorum_check")),
        sa.UniqueConstraint(
            "tenant_id",
            "working_group_id",
            "number",
            name=op.f("charter_tenant_id_working_group_id_number_key"),
        ),
        _references("charter", "working_group", "working_group_id"),
        _references("charter", "person", "author_id"),
        grants={APP: APPEND_ONLY},
    )
    tenant_table(
        "meeting",
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agenda", sa.Text(), server_default="", nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("venue", sa.Text(), server_default="", nullable=False),
        sa.Column("join_url", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="called", nullable=False),
        sa.Column("quorum", sa.Text(), nullable=True),
        sa.Column("seats_counted", sa.Integer(), nullable=True),
        sa.Column("seats_present", sa.Integer(), nullable=True),
        sa.Column("reminders", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('called', 'cancelled', 'held')", name=op.f("meeting_state_check")),
        sa.CheckConstraint("quorum IN ('none', 'majority', 'two_thirds')", name=op.f("meeting_quorum_check")),
        _references("meeting", "working_group", "working_group_id"),
        sa.Index(
            "meeting_tenant_id_working_group_id_starts_at_idx", "tenant_id", "working_group_id", "starts_at"
        ),
    )
    tenant_table(
        "attendance",
        *_of_meeting("attendance"),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint(
            "standing IN ('present', 'apology', 'observer')", name=op.f("attendance_standing_check")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "meeting_id",
            "organisation_id",
            name=op.f("attendance_tenant_id_meeting_id_organisation_id_key"),
        ),
        _references("attendance", "person", "recorded_by_id"),
        _references("attendance", "organisation", "organisation_id"),
    )
    tenant_table(
        "minutes",
        *_said("minutes"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=True),
        sa.Column("agreed_at", TIME, nullable=True),
        sa.Column("published_at", TIME, nullable=True),
        sa.CheckConstraint("state IN ('draft', 'agreed', 'published')", name=op.f("minutes_state_check")),
        sa.CheckConstraint("agreed_by IN ('chair', 'majority')", name=op.f("minutes_agreed_by_check")),
        sa.UniqueConstraint("tenant_id", "meeting_id", name=op.f("minutes_tenant_id_meeting_id_key")),
        _references("minutes", "meeting", "meeting_id"),
        grants=WITH_DELETE,
    )
    tenant_table(
        "minutes_agreement",
        sa.Column("minutes_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.UniqueConstraint(
            "tenant_id",
            "minutes_id",
            "organisation_id",
            name=op.f("minutes_agreement_of_organisation_key"),
        ),
        _references("minutes_agreement", "minutes", "minutes_id"),
        _references("minutes_agreement", "organisation", "organisation_id"),
        _references("minutes_agreement", "person", "person_id"),
        grants={APP: f"{APPEND_ONLY}, DELETE"},
    )
    tenant_table(
        "decision",
        *_of_meeting("decision", organisation=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "outcome IN ('adopted', 'rejected', 'deferred', 'noted')", name=op.f("decision_outcome_check")
        ),
        sa.Index("decision_tenant_id_meeting_id_idx", "tenant_id", "meeting_id"),
        sa.Index("decision_tenant_id_working_group_id_id_idx", "tenant_id", "working_group_id", "id"),
    )
    tenant_table(
        "vote",
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.CheckConstraint("choice IN ('in_favour', 'against', 'abstained')", name=op.f("vote_choice_check")),
        sa.UniqueConstraint(
            "tenant_id",
            "decision_id",
            "organisation_id",
            name=op.f("vote_tenant_id_decision_id_organisation_id_key"),
        ),
        _references("vote", "working_group", "working_group_id"),
        _references("vote", "decision", "decision_id"),
        _references("vote", "organisation", "organisation_id"),
        grants={APP: APPEND_ONLY},
    )


def _files_and_posts() -> None:
    tenant_table(
        "upload",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("arrived_at", TIME, nullable=True),
        _references("upload", "person", "person_id"),
        sa.Index("upload_tenant_id_person_id_idx", "tenant_id", "person_id"),
        grants=WITH_DELETE,
    )
    tenant_table(
        "file",
        *_said("file"),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        *(sa.Column(f"{on}_id", sa.Uuid(), nullable=True) for on in ("post", "meeting", "minutes")),
        *(_references("file", on, f"{on}_id") for on in ("post", "meeting", "minutes")),
        *(
            sa.Index(f"file_tenant_id_{on}_id_idx", "tenant_id", f"{on}_id")
            for on in ("post", "meeting", "minutes")
        ),
        grants=WITH_DELETE,
    )
    tenant_table(
        "comment",
        *_said("comment", index=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _references("comment", "post", "post_id"),
        sa.Index("comment_tenant_id_post_id_id_idx", "tenant_id", "post_id", "id"),
        grants=WITH_DELETE,
    )
    tenant_table(
        "group_reading",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("read_through", sa.Uuid(), nullable=False),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "working_group_id",
            name=op.f("group_reading_tenant_id_person_id_working_group_id_key"),
        ),
        _references("group_reading", "person", "person_id"),
        _references("group_reading", "working_group", "working_group_id"),
    )


def _of_meeting(table: str, *, organisation: bool = True) -> tuple[Any, ...]:
    return (
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        *((sa.Column("organisation_id", sa.Uuid(), nullable=False),) if organisation else ()),
        _references(table, "working_group", "working_group_id"),
        _references(table, "meeting", "meeting_id"),
    )


def _said(table: str, *, index: bool = True) -> tuple[Any, ...]:
    """What is said in a group for an audience, by whom, for which organisation."""
    listed = sa.Index(f"{table}_tenant_id_working_group_id_id_idx", "tenant_id", "working_group_id", "id")
    return (
        sa.Column("working_group_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("audience IN ('all', 'npo', 'public')", name=op.f(f"{table}_audience_check")),
        _references(table, "working_group", "working_group_id"),
        _references(table, "person", "author_id"),
        _references(table, "organisation", "author_organisation_id"),
        *((listed,) if index else ()),
    )


def _references(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=op.f(f"{table}_tenant_id_{column}_fkey"),
    )


def downgrade() -> None:
    op.drop_table("practice", schema=SCHEMA)
    tables = ("group_reading", "comment", "file", "upload", "vote", "decision", "minutes_agreement")
    for table in (*tables, "minutes", "attendance", "meeting", "charter"):
        op.drop_table(table, schema=SCHEMA)
    op.drop_constraint(op.f("seat_is_observer_check"), "seat", schema=SCHEMA)
    op.drop_column("post", "is_pinned", schema=SCHEMA)
    op.drop_column("seat", "is_observer", schema=SCHEMA)

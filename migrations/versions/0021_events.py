"""Registration for events: kinds, co-hosts, reserved places, waiting list, residents without an account."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.persistence.roles import SCHEMA
from migrations.isolation import tenant_table

revision = "0021_events"
down_revision = "0020_groups"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
TAKEN = "place_tenant_id_event_id_organisation_id_taken_key"
LIVE = "place_tenant_id_event_id_organisation_id_live_key"
EVENT_COLUMNS = (
    ("kind", sa.Text(), "other"),
    ("co_host_ids", postgresql.ARRAY(sa.Uuid()), "{}"),
    ("speakers", postgresql.JSONB(), "[]"),
    ("reserved_host", sa.Integer(), "0"),
    ("reserved_organisations", sa.Integer(), "0"),
    ("reserved_residents", sa.Integer(), "0"),
    ("for_residents", sa.Boolean(), "false"),
    ("approval", sa.Boolean(), "false"),
    ("questions", postgresql.JSONB(), "[]"),
    ("offer_hours", sa.Integer(), "48"),
    ("keep_days", sa.Integer(), "30"),
    ("registrations", sa.Integer(), "0"),
)
EVENT_NULLABLE = (
    ("series_id", sa.Uuid(), None),
    ("remind_hours", sa.Integer(), "24"),
    ("attendance_code", sa.Text(), None),
    ("reminded_of", TIME, None),
    ("erased_at", TIME, None),
)
PLACE_NULLABLE = (
    ("offered_until", TIME),
    ("sealed", sa.LargeBinary()),
    ("code_hash", sa.LargeBinary()),
    ("form_hash", sa.LargeBinary()),
    ("address_hash", sa.LargeBinary()),
)


def upgrade() -> None:
    _events()
    _places()
    _feeds()
    _reports()


def _events() -> None:
    for name, type_, default in EVENT_COLUMNS:
        op.add_column("event", sa.Column(name, type_, server_default=default, nullable=False), schema=SCHEMA)
    for name, type_, default in EVENT_NULLABLE:
        op.add_column("event", sa.Column(name, type_, server_default=default, nullable=True), schema=SCHEMA)
    _check(
        "event",
        "kind",
        "kind IN ('study_session', 'symposium', 'exchange', 'site_visit', 'home_visit_round', "
        "'campaign_month', 'course', 'other')",
    )
    _check(
        "event",
        "reserved",
        "least(reserved_host, reserved_organisations, reserved_residents) >= 0 AND "
        "reserved_host + reserved_organisations + reserved_residents <= coalesce(capacity, 0)",
    )
    op.create_foreign_key(
        "event_tenant_id_series_id_fkey",
        "event",
        "event",
        ["tenant_id", "series_id"],
        ["tenant_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )
    op.create_index(
        "event_tenant_id_series_id_starts_at_idx",
        "event",
        ["tenant_id", "series_id", "starts_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("series_id IS NOT NULL"),
    )


def _places() -> None:
    op.alter_column("place", "organisation_id", nullable=True, schema=SCHEMA)
    op.add_column("place", sa.Column("quota", sa.Text(), nullable=True), schema=SCHEMA)
    op.add_column("place", sa.Column("number", sa.Integer(), nullable=True), schema=SCHEMA)
    op.add_column(
        "place", sa.Column("tries", sa.Integer(), server_default="0", nullable=False), schema=SCHEMA
    )
    for name, type_ in PLACE_NULLABLE:
        op.add_column("place", sa.Column(name, type_, nullable=True), schema=SCHEMA)
    _number_places()
    op.alter_column("place", "quota", nullable=False, schema=SCHEMA)
    op.alter_column("place", "number", nullable=False, schema=SCHEMA)
    _drop_check("place", "state")
    _check(
        "place", "state", "state IN ('asked', 'waiting', 'offered', 'taken', 'given_up', 'refused', 'passed')"
    )
    _check("place", "quota", "quota IN ('host', 'organisations', 'residents')")
    _check("place", "organisation_or_resident", "(organisation_id IS NULL) = (quota = 'residents')")
    for name in ("code_hash", "form_hash"):
        op.create_unique_constraint(
            f"place_tenant_id_{name}_key", "place", ["tenant_id", name], schema=SCHEMA
        )
    op.drop_index(TAKEN, "place", schema=SCHEMA)
    _one_per_organisation(LIVE, "state IN ('asked', 'waiting', 'offered', 'taken')")


def _feeds() -> None:
    tenant_table(
        "calendar_feed",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("working_group_id", sa.Uuid(), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("scope IN ('all', 'mine', 'group')", name=op.f("calendar_feed_scope_check")),
        sa.CheckConstraint(
            "(scope = 'group') = (working_group_id IS NOT NULL)", name=op.f("calendar_feed_group_check")
        ),
        sa.UniqueConstraint("tenant_id", "secret_hash", name=op.f("calendar_feed_tenant_id_secret_hash_key")),
        *(_references("calendar_feed", parent) for parent in ("person", "organisation", "working_group")),
        sa.Index("calendar_feed_tenant_id_person_id_id_idx", "tenant_id", "person_id", "id"),
    )


def _reports() -> None:
    tenant_table(
        "event_report",
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("attended >= 0", name=op.f("event_report_attended_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            [f"{SCHEMA}.event.tenant_id", f"{SCHEMA}.event.id"],
            name=op.f("event_report_tenant_id_id_fkey"),
        ),
    )


def _references(table: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", f"{parent}_id"],
        [f"{SCHEMA}.{parent}.tenant_id", f"{SCHEMA}.{parent}.id"],
        name=op.f(f"{table}_tenant_id_{parent}_id_fkey"),
    )


def _number_places() -> None:
    """Who took places before stands in the line by the time of taking them."""
    op.execute(
        f"UPDATE {SCHEMA}.place SET number = line.number, "
        "quota = CASE WHEN place.organisation_id = line.organiser THEN 'host' ELSE 'organisations' END "
        "FROM (SELECT place.tenant_id, place.id, event.organisation_id AS organiser, row_number() OVER "
        f"(PARTITION BY place.tenant_id, event_id ORDER BY place.id) AS number FROM {SCHEMA}.place "
        f"JOIN {SCHEMA}.event ON event.tenant_id = place.tenant_id AND event.id = place.event_id) AS line "
        "WHERE line.tenant_id = place.tenant_id AND line.id = place.id"
    )
    op.execute(
        f"UPDATE {SCHEMA}.event SET registrations = (SELECT count(*) FROM {SCHEMA}.place "
        "WHERE place.tenant_id = event.tenant_id AND place.event_id = event.id)"
    )


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"{table}_{name}_check"), table, condition, schema=SCHEMA)


def _drop_check(table: str, name: str) -> None:
    op.drop_constraint(op.f(f"{table}_{name}_check"), table, schema=SCHEMA)


def _one_per_organisation(name: str, condition: str) -> None:
    op.create_index(
        name,
        "place",
        ["tenant_id", "event_id", "organisation_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text(condition),
    )


def downgrade() -> None:
    op.drop_table("event_report", schema=SCHEMA)
    op.drop_table("calendar_feed", schema=SCHEMA)
    op.drop_index(LIVE, "place", schema=SCHEMA)
    op.execute(
        f"DELETE FROM {SCHEMA}.place WHERE organisation_id IS NULL OR state NOT IN ('taken', 'given_up')"
    )
    _one_per_organisation(TAKEN, "state = 'taken'")
    for name in ("quota", "organisation_or_resident", "state"):
        _drop_check("place", name)
    _check("place", "state", "state IN ('taken', 'given_up')")
    for name in ("tries", "number", "quota", *(name for name, _ in PLACE_NULLABLE)):
        op.drop_column("place", name, schema=SCHEMA)
    op.alter_column("place", "organisation_id", nullable=False, schema=SCHEMA)
    for name in ("reserved", "kind"):
        _drop_check("event", name)
    for name, *_ in (*EVENT_NULLABLE, *EVENT_COLUMNS):
        op.drop_column("event", name, schema=SCHEMA)

"""Events, the days on which they take place and the places taken; what relates an asker to each."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.statements import looked_up
from libs.persistence.tables import one_of, references, tenant_table
from libs.policy.predicates import Asker, Hanging, Predicate
from libs.tenancy.models import TIME, version
from services.platform.relations import RELATIONS

EVENT_STATES = ("draft", "announced", "cancelled")
DELIVERY_MODES = ("room", "online", "hybrid")
PLACE_STATES = ("taken", "given_up")

Bool = sa.ColumnElement[bool]
DEGREES: "sa.Double[float]" = sa.Double()
Row = sa.FromClause

event = tenant_table(
    "event",
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("working_group_id", sa.Uuid()),
    sa.Column("state", sa.Text(), nullable=False, server_default="draft"),
    # the card may be read by everybody; before that, members read what was announced
    sa.Column("published", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("announced_at", TIME),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("title_kana", sa.Text(), nullable=False, server_default=""),
    sa.Column("description", sa.Text(), nullable=False, server_default=""),
    sa.Column("search_key", sa.Text(), nullable=False),
    # the span of its occurrences, kept here because lists are ordered and paged by it
    sa.Column("starts_at", TIME, nullable=False),
    sa.Column("ends_at", TIME),
    # when nothing of it is still to come: `ends_at`, or the end of its last day where no end is stated
    sa.Column("over_at", TIME, nullable=False),
    sa.Column("delivery_mode", sa.Text(), nullable=False),
    sa.Column("venue", sa.Text(), nullable=False, server_default=""),
    sa.Column("address", sa.Text(), nullable=False, server_default=""),
    # degrees, JGD2011
    sa.Column("latitude", DEGREES),
    sa.Column("longitude", DEGREES),
    sa.Column("audience", sa.Text(), nullable=False, server_default=""),
    sa.Column("join_url", sa.Text()),
    sa.Column("url", sa.Text()),
    sa.Column("fee", sa.Text(), nullable=False, server_default=""),
    # persons; null is no limit
    sa.Column("capacity", sa.Integer()),
    # whether places are taken here; an event imported from a city's list has its own way of applying
    sa.Column("reservable", sa.Boolean(), nullable=False),
    sa.Column("deadline", TIME),
    sa.Column("inquiries", sa.Text(), nullable=False, server_default=""),
    sa.Column("cancel_reason", sa.Text()),
    # which row of which published list it was imported from, what that row said, the version that made
    sa.Column("source_ref", sa.Text()),
    sa.Column("source_hash", sa.LargeBinary()),
    sa.Column("source_version", sa.Integer()),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("state", EVENT_STATES),
    one_of("delivery_mode", DELIVERY_MODES),
    sa.CheckConstraint("capacity > 0", name="capacity"),
    sa.Index("event_tenant_id_starts_at_id_idx", "tenant_id", "starts_at", "id"),
    sa.Index("event_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    sa.Index(
        "event_tenant_id_working_group_id_id_idx",
        "tenant_id",
        "working_group_id",
        "id",
        postgresql_where=sa.text("working_group_id IS NOT NULL"),
    ),
    sa.Index(
        "event_tenant_id_source_ref_key",
        "tenant_id",
        "source_ref",
        unique=True,
        postgresql_where=sa.text("source_ref IS NOT NULL"),
    ),
    references("organisation", "organisation_id"),
    references("working_group", "working_group_id"),
)

occurrence = tenant_table(
    "event_occurrence",
    sa.Column("event_id", sa.Uuid(), nullable=False),
    # its place in the list: a change of times keeps the row, so that calendars know it again
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("starts_at", TIME, nullable=False),
    sa.Column("ends_at", TIME),
    sa.Column("all_day", sa.Boolean(), nullable=False),
    # on how many days in a row it takes place at these hours
    sa.Column("days", sa.Integer(), nullable=False),
    # taken out of the event again
    sa.Column("dropped", sa.Boolean(), nullable=False),
    sa.CheckConstraint("days > 0", name="days"),
    sa.CheckConstraint("ends_at > starts_at", name="ends_at"),
    sa.UniqueConstraint("tenant_id", "event_id", "number"),
    references("event", "event_id"),
)

place = tenant_table(
    "place",
    sa.Column("event_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    # persons
    sa.Column("count", sa.Integer(), nullable=False),
    sa.Column("attendees", ARRAY(sa.Text()), nullable=False, server_default="{}"),
    # persons who came
    sa.Column("attended", sa.Integer()),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("state", PLACE_STATES),
    sa.CheckConstraint("count > 0", name="count"),
    sa.CheckConstraint("attended >= 0", name="attended"),
    sa.Index(
        "place_tenant_id_event_id_organisation_id_taken_key",
        "tenant_id",
        "event_id",
        "organisation_id",
        unique=True,
        postgresql_where=sa.text("state = 'taken'"),
    ),
    sa.Index("place_tenant_id_event_id_id_idx", "tenant_id", "event_id", "id"),
    sa.Index("place_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    references("event", "event_id"),
    references("organisation", "organisation_id"),
)


def persons_taken(row: Any, asker: Asker) -> "sa.ColumnElement[int]":  # noqa: ANN401 - a table, an alias or a block's row
    """Persons who have places at the event."""
    held = place.alias("held")
    persons: sa.Select[Any] = sa.select(sa.func.coalesce(sa.func.sum(held.c.count), 0)).where(
        held.c.tenant_id == asker.tenant, held.c.event_id == row.c.id, held.c.state == "taken"
    )
    return persons.scalar_subquery()


def persons_left(row: Any, asker: Asker) -> "sa.ColumnElement[int]":  # noqa: ANN401 - a table, an alias or a block's row
    """Of the event's capacity; null where there is none."""
    return sa.func.greatest(row.c.capacity - persons_taken(row, asker), 0)


def _own(row: Row, asker: Asker) -> Bool:
    return row.c.organisation_id == asker.organisation


def _announced(row: Row, _: Asker) -> Bool:
    return row.c.announced_at.is_not(None)


def _published(row: Row, _: Asker) -> Bool:
    return sa.and_(row.c.published, row.c.announced_at.is_not(None))


def _attending(row: Row, asker: Asker) -> Bool:
    return looked_up(
        sa.select(place.c.id).where(
            place.c.tenant_id == asker.tenant,
            place.c.event_id == row.c.id,
            place.c.organisation_id == asker.organisation,
            place.c.state == "taken",
        )
    )


def _of_event(fact: Predicate) -> Predicate:
    """The fact of the event that the row hangs on."""
    return Hanging("event", event, "event_id", fact)


def _held(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.held


RELATIONS.register("event", "own", _own)
RELATIONS.register("event", "announced", _announced)
RELATIONS.register("event", "published", _published)
RELATIONS.register("event", "attending", _attending)
RELATIONS.register("occurrence", "host", _of_event(_own))
RELATIONS.register("occurrence", "announced", _of_event(_announced))
RELATIONS.register("occurrence", "published", _of_event(_published))
RELATIONS.register("place", "own", _own)
RELATIONS.register("place", "host", _of_event(_own))
RELATIONS.register("place", "holder", _held)

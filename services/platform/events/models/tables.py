"""Events, the days on which they take place, and the places at them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.persistence.tables import one_of, references, tenant_table
from libs.tenancy.models import TIME, version
from services.platform.events.models.codes import (
    DELIVERY_MODES,
    EVENT_KINDS,
    EVENT_STATES,
    PLACE_STATES,
    QUOTAS,
    RESIDENTS,
)

DEGREES: "sa.Double[float]" = sa.Double()

event = tenant_table(
    "event",
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("working_group_id", sa.Uuid()),
    sa.Column("kind", sa.Text(), nullable=False, server_default="other"),
    sa.Column("co_host_ids", ARRAY(sa.Uuid()), nullable=False, server_default="{}"),
    # the first event of the series that it belongs to
    sa.Column("series_id", sa.Uuid()),
    sa.Column("state", sa.Text(), nullable=False, server_default="draft"),
    # the card may be read by everybody; before that, members read what was announced
    sa.Column("published", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("announced_at", TIME),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("title_kana", sa.Text(), nullable=False, server_default=""),
    sa.Column("description", sa.Text(), nullable=False, server_default=""),
    sa.Column("search_key", sa.Text(), nullable=False),
    # from outside: name, affiliation, and whether others than the organiser read of them
    sa.Column("speakers", JSONB(), nullable=False, server_default="[]"),
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
    # of the capacity, kept for these alone
    sa.Column("reserved_host", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("reserved_organisations", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("reserved_residents", sa.Integer(), nullable=False, server_default="0"),
    # whether places are taken here; an event imported from a city's list has its own way of applying
    sa.Column("reservable", sa.Boolean(), nullable=False),
    # whether people without an account register by the public page
    sa.Column("for_residents", sa.Boolean(), nullable=False, server_default="false"),
    # whether the organiser admits each one
    sa.Column("approval", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("questions", JSONB(), nullable=False, server_default="[]"),
    # hours that a place which became free is kept for who waited for it
    sa.Column("offer_hours", sa.Integer(), nullable=False, server_default="48"),
    # hours before its beginning; null is no reminder
    sa.Column("remind_hours", sa.Integer(), server_default="24"),
    # days after its end until names and contacts of participants are erased
    sa.Column("keep_days", sa.Integer(), nullable=False, server_default="30"),
    sa.Column("deadline", TIME),
    sa.Column("inquiries", sa.Text(), nullable=False, server_default=""),
    sa.Column("cancel_reason", sa.Text()),
    # shown in the room, typed by who is there
    sa.Column("attendance_code", sa.Text()),
    # how many registrations came, those given up among them: each has its number in the line
    sa.Column("registrations", sa.Integer(), nullable=False, server_default="0"),
    # the beginning of which participants were reminded
    sa.Column("reminded_of", TIME),
    sa.Column("erased_at", TIME),
    # which row of which published list it was imported from, what that row said, the version that made
    sa.Column("source_ref", sa.Text()),
    sa.Column("source_hash", sa.LargeBinary()),
    sa.Column("source_version", sa.Integer()),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("kind", EVENT_KINDS),
    one_of("state", EVENT_STATES),
    one_of("delivery_mode", DELIVERY_MODES),
    sa.CheckConstraint("capacity > 0", name="capacity"),
    sa.CheckConstraint(
        "least(reserved_host, reserved_organisations, reserved_residents) >= 0 AND "
        "reserved_host + reserved_organisations + reserved_residents <= coalesce(capacity, 0)",
        name="reserved",
    ),
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
        "event_tenant_id_series_id_starts_at_idx",
        "tenant_id",
        "series_id",
        "starts_at",
        postgresql_where=sa.text("series_id IS NOT NULL"),
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
    references("event", "series_id"),
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

# one registration: an organisation's, or that of a resident who has no account
place = tenant_table(
    "place",
    sa.Column("event_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid()),
    sa.Column("quota", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    # the order in which registrations came: that of the waiting list
    sa.Column("number", sa.Integer(), nullable=False),
    # persons
    sa.Column("count", sa.Integer(), nullable=False),
    sa.Column("attendees", ARRAY(sa.Text()), nullable=False, server_default="{}"),
    # persons who came
    sa.Column("attended", sa.Integer()),
    sa.Column("offered_until", TIME),
    # under the event's key, which is erased some days after it: answers, and a resident's name and contact
    sa.Column("sealed", sa.LargeBinary()),
    # a resident's alone, keyed hashes: of the code to come back with, and of the form as it was sent, by
    # which a form that is sent twice is one registration
    sa.Column("code_hash", sa.LargeBinary()),
    sa.Column("form_hash", sa.LargeBinary()),
    # likewise of the mail address: nobody's mailbox is filled by strangers who write it into forms
    sa.Column("address_hash", sa.LargeBinary()),
    # wrong attendance codes
    sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("quota", QUOTAS),
    one_of("state", PLACE_STATES),
    sa.CheckConstraint("count > 0", name="count"),
    sa.CheckConstraint("attended >= 0", name="attended"),
    sa.CheckConstraint(
        f"(organisation_id IS NULL) = (quota = '{RESIDENTS}')", name="organisation_or_resident"
    ),
    sa.UniqueConstraint("tenant_id", "code_hash"),
    sa.UniqueConstraint("tenant_id", "form_hash"),
    sa.Index(
        "place_tenant_id_event_id_organisation_id_live_key",
        "tenant_id",
        "event_id",
        "organisation_id",
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'waiting', 'offered', 'taken')"),
    ),
    sa.Index("place_tenant_id_event_id_id_idx", "tenant_id", "event_id", "id"),
    sa.Index("place_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    references("event", "event_id"),
    references("organisation", "organisation_id"),
)

"""The tables of training. Nothing of a participant is here: names and contacts are the event's."""

import sqlalchemy as sa

from libs.persistence.tables import one_of, references, references_tenant, tenant_table
from libs.tenancy.models import TIME, version
from services.platform.training.models.codes import (
    DISPATCH_STATES,
    EDITIONS,
    EVERY_VENUE,
    LECTURING,
    SOURCES,
    TEXT_STATES,
    VENUES,
)

course_text = tenant_table(
    "course_text",
    sa.Column("edition", sa.Text(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    # as its publisher calls it: 令和6年度試行版
    sa.Column("text_version", sa.Text(), nullable=False),
    sa.Column("language", sa.Text(), nullable=False, server_default="ja"),
    sa.Column("opening_minutes", sa.Integer(), nullable=False),
    sa.Column("lecture_minutes", sa.Integer(), nullable=False),
    sa.Column("survey_minutes", sa.Integer(), nullable=False),
    # how the text is had, and its licence
    sa.Column("materials", sa.Text(), nullable=False, server_default=""),
    sa.Column("state", sa.Text(), nullable=False, server_default="draft"),
    sa.Column("previous_id", sa.Uuid()),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("edition", EDITIONS),
    one_of("state", TEXT_STATES),
    sa.CheckConstraint("least(opening_minutes, lecture_minutes, survey_minutes) >= 0", name="minutes"),
    sa.Index("course_text_tenant_id_previous_id_idx", "tenant_id", "previous_id"),
    references("course_text", "previous_id"),
    references_tenant(),
)

# what a course has beside its event, which holds host, place, times, registration and attendance
course = tenant_table(
    "course",
    sa.Column("event_id", sa.Uuid(), nullable=False),
    sa.Column("text_id", sa.Uuid(), nullable=False),
    sa.Column("venue_category", sa.Text(), nullable=False),
    sa.Column("lecturing", sa.Text(), nullable=False),
    # that the host's own lecturer has understood the text, which is all that is asked of a lecturer
    sa.Column("declared_at", TIME),
    # the school's part of a children's course
    sa.Column("school_contact", sa.Text(), nullable=False, server_default=""),
    sa.Column("school_timing", sa.Text(), nullable=False, server_default=""),
    sa.Column("school_counsellor", sa.Text(), nullable=False, server_default=""),
    sa.Column("school_follow_up", sa.Text(), nullable=False, server_default=""),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("venue_category", VENUES),
    one_of("lecturing", LECTURING),
    sa.UniqueConstraint("tenant_id", "event_id"),
    sa.Index("course_tenant_id_text_id_id_idx", "tenant_id", "text_id", "id"),
    references("event", "event_id"),
    references("course_text", "text_id"),
)

dispatch = tenant_table(
    "course_dispatch",
    sa.Column("course_id", sa.Uuid(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default="requested"),
    # what the host asks for
    sa.Column("wishes", sa.Text(), nullable=False, server_default=""),
    # to whom it was offered last
    sa.Column("person_id", sa.Uuid()),
    sa.Column("source", sa.Text()),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("state", DISPATCH_STATES),
    one_of("source", SOURCES),
    sa.Index(
        "course_dispatch_tenant_id_course_id_live_key",
        "tenant_id",
        "course_id",
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    ),
    sa.Index("course_dispatch_tenant_id_course_id_id_idx", "tenant_id", "course_id", "id"),
    sa.Index("course_dispatch_tenant_id_person_id_id_idx", "tenant_id", "person_id", "id"),
    references("course", "course_id"),
    references("person", "person_id"),
)

# append-only: a corrected report is a later one, and tables as of an earlier day stay as they were
course_report = tenant_table(
    "course_report",
    sa.Column("course_id", sa.Uuid(), nullable=False),
    sa.Column("held_on", sa.Date(), nullable=False),
    sa.Column("reported_on", sa.Date(), nullable=False),
    # heads of the session: whoever came to two sessions is counted in both
    sa.Column("heads", sa.Integer(), nullable=False),
    sa.CheckConstraint("heads >= 0", name="heads"),
    sa.Index(
        "course_report_tenant_id_course_id_reported_on_id_idx", "tenant_id", "course_id", "reported_on", "id"
    ),
    references("course", "course_id"),
)

# append-only: after it a report with this day is not taken any more
period = tenant_table(
    "training_period",
    # reports that came by this day are in it
    sa.Column("reported_by", sa.Date(), nullable=False),
    sa.Column("closed_at", TIME, nullable=False),
    sa.UniqueConstraint("tenant_id", "reported_by"),
    references_tenant(),
)

target = tenant_table(
    "training_target",
    sa.Column("fiscal_year", sa.Integer(), nullable=False),
    sa.Column("venue_category", sa.Text(), nullable=False),
    # null is no target
    sa.Column("sessions", sa.Integer()),
    sa.Column("heads", sa.Integer()),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("venue_category", (*VENUES, EVERY_VENUE)),
    sa.CheckConstraint("least(sessions, heads) >= 0", name="least"),
    sa.UniqueConstraint("tenant_id", "fiscal_year", "venue_category", name="training_target_year_key"),
    references_tenant(),
)

# whose it is stands nowhere: a name is typed when it is printed, and not kept
certificate = tenant_table(
    "certificate",
    sa.Column("course_id", sa.Uuid(), nullable=False),
    # where a resident prints it by the code of their registration
    sa.Column("place_id", sa.Uuid()),
    # keyed hashes: of the code to print it with, and of the one that is printed on it
    sa.Column("claim_hash", sa.LargeBinary(), nullable=False),
    sa.Column("code_hash", sa.LargeBinary(), nullable=False),
    sa.Column("prints", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("revoked_at", TIME),
    version(),
    sa.UniqueConstraint("tenant_id", "claim_hash"),
    sa.UniqueConstraint("tenant_id", "code_hash"),
    sa.Index("certificate_tenant_id_course_id_id_idx", "tenant_id", "course_id", "id"),
    references("course", "course_id"),
    references("place", "place_id"),
)

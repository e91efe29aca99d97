"""Meetings, who was there, minutes and decisions; what relates an asker to each."""

from typing import Any, Final

import sqlalchemy as sa

from libs.persistence.statements import looked_up
from libs.persistence.tables import one_of, references, tenant_table
from libs.policy.predicates import Asker, Predicate
from libs.tenancy.models import TIME, version
from services.platform.groups.models import (
    AUDIENCES,
    QUORUMS,
    in_chaired_group,
    in_group,
    observed,
    seat,
)
from services.platform.relations import RELATIONS

MEETING_STATES: Final = ("called", "cancelled", "held")
STANDINGS: Final = ("present", "apology", "observer")
MINUTES_STATES: Final = ("draft", "agreed", "published")
OUTCOMES: Final = ("adopted", "rejected", "deferred", "noted")
CHOICES: Final = ("in_favour", "against", "abstained")

Bool = sa.ColumnElement[bool]
Row = sa.FromClause

meeting = tenant_table(
    "meeting",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("agenda", sa.Text(), nullable=False, server_default=""),
    sa.Column("starts_at", TIME, nullable=False),
    sa.Column("ends_at", TIME, nullable=False),
    sa.Column("venue", sa.Text(), nullable=False, server_default=""),
    sa.Column("join_url", sa.Text()),
    sa.Column("state", sa.Text(), nullable=False, server_default="called"),
    # as they were when the meeting was held: seats and charters change
    sa.Column("quorum", sa.Text()),
    sa.Column("seats_counted", sa.Integer()),
    sa.Column("seats_present", sa.Integer()),
    sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("state", MEETING_STATES),
    one_of("quorum", QUORUMS),
    sa.Index(
        "meeting_tenant_id_working_group_id_starts_at_idx", "tenant_id", "working_group_id", "starts_at"
    ),
    references("working_group", "working_group_id"),
)

attendance = tenant_table(
    "attendance",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("meeting_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("standing", sa.Text(), nullable=False),
    sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    one_of("standing", STANDINGS),
    sa.UniqueConstraint("tenant_id", "meeting_id", "organisation_id"),
    references("working_group", "working_group_id"),
    references("meeting", "meeting_id"),
    references("organisation", "organisation_id"),
    references("person", "recorded_by_id"),
)

minutes = tenant_table(
    "minutes",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("audience", sa.Text(), nullable=False),
    sa.Column("author_id", sa.Uuid(), nullable=False),
    sa.Column("author_organisation_id", sa.Uuid(), nullable=False),
    sa.Column("meeting_id", sa.Uuid(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("held_on", sa.Date(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default="draft"),
    sa.Column("agreed_by", sa.Text()),
    sa.Column("agreed_at", TIME),
    sa.Column("published_at", TIME),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("audience", AUDIENCES),
    one_of("state", MINUTES_STATES),
    one_of("agreed_by", ("chair", "majority")),
    sa.UniqueConstraint("tenant_id", "meeting_id"),
    sa.Index("minutes_tenant_id_working_group_id_id_idx", "tenant_id", "working_group_id", "id"),
    references("working_group", "working_group_id"),
    references("person", "author_id"),
    references("organisation", "author_organisation_id"),
    references("meeting", "meeting_id"),
)

# an organisation's word for the draft as it stands; a changed draft asks for it anew
agreement = tenant_table(
    "minutes_agreement",
    sa.Column("minutes_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.UniqueConstraint(
        "tenant_id", "minutes_id", "organisation_id", name="minutes_agreement_of_organisation_key"
    ),
    references("minutes", "minutes_id"),
    references("organisation", "organisation_id"),
    references("person", "person_id"),
)

decision = tenant_table(
    "decision",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("meeting_id", sa.Uuid(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False, server_default=""),
    sa.Column("outcome", sa.Text(), nullable=False),
    sa.Column("published", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("created_at", TIME, nullable=False),
    version(),
    one_of("outcome", OUTCOMES),
    sa.Index("decision_tenant_id_meeting_id_idx", "tenant_id", "meeting_id"),
    sa.Index("decision_tenant_id_working_group_id_id_idx", "tenant_id", "working_group_id", "id"),
    references("working_group", "working_group_id"),
    references("meeting", "meeting_id"),
)

# append-only: what was voted, was voted
vote = tenant_table(
    "vote",
    sa.Column("working_group_id", sa.Uuid(), nullable=False),
    sa.Column("decision_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("choice", sa.Text(), nullable=False),
    one_of("choice", CHOICES),
    sa.UniqueConstraint("tenant_id", "decision_id", "organisation_id"),
    references("working_group", "working_group_id"),
    references("decision", "decision_id"),
    references("organisation", "organisation_id"),
)


def day_of(moment: Any) -> "sa.ColumnElement[Any]":  # noqa: ANN401 - a column
    """The day in Japan on which something begins."""
    return sa.cast(sa.func.timezone(sa.literal("Asia/Tokyo"), moment), sa.Date())


def invited(held: Any, seats: Any) -> Bool:  # noqa: ANN401 - a row of meeting, a row of seat
    """The seats of the group on the day of the meeting, observers' too."""
    day = day_of(held.c.starts_at)
    return sa.and_(
        seats.c.working_group_id == held.c.working_group_id,
        seats.c.from_on <= day,
        sa.or_(seats.c.until_on.is_(None), seats.c.until_on > day),
    )


def invites_asker(row: Any, asker: Asker) -> Bool:  # noqa: ANN401 - a row of meeting
    """The asker's organisation has a seat in the group on the day of the meeting."""
    own = seat.alias("own_seat")
    held = sa.select(own.c.id).where(
        own.c.tenant_id == asker.tenant, own.c.organisation_id == asker.organisation, invited(row, own)
    )
    return looked_up(held)


def votes_for(choice: str) -> Any:  # noqa: ANN401 - an expression of a declaration
    def counted(row: Any, asker: Asker) -> "sa.ColumnElement[int]":  # noqa: ANN401 - a row of decision
        found = sa.select(sa.func.count(vote.c.id)).where(
            vote.c.tenant_id == asker.tenant,
            vote.c.decision_id == row.c.id,
            vote.c.choice == sa.literal(choice),
        )
        return found.scalar_subquery()

    return counted


def agreements(row: Any, asker: Asker) -> "sa.ColumnElement[int]":  # noqa: ANN401 - a row of minutes
    found = sa.select(sa.func.count(agreement.c.id)).where(
        agreement.c.tenant_id == asker.tenant, agreement.c.minutes_id == row.c.id
    )
    return found.scalar_subquery()


def _attended(row: Any, asker: Asker) -> Bool:  # noqa: ANN401 - a row of minutes
    there = sa.select(attendance.c.id).where(
        attendance.c.tenant_id == asker.tenant,
        attendance.c.meeting_id == row.c.meeting_id,
        attendance.c.organisation_id == asker.organisation,
        attendance.c.standing == sa.literal("present"),
    )
    return sa.or_(sa.and_(in_group(row, asker), looked_up(there)), in_chaired_group(row, asker))


def _settled(row: Row, _: Asker) -> Bool:
    return row.c.state == "published"


def _published(row: Row, _: Asker) -> Bool:
    return row.c.published


def _own(row: Row, asker: Asker) -> Bool:
    return row.c.author_organisation_id == asker.organisation


def _audience(name: str) -> Predicate:
    return lambda row, _: row.c.audience == name


for _object in ("meeting", "attendance", "minutes", "decision", "vote"):
    RELATIONS.register(_object, "group", in_group)
    RELATIONS.register(_object, "observer", observed)
for _object in ("meeting", "minutes", "decision"):
    RELATIONS.register(_object, "chair", in_chaired_group)
RELATIONS.register("minutes", "own", _own)
RELATIONS.register("minutes", "attended", _attended)
RELATIONS.register("minutes", "settled", _settled)
RELATIONS.register("decision", "published", _published)
for _name in AUDIENCES:
    RELATIONS.register("minutes", f"audience_{_name}", _audience(_name))

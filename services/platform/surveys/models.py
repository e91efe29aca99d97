"""Surveys, their ballot and their answers. No column, order or time joins an answer to who gave it.

An answer has a random id and no time. Who has answered is a set in one row, written anew and sorted with each
answer: no version of a row, and no place in the table, says which of them came with which answer.
"""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.persistence.statements import looked_up
from libs.persistence.tables import one_of, references, tenant_table
from libs.policy.predicates import Asker, Hanging
from libs.reading.declare import Row
from libs.tenancy.models import TIME, version
from services.platform.events.models import place
from services.platform.relations import RELATIONS

STATES: Final = ("draft", "open", "closed")
FEWEST_READ: Final = 5
"""Answers below which nobody reads any of them: of two, one knows one's own."""
MOST_CODES: Final = 500
MOST_ANSWERS: Final = 2_000

Bool = sa.ColumnElement[bool]

survey = tenant_table(
    "survey",
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    # after which event it is asked; null is a survey of its own
    sa.Column("event_id", sa.Uuid()),
    sa.Column("state", sa.Text(), nullable=False, server_default="draft"),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("title_en", sa.Text(), nullable=False, server_default=""),
    sa.Column("introduction", sa.Text(), nullable=False, server_default=""),
    sa.Column("questions", JSONB(), nullable=False),
    # what was opened stays as it was asked: a change is the next edition
    sa.Column("edition", sa.Integer(), nullable=False, server_default="1"),
    sa.Column("previous_id", sa.Uuid()),
    sa.Column("closes_at", TIME, nullable=False),
    sa.Column("opened_at", TIME),
    sa.Column("closed_at", TIME),
    # closed with answers enough that none stands alone
    sa.Column("readable", sa.Boolean(), nullable=False, server_default="false"),
    # everybody may read the results
    sa.Column("published", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    version(),
    one_of("state", STATES),
    sa.CheckConstraint("readable OR NOT published", name="published"),
    sa.Index("survey_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    sa.Index("survey_tenant_id_event_id_id_idx", "tenant_id", "event_id", "id"),
    sa.Index("survey_tenant_id_previous_id_idx", "tenant_id", "previous_id"),
    references("organisation", "organisation_id"),
    references("event", "event_id"),
    references("survey", "previous_id"),
)

# one row a survey, its id the survey's: keyed hashes of codes that wait, and of members who answered
ballot = tenant_table(
    "survey_ballot",
    sa.Column("codes", ARRAY(sa.LargeBinary()), nullable=False, server_default="{}"),
    sa.Column("answered", ARRAY(sa.LargeBinary()), nullable=False, server_default="{}"),
    references("survey", "id"),
)

# append-only; the id is random, never a UUIDv7, whose order is a time
answer = tenant_table(
    "survey_answer",
    sa.Column("survey_id", sa.Uuid(), nullable=False),
    sa.Column("answers", JSONB(), nullable=False),
    sa.Index("survey_answer_tenant_id_survey_id_id_idx", "tenant_id", "survey_id", "id"),
    references("survey", "survey_id"),
)


def answers_of(row: Row, asker: Asker) -> "sa.ColumnElement[int]":
    """How many answers the survey has."""
    given = answer.alias("given")
    counted: sa.Select[int] = sa.select(sa.func.count()).where(
        given.c.tenant_id == asker.tenant, given.c.survey_id == row.c.id
    )
    return counted.scalar_subquery()


def _own(row: Row, asker: Asker) -> Bool:
    return row.c.organisation_id == asker.organisation


def _published(row: Row, _: Asker) -> Bool:
    return sa.and_(row.c.published, row.c.readable)


def _attending(row: Row, asker: Asker) -> Bool:
    """Who holds places at the event is asked, from the opening on."""
    return sa.and_(
        row.c.opened_at.is_not(None),
        looked_up(
            sa.select(place.c.id).where(
                place.c.tenant_id == asker.tenant,
                place.c.event_id == row.c.event_id,
                place.c.organisation_id == asker.organisation,
                place.c.state == "taken",
            )
        ),
    )


def _held(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.held


def _readable(row: Row, asker: Asker) -> Bool:
    return sa.and_(row.c.readable, _own(row, asker))


RELATIONS.register("survey", "own", _own)
RELATIONS.register("survey", "published", _published)
RELATIONS.register("survey", "attending", _attending)
RELATIONS.register("survey", "holder", _held)
RELATIONS.register("survey_answer", "host", Hanging("survey", survey, "survey_id", _readable))

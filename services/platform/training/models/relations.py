"""What relates an asker to texts, courses and what hangs on them. A course's facts are its event's."""

import sqlalchemy as sa

from libs.policy.predicates import Asker, Hanging, Predicate
from services.platform.events.models import event
from services.platform.relations import RELATIONS
from services.platform.training.models.tables import course

Bool = sa.ColumnElement[bool]
Row = sa.FromClause


def _of_event(fact: Predicate) -> Predicate:
    """The event's fact, as that of the course that hangs on it."""
    return Hanging("event", event, "event_id", fact)


def _of_course(fact: Predicate) -> Predicate:
    """The course's fact, as that of the row that hangs on it."""
    return Hanging("course", course, "course_id", fact)


def _own(row: Row, asker: Asker) -> Bool:
    return row.c.organisation_id == asker.organisation


def _announced(row: Row, _: Asker) -> Bool:
    return row.c.announced_at.is_not(None)


def _published(row: Row, _: Asker) -> Bool:
    return sa.and_(row.c.published, row.c.announced_at.is_not(None))


def _no_draft(row: Row, _: Asker) -> Bool:
    return row.c.state != sa.literal("draft")


def _self(row: Row, asker: Asker) -> Bool:
    return sa.and_(row.c.person_id == asker.person, row.c.state != sa.literal("declined"))


def _held(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.held


HOSTED = _of_event(_own)

RELATIONS.register("course_text", "published", _no_draft)
RELATIONS.register("course", "host", HOSTED)
RELATIONS.register("course", "announced", _of_event(_announced))
RELATIONS.register("course", "published", _of_event(_published))
RELATIONS.register("dispatch", "host", _of_course(HOSTED))
RELATIONS.register("dispatch", "self", _self)
RELATIONS.register("certificate", "host", _of_course(HOSTED))
RELATIONS.register("certificate", "holder", _held)

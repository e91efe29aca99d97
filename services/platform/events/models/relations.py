"""What relates an asker to events, their days and the places at them."""

import sqlalchemy as sa

from libs.persistence.statements import looked_up
from libs.policy.predicates import Asker, Hanging, Predicate
from services.platform.events.models.codes import COURSE
from services.platform.events.models.tables import event, place
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]
Row = sa.FromClause


def _own(row: Row, asker: Asker) -> Bool:
    return row.c.organisation_id == asker.organisation


def _announced(row: Row, _: Asker) -> Bool:
    return row.c.announced_at.is_not(None)


def _published(row: Row, _: Asker) -> Bool:
    return sa.and_(row.c.published, row.c.announced_at.is_not(None))


def _no_course(row: Row, _: Asker) -> Bool:
    return row.c.kind != sa.literal(COURSE)


def _co_host(row: Row, asker: Asker) -> Bool:
    return asker.organisation == sa.any_(row.c.co_host_ids)


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
RELATIONS.register("event", "co_host", _co_host)
RELATIONS.register("event", "no_course", _no_course)
RELATIONS.register("occurrence", "host", _of_event(_own))
RELATIONS.register("occurrence", "announced", _of_event(_announced))
RELATIONS.register("occurrence", "published", _of_event(_published))
RELATIONS.register("place", "own", _own)
RELATIONS.register("place", "host", _of_event(_own))
RELATIONS.register("place", "no_course", _of_event(_no_course))
RELATIONS.register("place", "holder", _held)

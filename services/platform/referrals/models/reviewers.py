"""Who may be the second person that looks at a break-glass: nobody who opened it or was let in by it."""

from typing import Any

import sqlalchemy as sa

from libs.policy.predicates import Asker
from libs.reading.declare import Row
from libs.tenancy.models import coordinator_appointment
from services.platform.members.models import a_coordinator, acts_for
from services.platform.referrals.models.break_glass import break_glass_person

Bool = sa.ColumnElement[bool]


def is_second_person(row: Row, asker: Asker) -> Bool:
    """Neither opener nor named; and of another organisation than the opener's, unless all who could review it
    are of that one: a town may have one department alone."""
    return sa.and_(
        _uninvolved(asker.person, row, asker),
        sa.or_(
            sa.not_(acts_for(asker.person, row.c.organisation_id, asker)),
            sa.not_(_somebody(row, asker, outside=True)),
        ),
    )


def somebody_reviews(row: Row, asker: Asker) -> Bool:
    """The platform has a coordinator today who may review it."""
    return _somebody(row, asker, outside=False)


def _somebody(row: Row, asker: Asker, *, outside: bool) -> Bool:
    who = coordinator_appointment.c.person_id
    elsewhere = [sa.not_(acts_for(who, row.c.organisation_id, asker))] if outside else []
    return a_coordinator(asker, _uninvolved(who, row, asker), *elsewhere)


def _uninvolved(who: "sa.ColumnElement[Any]", row: Row, asker: Asker) -> Bool:
    named = break_glass_person.alias("named")
    is_named: sa.Select[Any] = sa.select(named.c.id).where(
        named.c.tenant_id == asker.tenant, named.c.break_glass_id == row.c.id, named.c.person_id == who
    )
    # asked of the coordinators of a break-glass: it stands two selects further out
    is_named = is_named.correlate_except(named)
    return sa.and_(row.c.opener_id != who, sa.not_(sa.exists(is_named)))

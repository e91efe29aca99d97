"""A course's state, and what was reported of it, as SQL: derived from its event and its newest report."""

from typing import Any

import sqlalchemy as sa

from libs.japan.calendar import JST
from libs.policy.predicates import Asker
from services.platform.events.models import event
from services.platform.training.models.tables import course_report

Element = sa.ColumnElement[Any]


def course_state(row: Any, asker: Asker) -> Element:  # noqa: ANN401 - a table, an alias or a block's row
    """One of COURSE_STATES."""
    of = event.alias("state_of")
    said: sa.Select[Any] = sa.select(
        sa.case(
            (of.c.state == sa.literal("cancelled"), sa.literal("cancelled")),
            (heads_reported(row, asker).is_not(None), sa.literal("reported")),
            (of.c.state == sa.literal("draft"), sa.literal("planned")),
            (of.c.over_at <= asker.now, sa.literal("held")),
            else_=sa.literal("announced"),
        )
    ).where(of.c.tenant_id == asker.tenant, of.c.id == row.c.event_id)
    return said.scalar_subquery()


def held_on(row: Any, asker: Asker) -> Element:  # noqa: ANN401 - likewise
    """The day of its beginning in Japan."""
    of = event.alias("held_of")
    said: sa.Select[Any] = sa.select(day_of(of)).where(
        of.c.tenant_id == asker.tenant, of.c.id == row.c.event_id
    )
    return said.scalar_subquery()


def day_of(row: Any) -> Element:  # noqa: ANN401 - an event's row
    return sa.cast(sa.func.timezone(sa.literal(JST.key), row.c.starts_at), sa.Date())


def heads_reported(row: Any, asker: Asker) -> Element:  # noqa: ANN401 - likewise
    return _newest(row, asker, "heads")


def reported_on(row: Any, asker: Asker) -> Element:  # noqa: ANN401 - likewise
    return _newest(row, asker, "reported_on")


def _newest(row: Any, asker: Asker, column: str) -> Element:  # noqa: ANN401 - likewise
    """Of the report that counts today; null where there is none."""
    told = course_report.alias(f"newest_{column}")
    said: sa.Select[Any] = (
        sa.select(told.c[column])
        .where(told.c.tenant_id == asker.tenant, told.c.course_id == row.c.id)
        .order_by(told.c.reported_on.desc(), told.c.id.desc())
        .limit(sa.literal_column("1"))
    )
    return said.scalar_subquery()

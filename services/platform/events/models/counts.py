"""Persons at an event, as SQL: who has places, who waits, and how many seats are left for the asker."""

from typing import Any

import sqlalchemy as sa

from libs.persistence.statements import among, looked_up
from libs.policy.predicates import Asker
from services.platform.events.models.codes import HOLDING, HOST, ORGANISATIONS, QUOTAS, RESIDENTS
from services.platform.events.models.tables import place

Number = sa.ColumnElement[int]
NONE: Any = sa.literal(0)


def persons_taken(row: Any, asker: Asker) -> Number:  # noqa: ANN401 - a table, an alias or a block's row
    """Persons who have places at the event."""
    return _persons(row, asker, "taken")


def persons_waiting(row: Any, asker: Asker) -> Number:  # noqa: ANN401 - likewise
    return _persons(row, asker, "waiting")


def persons_left(row: Any, asker: Asker) -> Number:  # noqa: ANN401 - likewise
    """Of the seats that the asker may take; null where there is no limit."""
    held = place.alias("held")
    sums = {
        quota: sa.func.coalesce(sa.func.sum(held.c.count).filter(held.c.quota == sa.literal(quota)), NONE)
        for quota in QUOTAS
    }
    reserved = {quota: row.c[f"reserved_{quota}"] for quota in QUOTAS}
    beyond: Any = sum((_over(sums[quota], reserved[quota]) for quota in QUOTAS), start=NONE)
    common = _over(row.c.capacity, sum(reserved.values(), start=NONE) + beyond)
    own = sa.case(
        (asker.organisation.is_(None), _over(reserved[RESIDENTS], sums[RESIDENTS])),
        (is_host(row, asker), _over(reserved[HOST], sums[HOST])),
        else_=_over(reserved[ORGANISATIONS], sums[ORGANISATIONS]),
    )
    counted: sa.Select[Any] = sa.select(common + own).where(
        held.c.tenant_id == asker.tenant, held.c.event_id == row.c.id, among(held.c.state, HOLDING)
    )
    return sa.case((row.c.capacity.is_not(None), counted.scalar_subquery()))


def is_host(row: Any, asker: Asker) -> "sa.ColumnElement[bool]":  # noqa: ANN401 - likewise
    """Whether the asker's organisation holds the event, alone or with others."""
    return sa.or_(
        row.c.organisation_id == asker.organisation, asker.organisation == sa.any_(row.c.co_host_ids)
    )


def is_mine(row: Any, asker: Asker) -> "sa.ColumnElement[bool]":  # noqa: ANN401 - likewise
    """Whether the asker's organisation holds the event or has places at it."""
    held = place.alias("own_places")
    return sa.or_(
        is_host(row, asker),
        looked_up(
            sa.select(held.c.id).where(
                held.c.tenant_id == asker.tenant,
                held.c.event_id == row.c.id,
                held.c.organisation_id == asker.organisation,
                held.c.state == sa.literal("taken"),
            )
        ),
    )


def _persons(row: Any, asker: Asker, state: str) -> Number:  # noqa: ANN401 - likewise
    held = place.alias(f"{state}_places")
    persons: sa.Select[Any] = sa.select(sa.func.coalesce(sa.func.sum(held.c.count), NONE)).where(
        held.c.tenant_id == asker.tenant, held.c.event_id == row.c.id, held.c.state == sa.literal(state)
    )
    return persons.scalar_subquery()


def _over(many: Any, few: Any) -> Any:  # noqa: ANN401 - numbers of SQL
    return sa.func.greatest(many - few, NONE)

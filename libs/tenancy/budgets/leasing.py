"""Buckets in the database, and the one statement that leases from them.

A tenant's own bucket has the tenant's id, a person's the person's, and all who ask without being a person of
the tenant share `NOBODY`'s. The clock is the database's, so processes need not agree on the time.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as insert_or

from libs.persistence.actor import SYSTEM
from libs.persistence.database import Database
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT, references_tenant, tenant_table
from libs.persistence.work import Work
from libs.tenancy.budgets.terms import Rate

UNITS: Final = sa.Double[float]()
NOBODY: Final = uuid.UUID(int=0)

budget = tenant_table(
    "budget",
    sa.Column("level", UNITS, nullable=False),
    sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
    references_tenant(),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """`wanted` more units of one bucket; less than nothing gives back."""

    id: uuid.UUID
    wanted: float
    rate: Rate


@dataclass(frozen=True, slots=True)
class Grant:
    """What was leased, and what is left in the bucket."""

    granted: float
    level: float


async def lease(database: Database, tenant_id: uuid.UUID, asks: Sequence[Ask]) -> dict[uuid.UUID, Grant]:
    """One short transaction; a bucket that nobody has asked before begins full."""
    async with database.work(tenant_id, SYSTEM) as work:
        # a crash may forget the last leases: that costs nobody anything, waiting for the disk would
        await work.rows(UNHURRIED)
        granted = await _leased(work, asks)
        if new := [ask for ask in asks if ask.id not in granted]:
            await work.rows(BEGIN_FULL, **_places(new))
            granted |= await _leased(work, new)
    return granted


async def _leased(work: Work, asks: Sequence[Ask]) -> dict[uuid.UUID, Grant]:
    rows = await work.rows(LEASE, **_places(asks))
    return {row["id"]: Grant(row["granted"], row["level"]) for row in rows}


def _places(asks: Sequence[Ask]) -> dict[str, Any]:
    return {
        "ids": [ask.id for ask in asks],
        "wanted": [ask.wanted for ask in asks],
        "rates": [ask.rate.per_second for ask in asks],
        "bursts": [ask.rate.burst for ask in asks],
    }


def _asked(*names: str) -> sa.TableValuedAlias:
    """The asks as rows; `names` are the lists of numbers beside `ids`."""
    lists = [sa.bindparam("ids", type_=ARRAY(sa.Uuid()))]
    lists += [sa.bindparam(name, type_=ARRAY(UNITS)) for name in names]
    columns = [sa.column("id", sa.Uuid()), *(sa.column(name, UNITS) for name in names)]
    return sa.func.unnest(*lists).table_valued(*columns).render_derived("asked")


def _lease() -> Statement:
    """Rows are locked in one order, so that processes which lease for the same people never deadlock.

    What was given back beyond the burst is cut off when the bucket is next looked at.
    """
    asked = _asked("wanted", "rates", "bursts")
    nothing = sa.literal_column("0::double precision", UNITS)
    seconds = sa.cast(sa.func.extract("epoch", sa.func.now() - budget.c.as_of), UNITS)
    filled = (
        sa.select(
            budget.c.id,
            asked.c.wanted,
            sa.func.least(
                asked.c.bursts, budget.c.level + asked.c.rates * sa.func.greatest(seconds, nothing)
            ).label("level"),
        )
        .where(budget.c.tenant_id == TENANT, budget.c.id == asked.c.id)
        .order_by(budget.c.id)
        .with_for_update(of=budget)
        .cte("filled")
    )
    granted = sa.func.least(filled.c.wanted, sa.func.greatest(filled.c.level, nothing))
    return Statement(
        sa.update(budget)
        .where(budget.c.tenant_id == TENANT, budget.c.id == filled.c.id)
        .values(
            level=filled.c.level - granted,
            as_of=sa.func.greatest(budget.c.as_of, sa.func.now()),
        )
        .returning(budget.c.id, granted.label("granted"), budget.c.level)
    )


def _begin_full() -> Statement:
    asked = _asked("bursts")
    full = sa.select(TENANT, asked.c.id, asked.c.bursts, sa.func.now())
    return Statement(
        insert_or(budget).from_select(["tenant_id", "id", "level", "as_of"], full).on_conflict_do_nothing()
    )


LEASE = _lease()
BEGIN_FULL = _begin_full()
UNHURRIED = Statement(sa.text("SET LOCAL synchronous_commit TO off"))

"""From grants to SQL: the features register one predicate for each (object, fact), and lists, counts, single
objects and mutations are filtered by the same ones. This room knows no feature.

    decided = settle(grants.row("referral"), frozenset({"tenant"}))
    open_to_asker = where(decided, "referral", table, relations)
    rows = select(table).where(table.c.tenant_id == ASKER.tenant, open_to_asker)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from libs.persistence.statements import looked_up
from libs.policy.grants import Grant, Grants
from libs.policy.relations import (
    EVERYONE,
    FACTS,
    LAWFUL_BASES,
    NOBODY,
    OF_THE_ASKER,
    TENANT,
    Conjunction,
    Relation,
    with_implied,
)
from libs.policy.routing import check_tenant_named
from libs.policy.steps import Steps

Predicate = Callable[[sa.FromClause, "Asker"], sa.ColumnElement[bool]]


def _uuid(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=sa.Uuid())


@dataclass(frozen=True)
class Asker:
    """The asking side of every predicate, as parameters with fixed names: one statement serves all askers.

    `held` is the one object that a holder's code or link opens. `item` is what a reveal is about to open, by
    which `consent` is judged; null, it holds for nothing. `today` is the day of the tenant's time zone.
    """

    tenant: sa.BindParameter[Any] = field(default_factory=lambda: _uuid("viewer_tenant"))
    person: sa.BindParameter[Any] = field(default_factory=lambda: _uuid("viewer_person"))
    organisation: sa.BindParameter[Any] = field(default_factory=lambda: _uuid("viewer_organisation"))
    held: sa.BindParameter[Any] = field(default_factory=lambda: _uuid("viewer_held"))
    item: sa.BindParameter[Any] = field(default_factory=lambda: sa.bindparam("viewer_item", type_=sa.Text()))
    today: sa.BindParameter[Any] = field(
        default_factory=lambda: sa.bindparam("viewer_today", type_=sa.Date())
    )
    now: sa.BindParameter[Any] = field(
        default_factory=lambda: sa.bindparam("viewer_now", type_=sa.DateTime(timezone=True))
    )


ASKER: Final = Asker()
# no sa.false(): beside it SQLAlchemy drops every other condition, and with them the tenant's
NEVER: Final[sa.ColumnElement[bool]] = sa.literal_column("false", sa.Boolean())


@dataclass(frozen=True)
class Above:
    """The row of `object` that is being read around a row which names it by `column`."""

    object: str
    row: Any
    column: str


@dataclass(frozen=True)
class Hanging:
    """A fact of the row of `object` (in `table`) that the asked row names by `column`, and that has what the
    asked row has in the columns `alike`.

    Where that row is being read already, the fact is read off it; else it is looked up.
    """

    object: str
    table: sa.Table
    column: str
    fact: Predicate
    alike: tuple[str, ...] = ()

    def __call__(self, row: sa.FromClause, asker: Asker) -> sa.ColumnElement[bool]:
        parent = self.table.alias(f"of_{self.table.name}")
        return looked_up(
            sa.select(parent.c.id).where(
                parent.c.tenant_id == asker.tenant,
                parent.c.id == row.c[self.column],
                self.fact(parent, asker),
                *self.same(parent, row),
            )
        )

    def of(self, above: Above | None, asker: Asker) -> sa.ColumnElement[bool] | None:
        """The fact of the row above, if that is the row in question."""
        if above is None or (above.object, above.column) != (self.object, self.column):
            return None
        return self.fact(above.row, asker)

    def same(self, parent: Any, row: sa.FromClause) -> list[sa.ColumnElement[bool]]:  # noqa: ANN401 - a row
        return [parent.c[column] == row.c[column] for column in self.alike]


class UnregisteredRelation(LookupError):
    """A rule names a fact for which the object's feature has no SQL: nothing is read, and a fault of ours."""


class Relations:
    """The SQL of each fact for each object, each registered once; `steps` are what is done to the objects."""

    def __init__(self) -> None:
        self.steps = Steps()
        self._predicates: dict[tuple[str, Relation], Predicate] = {}
        self._checked: set[tuple[str, Relation]] = set()

    def register(self, object: str, relation: Relation, predicate: Predicate) -> None:
        """Called by the feature that owns the object. Raises ValueError for a second one, for a name that is
        not on the list and for facts of the asker, which have no SQL."""
        if relation not in FACTS or relation in OF_THE_ASKER:
            raise ValueError(f"{relation} is no fact of a row")
        if (object, relation) in self._predicates:
            raise ValueError(f"{relation} of {object} is registered already")
        self._predicates[object, relation] = predicate

    def registered(self) -> frozenset[tuple[str, Relation]]:
        return frozenset(self._predicates)

    def missing(self, grants: Grants) -> frozenset[tuple[str, Relation]]:
        """Facts that these grants need and nobody registered: for the start of a service and its tests."""
        cells = (*grants.fields.items(), *grants.actions.items())
        needed = {(name, part) for (name, _), grant in cells for way in grant.ways for part in way}
        return frozenset(cell for cell in needed if cell[1] not in OF_THE_ASKER) - self.registered()

    def predicate(
        self,
        object: str,
        relation: Relation,
        row: sa.FromClause,
        asker: Asker,
        above: Above | None = None,
    ) -> sa.ColumnElement[bool]:
        """Whether the fact holds between `row` and the asker. Raises TenantNotNamed, see `routing`."""
        try:
            made = self._predicates[object, relation]
        except KeyError:
            raise UnregisteredRelation(object, relation) from None
        if isinstance(made, Hanging) and above and (known := made.of(above, asker)) is not None:
            return sa.and_(known, *made.same(above.row, row))
        clause = made(row, asker)
        if (object, relation) not in self._checked:  # a third of the time that a statement takes to compile
            check_tenant_named(clause, row, asker.tenant)
            self._checked.add((object, relation))
        return clause


def settle(grant: Grant, facts_of_asker: frozenset[Relation]) -> bool | Grant:
    """Decide what depends on the asker alone (`tenant` for active members), before SQL.

    True: every row. False: none. Else the rest, of which every way needs SQL."""
    known = (facts_of_asker | {EVERYONE}) - {NOBODY}
    open_ways = (way - known for way in grant.ways if _can_hold(way, known))
    left = frozenset(way for way in open_ways if not way & OF_THE_ASKER)
    ways = frozenset(way for way in left if not any(other < way for other in left))
    if frozenset() in ways:
        return True
    return Grant(ways) if ways else False


def _can_hold(way: Conjunction, known: frozenset[Relation]) -> bool:
    """A seat is a member's: an applicant or suspended organisation that still has one has no use of it."""
    return TENANT in known or TENANT not in with_implied(way)


def where(  # noqa: PLR0913 - a grant, of what, and all that gives it SQL
    grant: bool | Grant,
    object: str,
    row: sa.FromClause,
    relations: Relations,
    asker: Asker = ASKER,
    above: Above | None = None,
) -> sa.ColumnElement[bool]:
    """The rows that a settled grant opens: OR of ANDs, facts common to all ways asked once."""
    if isinstance(grant, bool):
        return sa.true() if grant else NEVER
    if not grant.ways or frozenset() in grant.ways:
        return sa.true() if grant.ways else NEVER
    common = frozenset[Relation].intersection(*grant.ways)
    rest = sorted((way - common for way in grant.ways), key=sorted)

    def all_of(way: Conjunction) -> list[sa.ColumnElement[bool]]:
        return [relations.predicate(object, part, row, asker, above) for part in sorted(way)]

    if frozenset() in rest:
        return sa.and_(*all_of(common))
    # PostgreSQL asks the arms of an OR in their order: what the row itself tells comes first, then what is
    # looked up; lawful bases, which hold for the fewest, last
    arms = [(bool(way & LAWFUL_BASES), sa.and_(*all_of(way))) for way in rest]
    arms.sort(key=lambda arm: (arm[0], _looks_up(arm[1])))
    return sa.and_(*all_of(common), sa.or_(*(clause for _, clause in arms)))


def _looks_up(clause: sa.ColumnElement[bool]) -> bool:
    """Whether other rows are asked for each row."""
    return any(isinstance(part, sa.Exists) for part in visitors.iterate(clause))

"""A block: the only thing that touches a table. It names the tenant and carries the row policy, always."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.expression import ColumnElement, FromClause

from libs.policy.access import Access
from libs.policy.grants import Grant
from libs.policy.predicates import Above
from libs.reading.declare import Row, Stored

Conditions = Callable[[Row], Sequence[ColumnElement[bool]]]


class Columns:
    """Columns of a named alias as plain text, so that SQLAlchemy does not try to place its FROM."""

    def __init__(self, alias: str, table: sa.Table) -> None:
        self._alias = alias
        self._table = table

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        return self[name]

    def __getitem__(self, name: str) -> ColumnElement[Any]:
        return sa.literal_column(f'{self._alias}."{name}"', self._table.c[name].type)


@dataclass(frozen=True, slots=True)
class Block:
    """One row of a block, seen from the JSON around it."""

    stored: Stored
    alias: str
    source: FromClause
    numbered: bool = False

    @property
    def c(self) -> Columns:
        return Columns(self.alias, self.stored.table)

    def extra(self, name: str, type_: Any = None) -> ColumnElement[Any]:  # noqa: ANN401
        return sa.literal_column(f"{self.alias}.{name}", type_ or sa.Boolean())

    def opens(self, grant: Grant) -> ColumnElement[bool]:
        """The block has computed each relation once; null (nobody is addressed) counts as closed."""
        ways = [
            sa.and_(*(self.extra(f"_rel_{name}") for name in sorted(way)))
            for way in sorted(grant.ways, key=sorted)
        ]
        return sa.or_(*ways)


class Blocks:
    """Makes blocks of one statement, each under an alias of its own."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._count = 0

    def alias(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    def block(  # noqa: PLR0913 - a block is all of this
        self,
        stored: Stored,
        conditions: Conditions,
        *,
        parent: Row | None = None,
        relations: Iterable[str] = (),
        order: Callable[[Row], Sequence[ColumnElement[Any]]] | None = None,
        limit: ColumnElement[Any] | int | None = None,
        numbered: bool = False,
        judged: Sequence[bool | Grant] = (),
    ) -> Block:
        """`judged`: the grants by which the conditions judge each row already."""
        table = stored.table.alias(self.alias("t"))
        narrowed = conditions(table)
        above = _above(parent, narrowed)
        columns: list[ColumnElement[Any]] = list(table.c)
        columns += [
            self._predicate(stored, name, table, above).label(f"_rel_{name}") for name in sorted(relations)
        ]
        ordering = list(order(table)) if order else []
        if numbered:
            columns.append(sa.func.row_number().over(order_by=ordering).label("_rn"))
        statement = sa.select(*columns).where(*self._conditions(stored, table, narrowed, above, judged))
        if ordering:
            statement = statement.order_by(*ordering)
        if limit is not None:
            statement = statement.limit(limit)
        alias = self.alias("b")
        return Block(stored, alias, statement.subquery(alias), numbered)

    def single(self, stored: Stored, conditions: Conditions, relations: Iterable[str]) -> Block:
        """At most one row. A row named by its id is one by the primary key and needs no LIMIT to say so;
        where relations are computed, LIMIT keeps them from being computed once for each field."""
        fenced = bool(relations) or not _is_named(conditions(stored.table))
        return self.block(
            stored, conditions, relations=relations, limit=sa.literal_column("1") if fenced else None
        )

    def count(
        self,
        stored: Stored,
        conditions: Conditions,
        parent: Row | None = None,
        judged: Sequence[bool | Grant] = (),
    ) -> ColumnElement[int]:
        """How many rows the asker may find."""
        table = stored.table.alias(self.alias("t"))
        narrowed = conditions(table)
        statement = sa.select(sa.func.count()).select_from(table)
        found = self._conditions(stored, table, narrowed, _above(parent, narrowed), judged)
        return statement.where(*found).scalar_subquery()

    def keys(
        self,
        stored: Stored,
        conditions: Conditions,
        columns: Callable[[Row], Sequence[ColumnElement[Any]]],
        parent: Row | None = None,
    ) -> "sa.Select[Any]":
        """Only some columns of the rows, for merging several types before any JSON is made."""
        table = stored.table.alias(self.alias("t"))
        narrowed = conditions(table)
        found = self._conditions(stored, table, narrowed, _above(parent, narrowed))
        return sa.select(*columns(table)).where(*found)

    def is_open(
        self, stored: Stored, grant: bool | Grant, row: Row, above: Above | None = None
    ) -> ColumnElement[bool]:
        """A field's grant as a condition over a table's row, for filters."""
        return self.access.condition(grant, stored.object, cast("FromClause", row), above)

    def _conditions(
        self,
        stored: Stored,
        table: FromClause,
        narrowed: Sequence[ColumnElement[bool]],
        above: Above | None,
        judged: Sequence[bool | Grant] = (),
    ) -> list[ColumnElement[bool]]:
        found = [table.c.tenant_id == self.access.asker.tenant, *narrowed]
        rows = self.access.rows(stored.object)
        if rows is not True and not any(_is_within(grant, rows) for grant in judged):
            found.append(self.is_open(stored, rows, table, above))
        return found

    def _predicate(
        self, stored: Stored, relation: str, row: FromClause, above: Above | None
    ) -> ColumnElement[bool]:
        access = self.access
        return access.relations.predicate(stored.object, relation, row, access.asker, above)


def _is_within(judged: bool | Grant, rows: bool | Grant) -> bool:
    """Whether who passed the one would pass the other: then it is not asked a second time."""
    return isinstance(judged, Grant) and isinstance(rows, Grant) and judged.within(rows)


def _is_named(conditions: Sequence[ColumnElement[bool]]) -> bool:
    """Whether one of them says `id = …` of the row itself."""
    return any(column.name == "id" for column, _ in _equalities(conditions))


def _above(parent: Row | None, conditions: Sequence[ColumnElement[bool]]) -> Above | None:
    """The row around, where one of the conditions says that this row names it."""
    if isinstance(parent, Block):
        identity = parent.c.id
        for column, other in _equalities(conditions):
            if isinstance(other, sa.ColumnClause) and other.is_literal and other.name == identity.name:
                return Above(parent.stored.object, parent, column.name)
    return None


def _equalities(conditions: Sequence[ColumnElement[bool]]) -> Iterator[tuple["sa.Column[Any]", object]]:
    """Each `column = something` of the row itself, with the other side."""
    for each in conditions:
        if isinstance(each, BinaryExpression) and each.operator is operators.eq:
            left, right = cast("object", each.left), cast("object", each.right)
            for column, other in ((left, right), (right, left)):
                if isinstance(column, sa.Column):
                    yield column, other

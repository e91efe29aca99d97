"""A block: the only thing that touches a table. It names the tenant and carries the row policy, always."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.expression import ColumnElement, FromClause

from libs.policy.access import Access
from libs.policy.grants import Grant
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
        relations: Iterable[str] = (),
        order: Callable[[Row], Sequence[ColumnElement[Any]]] | None = None,
        limit: ColumnElement[Any] | int | None = None,
        numbered: bool = False,
    ) -> Block:
        table = stored.table.alias(self.alias("t"))
        columns: list[ColumnElement[Any]] = list(table.c)
        columns += [self._predicate(stored, name, table).label(f"_rel_{name}") for name in sorted(relations)]
        ordering = list(order(table)) if order else []
        if numbered:
            columns.append(sa.func.row_number().over(order_by=ordering).label("_rn"))
        filters = self._conditions(stored, table, conditions)
        statement = sa.select(*columns).where(*filters)
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

    def count(self, stored: Stored, conditions: Conditions) -> ColumnElement[int]:
        """How many rows the asker may find."""
        table = stored.table.alias(self.alias("t"))
        statement = sa.select(sa.func.count()).select_from(table)
        return statement.where(*self._conditions(stored, table, conditions)).scalar_subquery()

    def keys(
        self,
        stored: Stored,
        conditions: Conditions,
        columns: Callable[[Row], Sequence[ColumnElement[Any]]],
    ) -> "sa.Select[Any]":
        """Only some columns of the rows, for merging several types before any JSON is made."""
        table = stored.table.alias(self.alias("t"))
        return sa.select(*columns(table)).where(*self._conditions(stored, table, conditions))

    def is_open(self, stored: Stored, grant: bool | Grant, row: Row) -> ColumnElement[bool]:
        """A field's grant as a condition over a table's row, for filters."""
        return self.access.condition(grant, stored.object, cast("FromClause", row))

    def _conditions(
        self,
        stored: Stored,
        table: FromClause,
        conditions: Conditions,
    ) -> list[ColumnElement[bool]]:
        asker = self.access.asker
        found = [table.c.tenant_id == asker.tenant, *conditions(table)]
        if stored.only is not None:
            found.append(stored.only(table, asker))
        rows = self.access.rows(stored.object)
        if rows is not True:
            found.append(self.is_open(stored, rows, table))
        return found

    def _predicate(self, stored: Stored, relation: str, row: FromClause) -> ColumnElement[bool]:
        return self.access.relations.predicate(stored.object, relation, row, self.access.asker)


def _is_named(conditions: Sequence[ColumnElement[bool]]) -> bool:
    """Whether one of them says `id = …` of the row itself."""
    return any(
        isinstance(each, BinaryExpression)
        and each.operator is operators.eq
        and _is_id(cast("object", each.left))
        for each in conditions
    )


def _is_id(side: object) -> bool:
    return isinstance(side, sa.Column) and side.name == "id"

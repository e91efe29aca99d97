"""Every query block names its tenant: `tenant_id = :viewer_tenant` for each of its tables.

That is what routes a statement to one shard on Citus (a correlated sub-query with `a.tenant_id = b.tenant_id`
alone asks them all), and a second wall beside row-level security. A predicate that forgets it is refused.
"""

from collections.abc import Iterator
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, Grouping
from sqlalchemy.sql.selectable import AliasedReturnsRows, Join, SelectBase
from sqlalchemy.sql.visitors import ExternallyTraversible

TENANT_COLUMN: Final = "tenant_id"

_Block = sa.Select[Any]


class TenantNotNamed(TypeError):
    """A block reads a table without `tenant_id = :viewer_tenant`: a fault of the feature that wrote it."""


def check_tenant_named(
    clause: sa.ColumnElement[bool], row: sa.FromClause, tenant: sa.BindParameter[Any]
) -> None:
    """Raise TenantNotNamed at the first block below `clause` that forgets it; `row`'s own is its reader's."""
    _walk(clause, frozenset({row}), tenant)


def _walk(
    element: ExternallyTraversible, outer: frozenset[sa.FromClause], tenant: sa.BindParameter[Any]
) -> None:
    around = outer
    if isinstance(element, sa.Select):
        block = cast("_Block", element)
        tables = frozenset(_tables(block)) - outer
        _check_block(block, tables, tenant)
        around = outer | tables
    for child in element.get_children():
        _walk(child, around, tenant)


def _check_block(block: _Block, tables: frozenset[sa.FromClause], tenant: sa.BindParameter[Any]) -> None:
    named = frozenset(table for condition in _conditions(block) for table in _named(condition, tenant))
    for table in tables - named:
        if TENANT_COLUMN in table.c and not _is_block_itself(table):
            raise TenantNotNamed(f"{table} is read without {TENANT_COLUMN} = :{tenant.key}")


def _is_block_itself(source: sa.FromClause) -> bool:
    """A sub-query in FROM is checked when the walk reaches it."""
    return isinstance(source, AliasedReturnsRows) and isinstance(source.element, SelectBase)


def _tables(block: _Block) -> Iterator[sa.FromClause]:
    for source in block.get_final_froms():
        yield from _sides(source)


def _sides(source: sa.FromClause) -> Iterator[sa.FromClause]:
    if isinstance(source, Join):
        yield from _sides(source.left)
        yield from _sides(source.right)
    else:
        yield source


def _conditions(block: _Block) -> Iterator[object]:
    yield block.whereclause
    for source in block.get_final_froms():
        yield from _joined_on(source)


def _joined_on(source: sa.FromClause) -> Iterator[object]:
    if isinstance(source, Join):
        yield source.onclause
        yield from _joined_on(source.left)
        yield from _joined_on(source.right)


def _named(condition: object, tenant: sa.BindParameter[Any]) -> Iterator[sa.FromClause]:
    """Tables that the condition as a whole ties to the asker's tenant: through AND, never OR or NOT."""
    match condition:
        case BooleanClauseList() if condition.operator is operators.and_:
            for part in condition.clauses:
                yield from _named(part, tenant)
        case Grouping():
            yield from _named(cast("object", condition.element), tenant)
        case BinaryExpression() if condition.operator is operators.eq:
            yield from _tied(cast("object", condition.left), cast("object", condition.right), tenant)
            yield from _tied(cast("object", condition.right), cast("object", condition.left), tenant)
        case _:
            return


def _tied(column: object, value: object, tenant: sa.BindParameter[Any]) -> Iterator[sa.FromClause]:
    if (
        isinstance(column, sa.ColumnClause)
        and column.key == TENANT_COLUMN
        and column.table is not None
        and isinstance(value, sa.BindParameter)
        and value.key == tenant.key
    ):
        yield column.table

"""One statement that counts, for one asker, the rows that open or close cell by cell between two policies."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from libs.persistence.statements import Statement
from libs.policy.access import Access
from libs.policy.grants import Cell
from libs.policy.predicates import ASKER
from libs.policy.rules import Policy
from libs.policy.vocabulary import READ
from libs.reading.declare import Stored

Tables = Mapping[str, Sequence[Stored]]
"""The tables that show each object."""

Bool = sa.ColumnElement[bool]


def counting(before: Access, after: Access, cells: Sequence[Cell], stored: Stored) -> Statement:
    """Columns gained0, lost0, gained1, … in the order of the cells, over the rows that either finds."""
    columns: list[sa.ColumnElement[Any]] = []
    for number, cell in enumerate(cells):
        was, will = _open(before, cell, stored), _open(after, cell, stored)
        columns.append(_rows(will, was).label(f"gained{number}"))
        columns.append(_rows(was, will).label(f"lost{number}"))
    rows = sa.select(*columns).select_from(stored.table).where(stored.table.c.tenant_id == ASKER.tenant)
    return Statement(rows.where(sa.or_(_found(before, stored), _found(after, stored))))


def _open(access: Access, cell: Cell, stored: Stored) -> Bool:
    name, act = cell
    # the fields of a group are open alike
    first = Policy.baseline().fields_of[name][0] if act == READ else cell
    grant = access.field(*first) if act == READ else access.action(*first)
    open_ = sa.and_(_found(access, stored), access.condition(grant, stored.object, stored.table))
    return sa.func.coalesce(open_, sa.literal_column("false", sa.Boolean()))


def _found(access: Access, stored: Stored) -> Bool:
    return access.condition(access.rows(stored.object), stored.object, stored.table)


def _rows(open_: Bool, other: Bool) -> sa.ColumnElement[int]:
    return sa.func.count().filter(sa.and_(open_, sa.not_(other)))

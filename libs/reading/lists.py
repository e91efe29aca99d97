"""Lists: a page of rows as a JSON array. Connections, which say more of the page, stand beside."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from graphql import FieldNode
from sqlalchemy.sql.expression import ColumnElement

from libs.reading.connections import Connections
from libs.reading.declare import Many, Row
from libs.reading.fields import Field
from libs.reading.pages import Page, Pages
from libs.reading.rows import Rows
from libs.reading.sqljson import json_list

if TYPE_CHECKING:
    from libs.reading.compiler import Compiler

Json = ColumnElement[Any]


class Lists:
    """Compiles `Many`; the target's rows are always filtered by its own row policy."""

    def __init__(self, compiler: "Compiler") -> None:
        self._compiler = compiler
        self._pages = Pages(compiler)
        self._connections = Connections(compiler)

    def json(self, parent: Row | None, field: Field, many: Many, nodes: Sequence[FieldNode]) -> Json:
        arguments = self._compiler.arguments(field.graphql, nodes[0])
        stored = self._compiler.registry.stored[many.target]
        rows = Rows(self._compiler, parent, many, stored, arguments)
        page = self._pages.of(many, stored, arguments)
        self._compiler.cost.own += 1  # a list of no rows is looked for all the same
        if many.paged:
            return self._connections.json(rows, page, field.graphql, nodes)
        return self._list(rows, page, many.target, nodes)

    def _list(self, rows: Rows, page: Page, target: str, nodes: Sequence[FieldNode]) -> Json:
        fields = self._compiler.selection.under(target, nodes)
        with self._compiler.costing(page.size):
            block = rows.block(page, self._compiler.objects.relations(target, fields))
            item = self._compiler.objects.json(target, block, fields)
        return sa.select(json_list(item)).select_from(block.source).scalar_subquery()

"""Connections by the Relay specification: edges, nodes, pageInfo and totalCount around one block of rows."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from graphql import FieldNode, GraphQLField, GraphQLObjectType
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.expression import ColumnElement

from libs.reading import cursors
from libs.reading.blocks import Block
from libs.reading.fields import named_type
from libs.reading.pages import Page
from libs.reading.rows import Rows
from libs.reading.selection import Fields
from libs.reading.sqljson import JsonObject, Literal, json_list

if TYPE_CHECKING:
    from libs.reading.compiler import Compiler

TOTAL_COUNT_COST = 5

Json = ColumnElement[Any]


class Connections:
    """`rows` are filtered by the row policy already; every part is of those rows alone."""

    def __init__(self, compiler: "Compiler") -> None:
        self._compiler = compiler

    def json(self, rows: Rows, page: Page, graphql: GraphQLField, nodes: Sequence[FieldNode]) -> Json:
        shape = _Shape(self._compiler, graphql, nodes)
        self._compiler.cost.own += TOTAL_COUNT_COST * shape.asks_for("totalCount")
        with self._compiler.costing(page.size):
            told = bool(shape.asks_for("pageInfo"))
            # a page of which nothing else is asked needs neither one row more nor numbers
            block = rows.block(page, shape.relations(), beyond=int(told), numbered=told or page.backward)
            parts = _Parts(self._compiler, shape, page, block)
            pairs = [(key, parts.json(each, rows)) for key, each in shape.fields.items()]
        return (
            sa.select(JsonObject(pairs))
            .select_from(block.source)
            # without it a connection that aggregates nothing would answer a row for each row
            .having(sa.true())
            .scalar_subquery()
        )


class _Shape:
    """The names of a connection's types and which of its parts are selected."""

    def __init__(self, compiler: "Compiler", graphql: GraphQLField, nodes: Sequence[FieldNode]) -> None:
        self._compiler = compiler
        connection = _object_of(graphql)
        edge = _object_of(connection.fields["edges"])
        self.name = connection.name
        self.edge = edge.name
        self.target = named_type(edge.fields["node"]).name
        self.fields: Fields = compiler.selection.under(connection.name, nodes)

    def asks_for(self, part: str) -> int:
        """How many times: aliases may ask again."""
        return sum(nodes[0].name.value == part for nodes in self.fields.values())

    def relations(self) -> set[str]:
        needed: set[str] = set()
        for nodes in self.fields.values():
            if nodes[0].name.value == "nodes":
                needed |= self._of(nodes)
            elif nodes[0].name.value == "edges":
                for inner in self._compiler.selection.under(self.edge, nodes).values():
                    if inner[0].name.value == "node":
                        needed |= self._of(inner)
        return needed

    def _of(self, nodes: Sequence[FieldNode]) -> set[str]:
        fields = self._compiler.selection.under(self.target, nodes)
        return self._compiler.objects.relations(self.target, fields)


class _Parts:
    """The JSON of each part, aggregated over the block."""

    def __init__(self, compiler: "Compiler", shape: _Shape, page: Page, block: Block) -> None:
        self._compiler = compiler
        self._shape = shape
        self._page = page
        self._block = block
        self._number = block.extra("_rn", sa.BigInteger()) if block.numbered else None
        self._cursor = cursors.expression(page.order_name, [block.c[name] for name, _ in page.columns])

    def json(self, nodes: Sequence[FieldNode], rows: Rows) -> Json:
        match nodes[0].name.value:
            case "__typename":
                return Literal(json.dumps(self._shape.name))
            case "totalCount":
                return rows.count()
            case "pageInfo":
                return self._page_info(self._compiler.selection.under("PageInfo", nodes))
            case "nodes":
                return self._items(self._object(nodes))
            case _:
                return self._items(self._edge(nodes))

    def _object(self, nodes: Sequence[FieldNode]) -> Json:
        fields = self._compiler.selection.under(self._shape.target, nodes)
        return self._compiler.objects.json(self._shape.target, self._block, fields)

    def _edge(self, nodes: Sequence[FieldNode]) -> Json:
        pairs: list[tuple[str, Json]] = []
        for key, inner in self._compiler.selection.under(self._shape.edge, nodes).items():
            match inner[0].name.value:
                case "__typename":
                    pairs.append((key, Literal(json.dumps(self._shape.edge))))
                case "cursor":
                    pairs.append((key, self._cursor))
                case _:
                    pairs.append((key, self._object(inner)))
        return JsonObject(pairs)

    def _items(self, item: Json) -> Json:
        number = self._number
        if number is None:
            return json_list(item)
        order = number.desc() if self._page.backward else number
        return json_list(item, order, number <= self._page.limit)

    def _page_info(self, fields: Fields) -> Json:
        page = self._page
        number = self._block.extra("_rn", sa.BigInteger())
        more = sa.func.count() > page.limit
        near, far = self._cursor_at(number, number), self._cursor_at(number, number.desc())
        values: dict[str, Json] = {
            "__typename": Literal('"PageInfo"'),
            "hasNextPage": _known(page.before is not None) if page.backward else more,
            "hasPreviousPage": more if page.backward else _known(page.after is not None),
            "startCursor": far if page.backward else near,
            "endCursor": near if page.backward else far,
        }
        return JsonObject([(key, values[nodes[0].name.value]) for key, nodes in fields.items()])

    def _cursor_at(self, number: Json, order: Json) -> Json:
        listed = sa.func.array_agg(aggregate_order_by(self._cursor, order))
        filtered = listed.filter(number <= self._page.limit)
        return sa.type_coerce(filtered, sa.ARRAY(sa.Text()))[1]


def _known(truth: bool) -> Json:
    return sa.true() if truth else sa.false()


def _object_of(field: GraphQLField) -> GraphQLObjectType:
    named = named_type(field)
    assert isinstance(named, GraphQLObjectType)  # noqa: S101 - the registry has checked it
    return named

"""Lists and connections: order, filters, page and cursors as one block, its JSON aggregated around it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from graphql import FieldNode, GraphQLField, GraphQLNamedType, GraphQLObjectType, get_named_type
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.expression import ColumnElement

from libs.errors.problems import InvalidInput
from libs.reading import cursors
from libs.reading.arguments import Arguments, Given
from libs.reading.blocks import Block
from libs.reading.declare import Many, Order, Row, Stored
from libs.reading.plan import Size
from libs.reading.registry import Field
from libs.reading.selection import Fields
from libs.reading.sqljson import JsonObject, Literal

if TYPE_CHECKING:
    from libs.reading.compiler import Compiler

TOTAL_COUNT_COST = 5

Json = ColumnElement[Any]
EMPTY = Literal("[]")


@dataclass(frozen=True, slots=True)
class Page:
    """One list's order, size and place: `backward` pages are read from the end and turned around."""

    order_name: str
    columns: tuple[tuple[str, bool], ...]
    size: Size
    limit: ColumnElement[int]
    backward: bool
    after: Given | None
    before: Given | None


class Lists:
    """Compiles `Many`; the target's rows are always filtered by its own row policy."""

    def __init__(self, compiler: "Compiler") -> None:
        self._compiler = compiler

    def json(self, parent: Row | None, field: Field, many: Many, nodes: Sequence[FieldNode]) -> Json:
        arguments = self._compiler.arguments(field.graphql, nodes[0])
        stored = self._compiler.registry.stored[many.target]
        rows = _Rows(self._compiler, parent, many, stored, arguments)
        page = self._page(many, stored, arguments)
        if many.paged:
            return self._connection(rows, page, field.graphql, nodes)
        return self._list(rows, page, many.target, nodes)

    def _list(self, rows: "_Rows", page: Page, target: str, nodes: Sequence[FieldNode]) -> Json:
        fields = self._compiler.selection.under(target, nodes)
        with self._compiler.costing(page.size):
            block = rows.block(page, self._compiler.objects.relations(target, fields), extra=0)
            item = self._compiler.objects.json(target, block, fields)
        listed = sa.func.coalesce(sa.func.json_agg(item), EMPTY)
        return sa.select(listed).select_from(block.source).scalar_subquery()

    def _connection(
        self, rows: "_Rows", page: Page, graphql: GraphQLField, nodes: Sequence[FieldNode]
    ) -> Json:
        shape = _Shape(self._compiler, get_named_type(graphql.type), nodes)
        with self._compiler.costing(page.size):
            block = rows.block(page, shape.relations(), extra=1, numbered=True)
            cursor = self._cursor(page, block)
            pairs = [(key, self._part(shape, key, page, block, cursor, rows)) for key in shape.fields]
        return (
            sa.select(JsonObject(pairs))
            .select_from(block.source)
            # without it a connection that aggregates nothing would answer a row for each row
            .having(sa.true())
            .scalar_subquery()
        )

    def _part(  # noqa: PLR0913 - one part of a connection hangs on all of it
        self, shape: "_Shape", key: str, page: Page, block: Block, cursor: Json, rows: "_Rows"
    ) -> Json:
        nodes = shape.fields[key]
        match nodes[0].name.value:
            case "__typename":
                return Literal(json.dumps(shape.name))
            case "totalCount":
                self._compiler.cost.own += TOTAL_COUNT_COST
                return rows.count()
            case "pageInfo":
                return _page_info(self._compiler.selection.under("PageInfo", nodes), page, block, cursor)
            case "nodes":
                fields = self._compiler.selection.under(shape.target, nodes)
                return _items(self._compiler.objects.json(shape.target, block, fields), page, block)
            case _:
                return _items(self._edge(shape, nodes, block, cursor), page, block)

    def _edge(self, shape: "_Shape", nodes: Sequence[FieldNode], block: Block, cursor: Json) -> Json:
        pairs: list[tuple[str, Json]] = []
        for key, inner in self._compiler.selection.under(shape.edge, nodes).items():
            match inner[0].name.value:
                case "__typename":
                    pairs.append((key, Literal(json.dumps(shape.edge))))
                case "cursor":
                    pairs.append((key, cursor))
                case _:
                    fields = self._compiler.selection.under(shape.target, inner)
                    pairs.append((key, self._compiler.objects.json(shape.target, block, fields)))
        return JsonObject(pairs)

    def _cursor(self, page: Page, block: Block) -> Json:
        columns = [block.c[name] for name, _ in page.columns]
        return cursors.expression(page.order_name, columns)

    def _page(self, many: Many, stored: Stored, arguments: Arguments) -> Page:
        name, order = self._order(many, stored, arguments)
        columns = (*order.columns, ("id", order.newest_first))
        first, last = arguments.given("first"), arguments.given("last") if many.paged else None
        if last is not None and arguments.explicit("first"):
            raise InvalidInput(
                "last",
                "「first」と「last」は同時に使えません。どちらか一方にしてください。",
                "Use either 'first' or 'last', not both.",
                detail="PAGE_DIRECTION",
            )
        asked = last or first or arguments.default("first")
        if asked is None:
            raise LookupError("a list declares a default for `first`")
        size = Size(asked.name, asked.get)
        return Page(
            name,
            columns,
            size,
            self._compiler.bind(size.value, sa.BigInteger()),
            backward=last is not None,
            after=arguments.given("after") if many.paged else None,
            before=arguments.given("before") if many.paged else None,
        )

    def _order(self, many: Many, stored: Stored, arguments: Arguments) -> tuple[str, Order]:
        default = next(iter(many.orders))
        given = arguments.given("order") if len(many.orders) > 1 else None
        code = default if given is None else given.known(self._compiler.facts)
        order = many.orders[code]
        access = self._compiler.blocks.access
        if any(access.field(stored.object, name) is not True for name in order.reads):
            raise InvalidInput(
                "order",
                "この並び順は、閲覧できない項目を使うため選べません。別の並び順にしてください。",
                "This order uses a field that you may not see. Choose another.",
                detail="ORDER_WITHHELD",
            )
        return code, order


class _Rows:
    """The rows of one list: join, filters and row policy, the same for the page and for its count."""

    def __init__(
        self, compiler: "Compiler", parent: Row | None, many: Many, stored: Stored, arguments: Arguments
    ) -> None:
        self._compiler = compiler
        self._parent = parent
        self._many = many
        self._stored = stored
        self._filters = [
            (filter_, given)
            for name, filter_ in many.filters.items()
            if (given := arguments.given(name)) is not None
        ]

    def block(self, page: Page, relations: set[str], *, extra: int, numbered: bool = False) -> Block:
        limit = page.limit + extra if extra else page.limit
        return self._compiler.blocks.block(
            self._stored,
            lambda row: [*self._conditions(row), *self._place(page, row)],
            relations=relations,
            order=lambda row: [
                row.c[name].desc() if descending is not page.backward else row.c[name]
                for name, descending in page.columns
            ],
            limit=limit,
            numbered=numbered,
        )

    def count(self) -> Json:
        return self._compiler.blocks.count(self._stored, self._conditions)

    def _conditions(self, row: Row) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self._many.on is not None and self._parent is not None:
            found.append(self._many.on(self._parent, row))
        if self._many.where is not None:
            found.append(self._many.where(row, self._compiler.blocks.access.asker))
        for filter_, given in self._filters:
            value = self._compiler.bind(_converted(filter_.convert, given), filter_.type)
            found.append(filter_.apply(row, value))
            found.extend(self._open(name, row) for name in filter_.reads)
        return found

    def _open(self, policy_name: str, row: Row) -> ColumnElement[bool]:
        """A row whose field is withheld never matches a filter on it."""
        blocks = self._compiler.blocks
        return blocks.is_open(self._stored, blocks.access.field(self._stored.object, policy_name), row)

    def _place(self, page: Page, row: Row) -> list[ColumnElement[bool]]:
        """Keyset conditions: what lies after one cursor and before the other."""
        found: list[ColumnElement[bool]] = []
        for given, forward in ((page.after, True), (page.before, False)):
            if given is not None:
                types = [_python_type(self._stored, name) for name, _ in page.columns]
                places = [
                    self._compiler.bind(
                        _cursor_value(given, page.order_name, types, index),
                        self._stored.table.c[name].type,
                    )
                    for index, (name, _) in enumerate(page.columns)
                ]
                found.append(_beyond(row, page.columns, places, forward=forward))
        return found


class _Shape:
    """The names of a connection's types and which of its parts are selected."""

    def __init__(
        self, compiler: "Compiler", connection: GraphQLNamedType, nodes: Sequence[FieldNode]
    ) -> None:
        assert isinstance(connection, GraphQLObjectType)  # noqa: S101 - the registry built it
        self._compiler = compiler
        self.name = connection.name
        edge = get_named_type(connection.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)  # noqa: S101 - likewise
        self.edge = edge.name
        self.target = get_named_type(edge.fields["node"].type).name
        self.fields: Fields = compiler.selection.under(connection.name, nodes)

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


def _items(item: Json, page: Page, block: Block) -> Json:
    number = block.extra("_rn", sa.BigInteger())
    ordered = sa.func.json_agg(aggregate_order_by(item, number.desc() if page.backward else number))
    return sa.func.coalesce(ordered.filter(number <= page.limit), EMPTY)


def _page_info(fields: Fields, page: Page, block: Block, cursor: Json) -> Json:
    number = block.extra("_rn", sa.BigInteger())
    more = sa.func.count() > page.limit
    beyond_after = sa.true() if page.after is not None else sa.false()
    beyond_before = sa.true() if page.before is not None else sa.false()
    near = _edge_cursor(cursor, number, number, page)
    far = _edge_cursor(cursor, number, number.desc(), page)
    values: dict[str, Json] = {
        "__typename": Literal('"PageInfo"'),
        "hasNextPage": beyond_before if page.backward else more,
        "hasPreviousPage": more if page.backward else beyond_after,
        "startCursor": far if page.backward else near,
        "endCursor": near if page.backward else far,
    }
    return JsonObject([(key, values[nodes[0].name.value]) for key, nodes in fields.items()])


def _edge_cursor(cursor: Json, number: Json, order: Json, page: Page) -> Json:
    listed = sa.func.array_agg(aggregate_order_by(cursor, order))
    filtered = listed.filter(number <= page.limit)
    return sa.type_coerce(filtered, sa.ARRAY(sa.Text()))[1]


def _beyond(
    row: Row, columns: Sequence[tuple[str, bool]], places: Sequence[Json], *, forward: bool
) -> ColumnElement[bool]:
    """(a, b) after the cursor: one row comparison where all columns run one way, else spelled out."""
    directions = {descending for _, descending in columns}
    if len(directions) == 1:
        left, right = sa.tuple_(*(row.c[name] for name, _ in columns)), sa.tuple_(*places)
        return left > right if directions.pop() is not forward else left < right
    ways: list[ColumnElement[bool]] = []
    for index, (name, descending) in enumerate(columns):
        same = [row.c[earlier] == places[at] for at, (earlier, _) in enumerate(columns[:index])]
        further = row.c[name] > places[index] if descending is not forward else row.c[name] < places[index]
        ways.append(sa.and_(*same, further))
    return sa.or_(*ways)


def _python_type(stored: Stored, column: str) -> type:
    return stored.table.c[column].type.python_type


def _cursor_value(given: Given, order: str, types: Sequence[type], index: int) -> Any:  # noqa: ANN401
    return lambda variables: cursors.decode(given.get(variables), order, types, given.name)[index]


def _converted(convert: Any, given: Given) -> Any:  # noqa: ANN401
    if convert is None:
        return lambda variables: _code(given.get(variables))
    return lambda variables: convert(given.get(variables))


def _code(value: Any) -> Any:  # noqa: ANN401
    return [_code(item) for item in value] if isinstance(value, list) else getattr(value, "value", value)

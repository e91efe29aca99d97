"""One page of a list: its order, its size, and where it lies between cursors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from libs.errors.problems import InvalidInput
from libs.reading import cursors
from libs.reading.arguments import Arguments, Given
from libs.reading.declare import Many, Order, Row, Stored
from libs.reading.plan import Getter, Size, Variables

if TYPE_CHECKING:
    from libs.reading.compiler import Compiler


@dataclass(frozen=True, slots=True)
class Page:
    """`backward` pages are read from the end and turned around; `columns` say (name, descending)."""

    order_name: str
    columns: tuple[tuple[str, bool], ...]
    size: Size
    limit: ColumnElement[int]
    backward: bool
    after: Given | None
    before: Given | None

    def ordering(self, row: Row) -> list[ColumnElement[Any]]:
        return [
            row.c[name].desc() if descending is not self.backward else row.c[name]
            for name, descending in self.columns
        ]


class Pages:
    """Reads a list's arguments."""

    def __init__(self, compiler: "Compiler") -> None:
        self._compiler = compiler

    def of(self, many: Many, stored: Stored, arguments: Arguments) -> Page:
        """Raises InvalidInput for an order that reads withheld fields, and for two directions at once."""
        name, order = self._order(many, stored, arguments)
        size, backward = self._size(many, arguments)
        return Page(
            order_name=name,
            columns=(*order.columns, ("id", order.newest_first)),
            size=size,
            limit=self.limit(size),
            backward=backward,
            after=arguments.given("after") if many.paged else None,
            before=arguments.given("before") if many.paged else None,
        )

    def limit(self, size: Size) -> ColumnElement[int]:
        """In the text where it can be: for an unknown limit PostgreSQL plans to read a tenth of the rows."""
        if size.fixed:
            return sa.literal_column(str(size.value({})), sa.BigInteger())
        return self._compiler.bind(size.value, sa.BigInteger())

    def between(self, page: Page, stored: Stored, row: Row) -> list[ColumnElement[bool]]:
        """What lies after one cursor and before the other."""
        found: list[ColumnElement[bool]] = []
        for given, forward in ((page.after, True), (page.before, False)):
            if given is not None:
                columns = [stored.table.c[name] for name, _ in page.columns]
                places = [
                    self._compiler.bind(_cursor_value(given, page.order_name, columns, index), column.type)
                    for index, column in enumerate(columns)
                ]
                found.append(beyond(row, page.columns, places, forward=forward))
        return found

    def _size(self, many: Many, arguments: Arguments) -> tuple[Size, bool]:
        first, last = arguments.given("first"), arguments.given("last") if many.paged else None
        if last is not None and arguments.explicit("first"):
            raise InvalidInput(
                "last",
                "「first」と「last」は同時に使えません。どちらか一方にしてください。",
                "Use either 'first' or 'last', not both.",
                detail="PAGE_DIRECTION",
            )
        return size_of(last or first, arguments), last is not None

    def _order(self, many: Many, stored: Stored, arguments: Arguments) -> tuple[str, Order]:
        given = arguments.given("order") or arguments.default("order")
        code = next(iter(many.orders)) if given is None else given.known(self._compiler.facts)
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


def size_of(asked: Given | None, arguments: Arguments) -> Size:
    """The page asked for, else the schema's own; the registry has seen to it that there is one."""
    given = asked or arguments.default("first")
    if given is None:
        raise LookupError("a list declares a default for `first`")
    return Size(given.name, given.get, given.fixed)


def beyond(
    row: Row,
    columns: Sequence[tuple[str, bool]],
    places: Sequence[ColumnElement[Any]],
    *,
    forward: bool,
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


def _cursor_value(given: Given, order: str, columns: Sequence["sa.Column[Any]"], index: int) -> Getter:
    def value(variables: Variables) -> Any:  # noqa: ANN401
        return cursors.decode(given.get(variables), order, columns, given.name)[index]

    return value

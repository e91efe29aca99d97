"""The rows of one list: join, filters and row policy, the same for the page and for its count."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.sql.expression import ColumnElement

from libs.errors.problems import InvalidInput
from libs.policy.grants import Grant
from libs.reading.arguments import Arguments, Given
from libs.reading.blocks import Block
from libs.reading.declare import Filter, Many, Row, Stored
from libs.reading.pages import Page, Pages
from libs.reading.plan import Getter, Variables

if TYPE_CHECKING:
    from libs.reading.compiler import Compiler


class Rows:
    """Of the target, as `parent` and the arguments narrow it; what the asker may not find is never there."""

    def __init__(
        self, compiler: "Compiler", parent: Row | None, many: Many, stored: Stored, arguments: Arguments
    ) -> None:
        self._compiler = compiler
        self._pages = Pages(compiler)
        self._parent = parent
        self._many = many
        self._stored = stored
        self._filters = [
            (filter_, given)
            for name, filter_ in many.filters.items()
            if (given := arguments.given(name)) is not None
        ]

    def block(self, page: Page, relations: set[str], *, beyond: int = 0, numbered: bool = False) -> Block:
        """The page's rows, and `beyond` more to learn whether the list goes on."""
        return self._compiler.blocks.block(
            self._stored,
            lambda row: [*self._conditions(row), *self._pages.between(page, self._stored, row)],
            parent=self._parent,
            relations=relations,
            order=page.ordering,
            limit=page.limit + beyond if beyond else page.limit,
            numbered=numbered,
            judged=self._judged(),
        )

    def count(self) -> ColumnElement[int]:
        return self._compiler.blocks.count(self._stored, self._conditions, self._parent, self._judged())

    def _conditions(self, row: Row) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self._many.on is not None and self._parent is not None:
            found.append(self._many.on(self._parent, row))
        if self._many.where is not None:
            found.append(self._many.where(row, self._compiler.blocks.access.asker))
        for filter_, given in self._filters:
            found.append(filter_.apply(row, self._compiler.bind(_converted(filter_, given), filter_.type)))
        found.extend(self._open(grant, row) for grant in self._judged())
        return found

    def _open(self, grant: bool | Grant, row: Row) -> ColumnElement[bool]:
        """A row whose field is withheld never matches a filter on it."""
        return self._compiler.blocks.is_open(self._stored, grant, row)

    def _judged(self) -> list[bool | Grant]:
        """Of the fields that the filters read, each grant once."""
        names = [name for filter_, _ in self._filters for name in filter_.reads]
        access = self._compiler.blocks.access
        return list(dict.fromkeys(access.field(self._stored.object, name) for name in names))


def _converted(filter_: Filter, given: Given) -> Getter:
    convert: Callable[[Any], Any] = filter_.convert or _code

    def value(variables: Variables) -> Any:  # noqa: ANN401
        return convert(_storable(given.get(variables), given.name))

    return value


def _storable(value: Any, argument: str) -> Any:  # noqa: ANN401
    """Raises InvalidInput for texts and times that GraphQL admits and PostgreSQL does not."""
    if isinstance(value, list):
        return [_storable(item, argument) for item in cast("list[Any]", value)]
    if isinstance(value, dt.datetime):
        return _moment(value, argument)
    if isinstance(value, str) and "\0" in value:
        raise _unusable(argument)
    return value


def _moment(value: dt.datetime, argument: str) -> dt.datetime:
    try:
        return value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)
    except OverflowError:
        raise _unusable(argument) from None


def _unusable(argument: str) -> InvalidInput:
    return InvalidInput(
        argument,
        f"「{argument}」に使えない文字または日時があります。取り除いてください。",
        f"'{argument}' holds a character or time that cannot be used. Take it out.",
        detail="UNUSABLE_VALUE",
    )


def _code(value: Any) -> Any:  # noqa: ANN401
    """An enum's stored code; the value itself where it is none."""
    if isinstance(value, list):
        return [_code(item) for item in cast("list[Any]", value)]
    return getattr(value, "value", value)

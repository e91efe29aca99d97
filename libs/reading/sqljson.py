"""JSON made inside PostgreSQL, as text: keys stand in the statement, every value goes through JSON_SCALAR.

JSON_OBJECT and json_build_object look up the type of each key and value again for each row, which was a sixth
of a page's time; JSON_SCALAR does so once a statement.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement

MOST_ARGUMENTS: Final = 100
"""Of a function, by PostgreSQL's FUNC_MAX_ARGS."""


class JsonText(sa.Text):
    """The type of what this module makes: text that is JSON already. All else is a value to be quoted."""

    cache_ok = True


class JsonObject(ColumnElement[Any]):
    """Keys in their order with their values; a null value is a JSON null."""

    inherit_cache = False
    type = JsonText()

    def __init__(self, pairs: Sequence[tuple[str, ColumnElement[Any]]]) -> None:
        self.pairs = pairs


class JsonId(ColumnElement[Any]):
    """A row's UUID behind the prefix of its type."""

    inherit_cache = False
    type = JsonText()

    def __init__(self, prefix: str, id_: ColumnElement[Any]) -> None:
        self.prefix = prefix
        self.id = id_


class Literal(ColumnElement[Any]):
    """A JSON text known at compile time, such as a type's name."""

    inherit_cache = False
    type = JsonText()

    def __init__(self, text: str) -> None:
        self.text = text


NULL: Final = Literal("null")
EMPTY: Final = Literal("[]")


def json_list(
    item: ColumnElement[Any],
    order: ColumnElement[Any] | None = None,
    only: ColumnElement[bool] | None = None,
) -> ColumnElement[Any]:
    """An aggregate: the item of every row (of `only` some) as a list, which is empty where there is none."""
    comma = text_literal(",")
    items = sa.func.string_agg(
        sa.func.coalesce(item, NULL), comma if order is None else aggregate_order_by(comma, order)
    )
    chosen = items if only is None else items.filter(only)
    return sa.func.concat(text_literal("["), chosen, text_literal("]"), type_=JsonText())


def as_bytes(answer: ColumnElement[Any]) -> ColumnElement[bytes]:
    """The whole text as it goes to the client."""
    return sa.func.convert_to(answer, text_literal("UTF8"), type_=sa.LargeBinary())


def quoted(text: str) -> str:
    """A string literal; GraphQL names have no quote, JSON texts may."""
    return "'" + text.replace("'", "''") + "'"


def text_literal(text: str) -> ColumnElement[Any]:
    return sa.literal_column(f"{quoted(text)}::text", sa.Text())


@compiles(JsonObject)
@compiles(JsonId)
@compiles(Literal)
def _text(element: ColumnElement[Any], compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    """One concat of literals and values; of several where there are more than a function takes."""
    arguments = [
        quoted(part) if isinstance(part, str) else compiler.process(part, **options)
        for part in _joined(_parts(element))
    ]
    if len(arguments) == 1 and isinstance(element, Literal):
        return f"{arguments[0]}::text"
    while len(arguments) > MOST_ARGUMENTS:
        arguments = [f"concat({', '.join(batch)})" for batch in _batches(arguments)]
    return f"concat({', '.join(arguments)})"


def _batches(arguments: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(arguments), MOST_ARGUMENTS):
        yield arguments[start : start + MOST_ARGUMENTS]


def _parts(value: ColumnElement[Any]) -> Iterator[str | ColumnElement[Any]]:
    """The texts and expressions that follow each other in the JSON of a value."""
    match value:
        case Literal():
            yield value.text
        case JsonId():
            yield f'"{value.prefix}_'
            yield value.id
            yield '"'
        case JsonObject():
            yield "{"
            for place, (key, inner) in enumerate(value.pairs):
                yield f'{"," if place else ""}"{key}":'
                yield from _parts(inner)
            yield "}"
        case _ if isinstance(value.type, JsonText):
            yield sa.func.coalesce(value, NULL)
        case _:
            yield _Scalar(value)


def _joined(parts: Iterator[str | ColumnElement[Any]]) -> Iterator[str | ColumnElement[Any]]:
    """Neighbouring texts as one."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
        text = ""
        yield part
    if text:
        yield text


class _Scalar(ColumnElement[Any]):
    """A value of any SQL type as PostgreSQL writes it in JSON."""

    inherit_cache = False

    def __init__(self, value: ColumnElement[Any]) -> None:
        self.value = value


@compiles(_Scalar)
def _scalar(element: _Scalar, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"coalesce(JSON_SCALAR({compiler.process(element.value, **options)}), 'null'::json)"

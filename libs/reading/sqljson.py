"""JSON made inside PostgreSQL: `JSON_OBJECT` is no function call, so it knows no limit of 100 arguments."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement


class JsonObject(ColumnElement[Any]):
    """Keys in their order with their values; a null value is a JSON null."""

    inherit_cache = False
    type = JSON()

    def __init__(self, pairs: Sequence[tuple[str, ColumnElement[Any]]]) -> None:
        self.pairs = pairs


class Literal(ColumnElement[Any]):
    """A JSON text known at compile time, such as a type's name."""

    inherit_cache = False
    type = JSON()

    def __init__(self, text: str) -> None:
        self.text = text


@compiles(JsonObject)
def _object(element: JsonObject, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    if not element.pairs:
        return "'{}'::json"
    inside = ", ".join(
        f"{quoted(key)} VALUE {compiler.process(value, **options)}" for key, value in element.pairs
    )
    return f"JSON_OBJECT({inside} RETURNING json)"


@compiles(Literal)
def _literal(element: Literal, _: SQLCompiler, **__: object) -> str:
    return f"{quoted(element.text)}::json"


def quoted(text: str) -> str:
    """A string literal; GraphQL names have no quote, JSON texts may."""
    return "'" + text.replace("'", "''") + "'"


def text_literal(text: str) -> ColumnElement[Any]:
    return sa.literal_column(f"{quoted(text)}::text", sa.Text())


EMPTY: Final = Literal("[]")

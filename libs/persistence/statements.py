"""SQLAlchemy elements compiled once to PostgreSQL text; executed on asyncpg without a session in between.

A session costs about 0.25 ms a statement; a statement compiled at import costs nothing when it runs
(docs/decisions/0005).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import asyncpg as postgresql
from sqlalchemy.sql.elements import ClauseElement


class _Compiler(postgresql.PGCompiler_asyncpg):
    """Writes the code's own words and numbers into the text.

    As parameters they would hide from the planner what it knows of a column: a generic plan held
    `state <> $9` for true of nearly no row, and sorted a whole board for its first page.
    """

    def visit_bindparam(self, bindparam: "sa.BindParameter[Any]", *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own signature
        if _is_of_the_code(bindparam.value):
            options["literal_binds"] = True
        untyped: Any = super()
        return untyped.visit_bindparam(bindparam, *arguments, **options)


class _Dialect(postgresql.PGDialect_asyncpg):
    statement_compiler = _Compiler
    supports_statement_cache = True
    # a backslash is a letter like any other in PostgreSQL's strings
    _backslash_escapes = False


DIALECT = _Dialect()


class Statement:
    """SQL text with `$n` places and the names that fill them. Literals are filled already."""

    __slots__ = ("_constants", "names", "sql")

    def __init__(self, element: ClauseElement) -> None:
        compiled = compiled_text(element)
        self.sql: str = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._constants: dict[str, Any] = {
            name: value for name, value in compiled.params.items() if value is not None
        }

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in `$1..$n` order. Raises KeyError for a place that nobody filled."""
        constants = self._constants
        return [given[name] if name in given else constants[name] for name in self.names]


def _is_of_the_code(value: object) -> bool:
    """A word, a number or a list of words that stands in this code: what people send comes through places."""
    if isinstance(value, list):
        return all(isinstance(each, str) for each in cast("list[object]", value))
    return isinstance(value, str | int)


def compiled_text(element: ClauseElement) -> Any:  # noqa: ANN401 - SQLAlchemy's compiled form is as loose
    """The element's text for asyncpg; its `$n` are the parameters without a value.

    Never give it a value that somebody sent: `bindparam` without a value, filled at each request.
    Raises ValueError for `in_` over a list: `among` has one fixed text.
    """
    compiled: Any = element.compile(dialect=DIALECT)
    if "POSTCOMPILE" in str(compiled):
        raise ValueError("write `among(column, values)` for a list of values")
    return compiled


def among(column: "sa.ColumnElement[str]", values: Sequence[str]) -> "sa.ColumnElement[bool]":
    """The column is one of these codes."""
    return column == sa.any_(sa.literal(list(values), ARRAY(sa.Text())))


def looked_up(found: "sa.Select[Any]") -> "sa.ColumnElement[bool]":
    """EXISTS, asked by an index for each row.

    Without OFFSET the planner may read all that the query finds in the tenant into a hash first, which each
    page of a large platform would pay for: a generic plan knows no tenant's size.
    """
    return sa.exists(found.offset(sa.literal_column("0")))


@lru_cache(maxsize=512)
def insert_into(table: sa.Table, columns: tuple[str, ...]) -> Statement:
    """INSERT of exactly these columns, each filled by a place of its own name."""
    return Statement(sa.insert(table).values({name: parameter(table.c[name]) for name in columns}))


def parameter(column: "sa.Column[Any]", name: str | None = None) -> "sa.BindParameter[Any]":
    """A place typed as the column that it is compared with or written to."""
    return sa.bindparam(name or column.name, type_=column.type)

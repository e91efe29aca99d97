"""Cursors: the order's name and the order columns of one row, opaque to the client.

They hold only columns that whoever sees the row may see: the compiler refuses any other order.
"""

import base64
import binascii
import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from libs.errors.problems import InvalidInput
from libs.reading.sqljson import text_literal

MAX_LENGTH = 2_000


def expression(order: str, columns: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """The cursor of a row, made in SQL; PostgreSQL wraps base64 at 76, which is undone."""
    array = sa.func.json_build_array(text_literal(order), *columns)
    encoded = sa.func.encode(
        sa.func.convert_to(sa.cast(array, sa.Text()), text_literal("UTF8")), text_literal("base64")
    )
    return sa.func.translate(encoded, sa.literal_column("E'\\n'", sa.Text()), text_literal(""))


def can_hold(column: "sa.Column[Any]") -> bool:
    """Whether a column's values come back from JSON as they went in."""
    return not column.nullable and _reader(column.type) is not None


def decode(text: object, order: str, columns: Sequence["sa.Column[Any]"], field: str) -> list[Any]:
    """The order columns' values. Raises InvalidInput for anything that `expression` did not make."""
    try:
        return _values(text, order, [column.type for column in columns])
    except (binascii.Error, ValueError, TypeError, OverflowError, msgspec.MsgspecError) as error:
        raise _malformed(field) from error


def _values(text: object, order: str, types: Sequence[Any]) -> list[Any]:
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        raise TypeError
    name, *rest = msgspec.json.decode(base64.b64decode(text, validate=True), type=list[Any])
    if name != order:
        raise ValueError
    return [_typed(value, type_) for value, type_ in zip(rest, types, strict=True)]


def _typed(value: object, type_: Any) -> Any:  # noqa: ANN401
    read = _reader(type_)
    if read is None:
        raise TypeError
    return read(value)


def _reader(type_: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401
    return next((read for kind, read in _READERS if isinstance(type_, kind)), None)


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(bits: int) -> Callable[[Any], int]:
    def read(value: object) -> int:
        if type(value) is not int or value.bit_length() >= bits:
            raise TypeError
        return value

    return read


def _moment(value: object) -> dt.datetime:
    """With an offset always, and within what PostgreSQL and Python both know."""
    moment = dt.datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise TypeError
    return moment.astimezone(dt.UTC)


# the narrower types first: SQLAlchemy's BigInteger is an Integer
_READERS: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (sa.Uuid, lambda value: uuid.UUID(_text(value))),
    (sa.DateTime, _moment),
    (sa.Date, lambda value: dt.date.fromisoformat(_text(value))),
    (sa.Boolean, _truth),
    (sa.BigInteger, _whole(64)),
    (sa.SmallInteger, _whole(16)),
    (sa.Integer, _whole(32)),
    (sa.Text, _text),
)


def _malformed(field: str) -> InvalidInput:
    return InvalidInput(
        field,
        f"「{field}」のカーソルが正しくありません。同じ並び順の結果のカーソルを渡してください。",
        f"'{field}' is no cursor of this list. Pass a cursor from a result in the same order.",
        detail="MALFORMED_CURSOR",
    )

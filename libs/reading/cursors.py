"""Cursors: the order's name and the order columns of one row, opaque to the client.

They hold only columns that whoever sees the row may see: the compiler refuses any other order.
"""

import base64
import binascii
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

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


def decode(text: object, order: str, types: Sequence[type], field: str) -> list[Any]:
    """The order columns' values. Raises InvalidInput for anything that `expression` did not make."""
    try:
        if not isinstance(text, str) or len(text) > MAX_LENGTH:
            raise _malformed(field)
        values: Any = msgspec.json.decode(base64.b64decode(text, validate=True))
        name, *rest = values
        if name != order or len(rest) != len(types):
            raise _malformed(field)
        return [_typed(value, kind) for value, kind in zip(rest, types, strict=True)]
    except (binascii.Error, ValueError, TypeError, msgspec.MsgspecError) as error:
        raise _malformed(field) from error


def _typed(value: object, kind: type) -> Any:  # noqa: ANN401
    if kind is uuid.UUID:
        return uuid.UUID(str(value))
    if kind is dt.datetime:
        return dt.datetime.fromisoformat(str(value))
    if kind is dt.date:
        return dt.date.fromisoformat(str(value))
    if type(value) is not kind or (isinstance(value, str) and "\0" in value):
        raise TypeError
    return value


def _malformed(field: str) -> InvalidInput:
    return InvalidInput(
        field,
        f"「{field}」のカーソルが正しくありません。同じ並び順の結果のカーソルを渡してください。",
        f"'{field}' is no cursor of this list. Pass a cursor from a result in the same order.",
        detail="MALFORMED_CURSOR",
    )

"""The statements of a write as pgbench's script: the same texts in the same order, values put in."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, cast

from tests.bench.recording import Sent

PLACE: Final = re.compile(r"\$(\d+)")
A_NEW_ID: Final = "uuidv7()"


def as_script(sent: Sequence[Sent], known: Mapping[uuid.UUID, str]) -> str:
    """`known`: what stands for an id that is not the same in each transaction, or is the same in all.

    An id that the product made for a new row is made by the database here.
    """
    return "\n".join(f"{_filled(each, known)};" for each in sent)


def _filled(sent: Sent, known: Mapping[uuid.UUID, str]) -> str:
    return PLACE.sub(lambda place: _literal(sent.values[int(place[1]) - 1], known), sent.sql)


def _literal(value: object, known: Mapping[uuid.UUID, str]) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, uuid.UUID):
        return known.get(value, A_NEW_ID)
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, list | tuple):
        each = cast("Sequence[object]", value)
        return f"ARRAY[{', '.join(_literal(one, known) for one in each)}]"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    return quoted(_text(value))


def _text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        # pgbench would take `:null` for a variable
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

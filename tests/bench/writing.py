"""The statements of a write as pgbench's script: the same texts in the same order, values as parameters.

With values in the texts every tenant's statements would be other ones, which pgbench prepares anew: the limit
came out below the product, which prepares each once a connection.
"""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, cast

from tests.bench.recording import Sent

PLACE: Final = re.compile(r"\$(\d+)")
A_NEW_ID: Final = "uuidv7()"


@dataclass
class Script:
    """`given`: pgbench's variables that have the same value in every transaction."""

    text: str = ""
    given: dict[str, str] = field(default_factory=dict[str, str])


def as_script(sent: Sequence[Sent], known: Mapping[uuid.UUID, str]) -> Script:
    """`known`: what stands for an id that is not the same in each transaction.

    An id that the product made for a new row is made by the database here.
    """
    script = Script()
    script.text = "\n".join(f"{_filled(each, known, script.given)};" for each in sent)
    return script


def _filled(sent: Sent, known: Mapping[uuid.UUID, str], given: dict[str, str]) -> str:
    return PLACE.sub(lambda place: _value(sent.values[int(place[1]) - 1], known, given), sent.sql)


def _value(value: object, known: Mapping[uuid.UUID, str], given: dict[str, str]) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, uuid.UUID):
        return known.get(value, A_NEW_ID)
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, list | tuple):
        each = cast("Sequence[object]", value)
        if any(isinstance(one, uuid.UUID) for one in each):
            return f"ARRAY[{', '.join(_value(one, known, given) for one in each)}]"
        return _variable(f"{{{','.join(_element(one) for one in each)}}}", given)
    return _variable(_text(value), given)


def _variable(text: str, given: dict[str, str]) -> str:
    name = next((each for each, same in given.items() if same == text), f"v{len(given)}")
    given[name] = text
    return f":{name}"


def _text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return str(value)


def _element(value: object) -> str:
    """As it stands in an array's text."""
    if value is None:
        return "NULL"
    escaped = _text(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

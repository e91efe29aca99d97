"""Order, cursors and pages of rows in memory, by the Relay specification and in PostgreSQL's own print."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from tests.reading.world import Row

Keys = Mapping[str, tuple[Sequence[str], Sequence[bool]]]
"""Each order's columns, and which of them run backward."""
NEWEST: Keys = {"NEWEST": (("id",), (True,))}


class HasRow(Protocol):
    @property
    def row(self) -> Row: ...


T = TypeVar("T", bound=HasRow)


def printed(value: date | datetime | None) -> str | None:
    """As PostgreSQL prints in JSON: no trailing zeros in the parts of a second."""
    if not isinstance(value, datetime):
        return None if value is None else value.isoformat()
    text = value.isoformat(timespec="microseconds")
    moment, _, zone = text.rpartition("+")
    return f"{moment.rstrip('0').rstrip('.')}+{zone}"


def cursor(order: str, columns: Sequence[str], row: Row) -> str:
    values = [value if isinstance(value := row[name], str | int) else _text(value) for name in columns]
    return base64.b64encode(json.dumps([order, *values], ensure_ascii=False).encode()).decode()


def _text(value: Any) -> str:
    return printed(value) or "" if isinstance(value, date) else str(value)


def newest(things: list[T], first: int) -> list[T]:
    return in_order(things, ("id",), (True,))[:first]


def in_order(things: list[T], columns: Sequence[str], descending: Sequence[bool]) -> list[T]:
    """Sorted by the last column first: Python's sort keeps what is equal as it was."""
    for name, backward in reversed(list(zip(columns, descending, strict=True))):
        things = sorted(things, key=lambda thing: _key(thing.row[name]), reverse=backward)
    return things


def _key(value: Any) -> Any:
    """Texts by their bytes, as the database's collation C has them."""
    return value.encode() if isinstance(value, str) else value


def paged(
    things: list[T],
    keys: Keys,
    given: Mapping[str, Any],
    *,
    first: int,
    order: str,
) -> dict[str, Any]:
    """A connection by the Relay specification."""
    name = given.get("order") or order
    columns, descending = keys[name]
    all_of_them = in_order(things, columns, descending)
    after, before, last = given.get("after"), given.get("before"), given.get("last")
    between = [
        thing
        for thing in all_of_them
        if (after is None or _is_beyond(thing.row, after, columns, descending))
        and (before is None or _is_beyond(thing.row, before, columns, [not each for each in descending]))
    ]
    asked = given.get("first")
    if last is not None:
        page = between[max(0, len(between) - last) :]
        more = {"hasPreviousPage": len(between) > last, "hasNextPage": before is not None}
    else:
        size = first if asked is None else asked
        page = between[:size]
        more = {"hasNextPage": len(between) > size, "hasPreviousPage": after is not None}
    edges = [{"cursor": cursor(name, columns, thing.row), "node": thing} for thing in page]
    ends = {"startCursor": edges[0]["cursor"], "endCursor": edges[-1]["cursor"]} if edges else {}
    return {
        "edges": edges,
        "nodes": page,
        "totalCount": len(all_of_them),
        "pageInfo": {"startCursor": None, "endCursor": None, **ends, **more},
    }


def _is_beyond(row: Row, text: str, columns: Sequence[str], descending: Sequence[bool]) -> bool:
    """Whether the row comes after the cursor: decided by the first column in which they differ."""
    _, *place = json.loads(base64.b64decode(text))
    for name, backward, there in zip(columns, descending, place, strict=True):
        here = _key(row[name])
        limit = _key(_like(row[name], there))
        if here != limit:
            return (here < limit) is backward
    return False


def _like(example: Any, value: Any) -> Any:
    if isinstance(example, datetime):
        return datetime.fromisoformat(value)
    if isinstance(example, date):
        return date.fromisoformat(value)
    return type(example)(value) if not isinstance(example, str | int) else value

"""A plan: one statement, how to fill its places, what it costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode

from libs.errors.problems import InvalidInput, TooMuch

Variables = Mapping[str, Any]
Getter = Callable[[Variables], Any]

MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows a list may answer with: read from an argument at each request, bounded.

    `fixed`: the same at each request of the document."""

    argument: str
    get: Getter
    fixed: bool = False

    def value(self, variables: Variables) -> int:
        asked = self.get(variables)
        if not isinstance(asked, int) or not 0 <= asked <= MOST_ROWS:
            raise InvalidInput(
                self.argument,
                f"「{self.argument}」は0から{MOST_ROWS}までの数にしてください。",
                f"'{self.argument}' must be a number from 0 to {MOST_ROWS}.",
                detail="PAGE_SIZE",
            )
        return asked


@dataclass(slots=True)
class Cost:
    """Rows that a plan may touch: one for each object, multiplied along nested pages."""

    own: int = 1
    parts: list[tuple[Size | None, "Cost"]] = field(default_factory=list)  # pyright: ignore[reportUnknownVariableType] - list of a forward reference

    def of(self, variables: Variables) -> int:
        total = self.own
        for size, part in self.parts:
            times = 1 if size is None else size.value(variables)
            total += times * part.of(variables)
        return total


@dataclass(frozen=True, slots=True)
class Plan:
    """`places` fill `$1..$n`: a viewer's value by name, or a getter over the request's variables.

    `beside` are the introspection roots, answered by graphql-core; `keys` all roots in their order.
    """

    sql: str
    places: tuple[str | Getter, ...]
    cost: Cost
    beside: Mapping[str, Sequence[FieldNode]]
    keys: tuple[str, ...]

    def arguments(self, viewer: Mapping[str, Any], variables: Variables) -> list[Any]:
        return [viewer[place] if isinstance(place, str) else place(variables) for place in self.places]


def check_cost(cost: int, most: int) -> int:
    """Raises TooMuch before anything runs."""
    if cost > most:
        raise TooMuch(
            "cost",
            f"一度に読む量が多すぎます（{cost}、上限{most}）。件数を減らすか、分けて読んでください。",
            f"This reads too much at once ({cost}, at most {most}). Ask for smaller pages, or in parts.",
        )
    return cost

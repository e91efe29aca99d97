"""What one definition of a document holds by itself, and what it comes to with the fragments it spreads."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
)

_INTROSPECTION: Final = frozenset({"__schema", "__type"})
_ENOUGH: Final = 10**9  # sums stop here: nested doubling would make integers of thousands of digits

Place = tuple[int, str]
"""Depth and response name of a field."""


@dataclass(slots=True)
class Cost:
    """The counts of one definition; `root_fields` are those that stand at its own first level."""

    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    selections: int = 0


@dataclass(frozen=True, slots=True)
class Spread:
    """A fragment's name where it is spread: below `depth` fields, and whether within introspection."""

    name: str
    depth: int
    introspection: bool


@dataclass(slots=True)
class Measured:
    """What stands in one definition itself, and which fragments it spreads where."""

    own: Cost = field(default_factory=Cost)
    spreads: list[Spread] = field(default_factory=list[Spread])
    places: Counter[Place] = field(default_factory=Counter[Place])


def measure(definition: OperationDefinitionNode | FragmentDefinitionNode) -> Measured:
    """One walk over the definition's own text."""
    measured = Measured()
    measured.own.directives = len(definition.directives or ())
    waiting = [(node, 0, False) for node in definition.selection_set.selections]
    while waiting:
        node, depth, introspection = waiting.pop()
        measured.own.selections += 1
        measured.own.directives += len(node.directives or ())
        if isinstance(node, FieldNode):
            introspection = introspection or node.name.value in _INTROSPECTION
            depth += 1
            _count_field(measured, node, depth, introspection=introspection)
        elif isinstance(node, FragmentSpreadNode):
            measured.spreads.append(Spread(node.name.value, depth, introspection))
        waiting.extend((below, depth, introspection) for below in _selections(node))
    return measured


def add(measured: Measured, costs: Mapping[str, Cost]) -> Cost:
    """The definition's cost with each spread fragment's cost of `costs` added where it stands."""
    total = replace(measured.own)
    for spread in measured.spreads:
        if (cost := costs.get(spread.name)) is not None:
            _add(total, spread, cost)
    return total


def overlaps(operations: Iterable[Measured], fragments: Mapping[str, Measured]) -> int:
    """The most pairs of fields under one name at one depth that a definition holds when written out.

    `fragments` come leaves first.
    """
    written: dict[str, Counter[Place]] = {}
    most = 0
    for name, measured in fragments.items():
        written[name] = _write_out(measured, written)
        most = max(most, _pairs(written[name]))
    return max(most, *(_pairs(_write_out(each, written)) for each in operations))


def _count_field(measured: Measured, node: FieldNode, depth: int, *, introspection: bool) -> None:
    cost = measured.own
    cost.aliases += node.alias is not None
    cost.root_fields += depth == 1
    measured.places[depth, (node.alias or node.name).value] += 1
    if introspection:
        cost.introspection_depth = max(cost.introspection_depth, depth)
    else:
        cost.depth = max(cost.depth, depth)


def _selections(node: SelectionNode) -> tuple[SelectionNode, ...]:
    below = node.selection_set if isinstance(node, FieldNode | InlineFragmentNode) else None
    return below.selections if below else ()


def _add(total: Cost, spread: Spread, cost: Cost) -> None:
    plain = spread.depth + cost.depth
    introspective = spread.depth + cost.introspection_depth if cost.introspection_depth else 0
    if spread.introspection:
        plain, introspective = 0, max(plain, introspective)
    total.depth = max(total.depth, plain)
    total.introspection_depth = max(total.introspection_depth, introspective)
    total.aliases = min(total.aliases + cost.aliases, _ENOUGH)
    total.directives = min(total.directives + cost.directives, _ENOUGH)
    total.selections = min(total.selections + cost.selections, _ENOUGH)
    if spread.depth == 0:
        total.root_fields = min(total.root_fields + cost.root_fields, _ENOUGH)


def _write_out(measured: Measured, written: Mapping[str, Counter[Place]]) -> Counter[Place]:
    places = measured.places.copy()
    for spread in measured.spreads:
        for (depth, name), times in written.get(spread.name, Counter[Place]()).items():
            places[spread.depth + depth, name] += times
    return places


def _pairs(places: Counter[Place]) -> int:
    return sum(times * (times - 1) // 2 for times in places.values())

"""What a document may cost before anything of it runs, counted in time linear in its text.

Fragments are measured once each and added up by name, so that twenty-five fragments which spread the next one
twice (2^25 fields when written out) are refused in microseconds. Undefined and cyclic fragments are left to
validation, which names them; as validation reads every definition, every definition is held to the limits.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
)

from libs.errors.problems import TooMuch
from libs.reading.measures import Cost, Measured, add, measure, overlaps

_TOO_MANY_WORDS: Final = "Document contains more than"
_TOO_NESTED: Final = "nested too deeply"
_OF_FRAGMENTS: Final = ("depth", "introspection_depth", "aliases", "directives", "selections")
_OF_OPERATIONS: Final = (*_OF_FRAGMENTS, "root_fields")


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts after fragments are written out, except `tokens` and `fragments`, which count the text.

    `introspection_depth` admits the tools' own query (type references nine levels deep). `selections` counts
    fields, spreads and inline fragments. `overlaps` counts pairs of fields under one name at one depth: what
    the validation rule for overlapping fields compares (500 equal fields cost it half a second).
    """

    tokens: int = 2_000
    depth: int = 15
    introspection_depth: int = 15
    aliases: int = 100
    directives: int = 50
    root_fields: int = 20
    fragments: int = 50
    selections: int = 1_000
    overlaps: int = 3_000


def parse_document(text: str, limits: Limits) -> DocumentNode:
    """The document's syntax tree. Raises `TooMuch`, or graphql-core's `GraphQLSyntaxError`."""
    try:
        return parse(text, max_tokens=limits.tokens)
    except GraphQLSyntaxError as error:
        if _TOO_MANY_WORDS in error.message:
            raise _too_much("tokens", limits.tokens) from None
        if _TOO_NESTED in error.message:
            raise _too_much("depth", limits.depth) from None
        raise


def check(document: DocumentNode, operation: OperationDefinitionNode, limits: Limits) -> None:
    """Raise `TooMuch` where `operation`, or anything else that validation will read, passes a limit.

    Call it between parsing and validating.
    """
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    if len(fragments) > limits.fragments:
        raise _too_much("fragments", limits.fragments)
    measured = {node.name.value: measure(node) for node in fragments}
    costs = _costs(measured)
    others = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    operations = [measure(node) for node in (operation, *others)]
    _within(limits, _OF_OPERATIONS, (add(each, costs) for each in operations))
    _within(limits, _OF_FRAGMENTS, costs.values())
    _overlaps_within(limits, operations, measured)


def _costs(measured: Mapping[str, Measured]) -> dict[str, Cost]:
    """Each fragment's cost with all that it spreads: those it needs first, each once."""
    costs: dict[str, Cost] = {}
    for name in _leaves_first(measured):
        costs[name] = add(measured[name], costs)
    return costs


def _leaves_first(measured: Mapping[str, Measured]) -> Iterator[str]:
    """Depth first without recursion; a cycle is cut where it closes."""
    entered: set[str] = set()
    for start, definition in measured.items():
        path = [(start, iter(definition.spreads))] if start not in entered else []
        entered.add(start)
        while path:
            name, spreads = path[-1]
            below = next(
                (each.name for each in spreads if each.name in measured and each.name not in entered), None
            )
            if below is None:
                yield name
                path.pop()
            else:
                entered.add(below)
                path.append((below, iter(measured[below].spreads)))


def _within(limits: Limits, names: tuple[str, ...], costs: Iterable[Cost]) -> None:
    for cost in costs:
        for name in names:
            if getattr(cost, name) > getattr(limits, name):
                raise _too_much(name, getattr(limits, name))


def _overlaps_within(limits: Limits, operations: list[Measured], measured: Mapping[str, Measured]) -> None:
    """Only after `_within`: each definition written out is then at most `selections` long."""
    if overlaps(operations, {name: measured[name] for name in _leaves_first(measured)}) > limits.overlaps:
        raise _too_much("overlaps", limits.overlaps)


_NAMES_JA: Final = {
    "tokens": "語数",
    "depth": "入れ子の深さ",
    "introspection_depth": "スキーマ照会の深さ",
    "aliases": "別名の数",
    "directives": "ディレクティブの数",
    "root_fields": "最上位の項目数",
    "fragments": "フラグメントの数",
    "selections": "項目数",
    "overlaps": "同じ名前の項目の重なり",
}


def _too_much(limit: str, most: int) -> TooMuch:
    return TooMuch(
        limit,
        f"問い合わせが大きすぎます（{_NAMES_JA[limit]}は{most}まで）。いくつかに分けてお送りください。",
        f"The document is too large: {limit.replace('_', ' ')} may be at most {most}. Split it up.",
    )

"""Random documents over the shown schema: all that GraphQL can say, valid by construction but for clashes."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
)

from libs.reading.fields import named_type, type_of
from tests.reading.population import Row, World
from tests.reading.reference import ORGANISATION_KEYS, SEAT_KEYS, cursor

DEEPEST = 6
ABSENT = object()
NEWEST_KEYS = {"NEWEST": (("id",), (True,))}
# (type, field) → the table of its rows, its orders with their columns, the order without an argument
LISTS: Mapping[tuple[str, str], tuple[str, Mapping[str, Any], str]] = {
    ("Query", "organisations"): ("organisation", ORGANISATION_KEYS, "KANA"),
    ("Query", "groups"): ("working_group", NEWEST_KEYS, "NEWEST"),
    ("Organisation", "seats"): ("seat", SEAT_KEYS, "OLDEST"),
    ("WorkingGroup", "seats"): ("seat", SEAT_KEYS, "LATEST"),
}
WITHHELD_ORDERS = {"STANDING"}


@dataclass
class Drawn:
    """A document with the variables that are sent with it."""

    text: str
    variables: dict[str, Any]


@dataclass
class Drawing:
    """Draws one document; what was declared on the way is written out at the end."""

    random: random.Random
    schema: GraphQLSchema
    world: World
    declared: list[str] = field(default_factory=list[str])
    sent: dict[str, Any] = field(default_factory=dict[str, Any])
    fragments: list[str] = field(default_factory=list[str])
    reusable: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    aliases: int = 0

    def document(self) -> Drawn:
        body = self._selection(self.schema.query_type, 0)
        if self._chance(0.1):
            body += ' __type(name: "Post") { name kind fields { name } } __schema { queryType { name } }'
        head = f"query Q({', '.join(self.declared)})" if self.declared else "query Q"
        return Drawn(f"{head} {{ {body} }} {' '.join(self.fragments)}", self.sent)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _selection(self, of: Any, depth: int) -> str:
        items = [self._item(of, depth) for _ in range(self.random.randint(1, max(1, 4 - depth // 2)))]
        if self._chance(0.15):
            items.append("__typename")
        return " ".join(each for each in items if each) or "__typename"

    def _item(self, of: Any, depth: int) -> str:
        if self._chance(0.12):
            return f"... {self._directive()} {{ {self._selection(of, depth + 1)} }}"
        if isinstance(of, GraphQLUnionType) or (not of.name.startswith("Query") and self._chance(0.15)):
            return self._fragment(of, depth)
        if isinstance(of, GraphQLInterfaceType) and self._chance(0.7):
            return self._fragment(of, depth)
        return self._field(of, depth)

    def _fragment(self, of: Any, depth: int) -> str:
        on = self.random.choice(self._overlapping(of))
        if self.reusable.get(on.name) and self._chance(0.3):
            return f"...{self.random.choice(self.reusable[on.name])} {self._directive()}"
        body = self._selection(on, depth + 1)
        if self._chance(0.5):
            return f"... on {on.name} {self._directive()} {{ {body} }}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {on.name} {{ {body} }}")
        self.reusable.setdefault(on.name, []).append(name)
        return f"...{name} {self._directive()}"

    def _overlapping(self, of: Any) -> list[Any]:
        """Types with an object in common, so that a fragment on them may stand here."""
        node = self.schema.type_map["Node"]
        if isinstance(of, GraphQLObjectType):
            return [of, node] if node in of.interfaces else [of]
        return [*self.schema.get_possible_types(of), of, *([node] if of is not node else [])]

    def _field(self, of: Any, depth: int) -> str:
        names = list(of.fields)
        if depth >= DEEPEST:
            names = [name for name in names if not self._is_composite(of.fields[name])] or ["__typename"]
        name = self.random.choice(names)
        if name == "__typename":
            return self._alias() + name
        graphql: GraphQLField = of.fields[name]
        arguments = self._arguments(of.name, name, graphql)
        head = f"{self._alias(force=bool(arguments))}{name}{arguments} {self._directive()}"
        if not self._is_composite(graphql):
            return head
        inner: Any = named_type(graphql)
        written = f"{head} {{ {self._selection(inner, depth + 1)} }}"
        if self._chance(0.1):  # the same field again: its selections are merged
            written += f" {head} {{ {self._selection(inner, depth + 1)} }}"
        return written

    def _is_composite(self, graphql: GraphQLField) -> bool:
        return isinstance(named_type(graphql), GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)

    def _alias(self, *, force: bool = False) -> str:
        if not force and self._chance(0.75):
            return ""
        self.aliases += 1
        return f"{'a' * self.random.choice((1, 1, 70))}{self.aliases}: "

    def _directive(self) -> str:
        if self._chance(0.85):
            return ""
        name = self.random.choice(("skip", "include"))
        truth = self._chance(0.5)
        if self._chance(0.5):
            return f"@{name}(if: {str(truth).lower()})"
        return f"@{name}(if: {self._truth_variable(given=truth)})"

    def _truth_variable(self, *, given: bool) -> str:
        if self._chance(0.5):
            return self._variable("Boolean!", given)
        return self._variable(f"Boolean = {str(given).lower()}", ABSENT if self._chance(0.5) else not given)

    def _arguments(self, type_name: str, name: str, graphql: GraphQLField) -> str:
        drawn: dict[str, Any] = {}
        listed = LISTS.get((type_name, name))
        for argument, definition in graphql.args.items():
            value = self._value(argument, definition)
            if value is not ABSENT:
                drawn[argument] = value
        if "last" in drawn and "first" in drawn:
            del drawn[self.random.choice(("first", "last"))]
        written: list[str] = []
        order = listed[2] if listed else ""
        if "order" in drawn:
            text, order = self._written("order", graphql.args["order"], drawn.pop("order"), order)
            written.append(text)
        for place in ("after", "before"):
            if place in drawn and listed:
                row: Row = self.random.choice(self.world.all(listed[0]))
                drawn[place] = cursor(order, listed[1][order][0], row)
        for argument, value in drawn.items():
            text, _ = self._written(argument, graphql.args[argument], value, None)
            written.append(text)
        self.random.shuffle(written)
        return f"({', '.join(written)})" if written else ""

    def _value(self, argument: str, definition: GraphQLArgument) -> Any:
        if argument == "id":
            return self._id()
        if self._chance({"first": 0.5, "order": 0.4}.get(argument, 0.8)):
            return ABSENT
        if self._chance(0.1) and argument not in {"first", "last"}:
            return None
        return self._some(argument, definition)

    def _some(self, argument: str, definition: GraphQLArgument) -> Any:
        named = named_type(definition)
        if isinstance(named, GraphQLEnumType):
            names = [name for name in named.values if name not in WITHHELD_ORDERS]
            if isinstance(type_of(definition), GraphQLList):
                return self.random.sample(names, self.random.randint(0, len(names)))
            return self.random.choice(names)
        return self.random.choice(_VALUES[argument])

    def _id(self) -> str:
        prefix, table = self.random.choice(
            (
                ("organisation", "organisation"),
                ("sheet", "organisation"),
                ("person", "person"),
                ("group", "working_group"),
                ("seat", "seat"),
                ("post", "post"),
            )
        )
        return f"{prefix}_{self.random.choice(self.world.all(table))['id']}"

    def _written(
        self, argument: str, definition: GraphQLArgument, value: Any, default: Any
    ) -> tuple[str, Any]:
        """`name: value` as a literal or variable, and what the argument comes to."""
        effective = default if value is None else value
        if self._chance(0.5):
            return f"{argument}: {_literal(value, named_type(definition))}", effective
        type_text = str(type_of(definition))
        if isinstance(type_of(definition), GraphQLNonNull) or self._chance(0.6):
            return f"{argument}: {self._variable(type_text, value)}", effective
        if value is not None and self._chance(0.5):  # by the operation's default
            literal = _literal(value, named_type(definition))
            return f"{argument}: {self._variable(f'{type_text} = {literal}', ABSENT)}", effective
        return f"{argument}: {self._variable(type_text, ABSENT)}", default

    def _variable(self, type_text: str, value: Any) -> str:
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {type_text}")
        if value is not ABSENT:
            self.sent[name] = value
        return f"${name}"


_VALUES: Mapping[str, tuple[Any, ...]] = {
    "first": (0, 1, 2, 3, 5, 8, 40),
    "last": (0, 1, 2, 3, 5, 8, 40),
    "after": ("",),
    "before": ("",),
    "search": ("ひだ", "り", "", "o'", '"', "\\", "%", "😀"),
    "contact": ("work@example.jp", "0743-00-0000", "none"),
    "since": ("2026-10-03T09:30:00Z", "2026-10-04T18:30:00.12+09:00"),
    "by": ("2026-11-22", "2026-11-24", "2020-02-29"),
    "chair": (True, False),
}


def _literal(value: Any, named: Any) -> str:
    if isinstance(named, GraphQLEnumType):
        return f"[{', '.join(cast('list[str]', value))}]" if isinstance(value, list) else value or "null"
    return json.dumps(value, ensure_ascii=False)

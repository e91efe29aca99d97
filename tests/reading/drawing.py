"""Random documents over the shown schema: all that GraphQL can say, valid by construction but for clashes."""

import json
import random
from collections.abc import Callable, Collection, Mapping
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
from tests.reading.paging import NEWEST, Keys, cursor
from tests.reading.world import Row, World

DEEPEST = 6
ABSENT = object()


@dataclass(frozen=True)
class Ground:
    """What documents over one schema are drawn from, beside the schema itself.

    `tables` and `prefixes` are by type; `orders` by (type, field), with the order that holds without an
    argument. `values` are by argument. `ids` names the type that an id argument is mostly of. `is_unasked`
    says of a type's field that it is never drawn. `sized` is the share of lists whose page is given.
    """

    world: World
    elsewhere: World
    tables: Mapping[str, str]
    prefixes: Mapping[str, str]
    orders: Mapping[tuple[str, str], tuple[Keys, str]]
    values: Mapping[str, tuple[Any, ...]]
    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    is_unasked: Callable[[str, str], bool] = lambda _, __: False
    withheld_orders: Collection[str] = ()
    sized: float = 0.5


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
    ground: Ground
    declared: list[str] = field(default_factory=list[str])
    sent: dict[str, Any] = field(default_factory=dict[str, Any])
    fragments: list[str] = field(default_factory=list[str])
    reusable: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    aliases: int = 0
    wanted: str = ""
    """The type of the id that was drawn last: what an interface's fragment should mostly be on."""

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
        if self._chance(0.15):
            return self._several(of)
        return self._field(of, depth)

    def _several(self, of: Any) -> str:
        """Plain fields side by side, as people ask for them."""
        plain = [name for name in self._asked(of) if not self._is_composite(of.fields[name])]
        return " ".join(self.random.sample(plain, self.random.randint(0, min(10, len(plain)))))

    def _asked(self, of: Any) -> list[str]:
        return [name for name in of.fields if not self.ground.is_unasked(of.name, name)]

    def _fragment(self, of: Any, depth: int) -> str:
        on = self.random.choice(self._overlapping(of))
        if isinstance(of, GraphQLInterfaceType) and self.wanted and self._chance(0.7):
            on = self.schema.type_map[self.wanted]
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
        names = self._asked(of)
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
        keys, order = self.ground.orders.get((type_name, name), (NEWEST, "NEWEST"))
        for argument in graphql.args:
            value = self._value(argument, graphql)
            if value is not ABSENT:
                drawn[argument] = value
        if "last" in drawn and "first" in drawn:
            del drawn[self.random.choice(("first", "last"))]
        written: list[str] = []
        if "order" in drawn:
            text, order = self._written("order", graphql.args["order"], drawn.pop("order"), order)
            written.append(text)
        for place in ("after", "before"):
            if drawn.get(place) is not None:
                row = self._row_of(graphql)
                drawn[place] = cursor(order, keys[order][0], row)
        for argument, value in drawn.items():
            text, _ = self._written(argument, graphql.args[argument], value, None)
            written.append(text)
        self.random.shuffle(written)
        return f"({', '.join(written)})" if written else ""

    def _row_of(self, graphql: GraphQLField) -> Row:
        """Any row that the connection might hold, whether or not the viewer may find it."""
        connection: Any = named_type(graphql)
        listed: Any = named_type(connection.fields["nodes"])
        return self.random.choice(self.ground.world.all(self.ground.tables[listed.name]))

    def _value(self, argument: str, graphql: GraphQLField) -> Any:
        definition = graphql.args[argument]
        if isinstance(type_of(definition), GraphQLNonNull):
            return self._some(argument, graphql)
        if self._chance({"first": 1 - self.ground.sized, "order": 0.4}.get(argument, 0.8)):
            return ABSENT
        if self._chance(0.1) and argument not in {"first", "last"}:
            return None
        return self._some(argument, graphql)

    def _some(self, argument: str, graphql: GraphQLField) -> Any:
        definition = graphql.args[argument]
        named = named_type(definition)
        if named.name == "ID":
            return self._id(self.ground.ids.get(argument, named_type(graphql).name))
        if isinstance(named, GraphQLEnumType):
            names = [name for name in named.values if name not in self.ground.withheld_orders]
            if isinstance(type_of(definition), GraphQLList):
                return self.random.sample(names, self.random.randint(0, len(names)))
            return self.random.choice(names)
        return self.random.choice(self.ground.values[argument])

    def _id(self, type_name: str) -> str:
        """Mostly of the type that is asked for, at times of another one, or of another tenant's row."""
        if type_name not in self.ground.tables or self._chance(0.1):
            type_name = self.random.choice(list(self.ground.tables))
        world = self.ground.elsewhere if self._chance(0.1) else self.ground.world
        row = self.random.choice(world.all(self.ground.tables[type_name]))
        self.wanted = type_name
        return f"{self.ground.prefixes[type_name]}_{row['id']}"

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


def _literal(value: Any, named: Any) -> str:
    if isinstance(named, GraphQLEnumType):
        return f"[{', '.join(cast('list[str]', value))}]" if isinstance(value, list) else value or "null"
    return json.dumps(value, ensure_ascii=False)

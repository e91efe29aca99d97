"""From one operation to one statement: every table through `Blocks`, every field through `Objects`."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    OperationDefinitionNode,
    is_abstract_type,
)
from sqlalchemy.sql.expression import ColumnElement

from libs.persistence.statements import compiled_text
from libs.policy.access import Access
from libs.reading import ids
from libs.reading.arguments import Arguments, Given
from libs.reading.blocks import Blocks, Conditions
from libs.reading.declare import ById, Condition, Current, Feed, Join, Many, One, OneOf, Row
from libs.reading.facts import Facts
from libs.reading.feeds import Feeds
from libs.reading.fields import Field, UnfitDeclaration, named_type
from libs.reading.lists import Lists
from libs.reading.objects import Objects
from libs.reading.plan import Cost, Getter, Plan, Size
from libs.reading.registry import Registry
from libs.reading.selection import Selection
from libs.reading.sqljson import NULL, JsonObject, Literal, as_bytes
from libs.tenancy.models import platform_settings

Json = ColumnElement[Any]
ROOT_TYPE = "Query"


class Compiler:
    """Compiles one operation for one set of grants; what it asks of `facts` becomes the plan's key."""

    def __init__(
        self,
        registry: Registry,
        access: Access,
        fragments: Mapping[str, FragmentDefinitionNode],
        facts: Facts,
    ) -> None:
        self.registry = registry
        self.facts = facts
        self.blocks = Blocks(access)
        self.selection = Selection(registry.schema, fragments, facts)
        self.objects = Objects(self)
        self.cost = Cost(own=0)
        self._lists = Lists(self)
        self._feeds = Feeds(self)
        self._getters: dict[str, Getter] = {}

    def operation(self, operation: OperationDefinitionNode) -> Plan:
        """The compiled root fields; introspection roots are named in the plan and answered beside."""
        roots = self.selection.of(ROOT_TYPE, [operation.selection_set])
        beside = {key: nodes for key, nodes in roots.items() if not self._is_compiled(nodes[0].name.value)}
        pairs = [(key, self._root(nodes)) for key, nodes in roots.items() if key not in beside]
        return self._plan(JsonObject(pairs), beside, tuple(roots))

    def payload(self, type_name: str, nodes: Sequence[FieldNode], identity: str = "payload_id") -> Plan:
        """One object by id, as a mutation's or subscription's payload reads it."""
        answer = self.single(type_name, nodes, _is(sa.bindparam(identity, type_=sa.Uuid())))
        # a JSON null is 'not to be found', no answer at all is 'ask again': see _plan
        return self._plan(sa.func.coalesce(answer, NULL), {}, ())

    def arguments(self, field: GraphQLField, node: FieldNode) -> Arguments:
        return Arguments(field, node, self.facts)

    def bind(self, getter: Getter, type_: Any) -> "sa.BindParameter[Any]":  # noqa: ANN401
        """A place that `getter` fills at each request."""
        name = f"a{len(self._getters)}"
        self._getters[name] = getter
        return sa.bindparam(name, type_=type_)

    @contextmanager
    def costing(self, size: Size | None) -> Generator[None]:
        """What is compiled inside counts once for each row of `size`."""
        outer, inner = self.cost, Cost()
        outer.parts.append((size, inner))
        self.cost = inner
        try:
            yield
        finally:
            self.cost = outer

    def many(self, parent: Row | None, field: Field, many: Many, nodes: Sequence[FieldNode]) -> Json:
        return self._lists.json(parent, field, many, nodes)

    def feed(self, parent: Row, field: Field, feed: Feed, nodes: Sequence[FieldNode]) -> Json:
        return self._feeds.json(parent, field, feed, nodes)

    def one(self, parent: Row, one: One, nodes: Sequence[FieldNode]) -> Json:
        return self.single(one.target, nodes, _joined(parent, one.on))

    def one_of(self, parent: Row, several: OneOf, nodes: Sequence[FieldNode]) -> Json:
        return sa.case(
            *(
                (parent.c[several.column] == value, self.single(target, nodes, _joined(parent, on)))
                for value, (target, on) in several.targets.items()
            )
        )

    def single(self, target: str, nodes: Sequence[FieldNode], conditions: Conditions) -> Json:
        fields = self.selection.under(target, nodes)
        with self.costing(None):
            block = self.blocks.single(
                self.registry.stored[target], conditions, self.objects.relations(target, fields)
            )
            item = self.objects.json(target, block, fields)
        return sa.select(item).select_from(block.source).scalar_subquery()

    def _is_compiled(self, name: str) -> bool:
        return name == "__typename" or self.registry.is_compiled_root(name)

    def _root(self, nodes: Sequence[FieldNode]) -> Json:
        name = nodes[0].name.value
        if name == "__typename":
            return Literal(json.dumps(ROOT_TYPE))
        field = self.registry.field(ROOT_TYPE, name)
        match field.declaration:
            case ById(target=target):
                return self._by_id(field, target, nodes)
            case Current(target=target, where=where):
                return self.single(target, nodes, self._meeting(where))
            case Many() as many:
                return self.many(None, field, many, nodes)
            case _:
                raise UnfitDeclaration(f"{ROOT_TYPE}.{name}: not a root's declaration")

    def _by_id(self, field: Field, target: str | None, nodes: Sequence[FieldNode]) -> Json:
        given = self.arguments(field.graphql, nodes[0]).given("id")
        if given is None:
            return NULL
        wanted = target or self.registry.type_of_prefix(self._prefix(given))
        if wanted is None or not self._may_be(field, wanted):
            return NULL
        prefix = self.registry.stored[wanted].prefix
        place = self.bind(lambda variables: ids.of_type(prefix, given.get(variables)), sa.Uuid())
        return self.single(wanted, nodes, _is(place))

    def _may_be(self, field: Field, type_name: str) -> bool:
        """Whether the field's type admits objects of this one: an id may be of any compiled type."""
        shown, concrete = named_type(field.graphql), self.registry.schema.type_map[type_name]
        if is_abstract_type(shown) and isinstance(concrete, GraphQLObjectType):
            return self.registry.schema.is_sub_type(shown, concrete)
        return shown is concrete

    def _meeting(self, where: Condition) -> Conditions:
        return lambda row: [where(row, self.blocks.access.asker)]

    def _prefix(self, given: Given) -> str:
        if given.variable is not None:
            return self.facts.ask("prefix", given.variable)
        return ids.decode(given.get({}))[0]

    def _plan(self, answer: Json, beside: Mapping[str, Sequence[FieldNode]], keys: tuple[str, ...]) -> Plan:
        compiled = compiled_text(
            sa.select(sa.case((self._viewer_is_current(), as_bytes(answer))).label("answer"))
        )
        return Plan(str(compiled), tuple(self._places(compiled)), self.cost, beside, keys)

    def _viewer_is_current(self) -> ColumnElement[bool]:
        """No answer under a remembered viewer or policy that has changed since: the caller loads it anew."""
        settings = platform_settings.alias("viewer")
        asker = self.blocks.access.asker
        return sa.exists(
            sa.select(sa.literal_column("1", sa.Integer())).where(
                settings.c.tenant_id == asker.tenant,
                settings.c.id == asker.tenant,
                settings.c.access_version == sa.bindparam("access_version", type_=sa.BigInteger()),
                settings.c.policy_version == sa.bindparam("policy_version", type_=sa.BigInteger()),
            )
        )

    def _places(self, compiled: Any) -> Iterator[str | Getter]:  # noqa: ANN401
        for name in compiled.positiontup:
            getter = self._getters.get(name)
            if getter is not None:
                yield getter
            elif compiled.params[name] is not None:
                yield _constant(compiled.params[name])
            else:
                yield name


def _joined(parent: Row, on: Join) -> Conditions:
    return lambda row: [on(parent, row)]


def _is(identity: ColumnElement[Any]) -> Conditions:
    return lambda row: [row.c.id == identity]


def _constant(value: object) -> Getter:
    return lambda _: value

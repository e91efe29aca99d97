"""The product's schema with plain resolvers over rows in memory, executed by graphql-core itself.

Written apart from the compiled declarations: what they share is the schema's text. A field is by convention
its column in snake case, a link to one row the column `…_id`; `oddities` says what is not so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import graphql as untyped_graphql
from graphql import ExecutionResult, GraphQLEnumType, GraphQLObjectType, GraphQLSchema, build_schema, parse

from libs.reading.fields import named_type
from libs.tenancy.viewer import Viewer
from tests.oracle import lists, oddities
from tests.oracle.facts import Judge
from tests.oracle.seeing import Asked, Thing
from tests.reading.paging import printed
from tests.reading.world import World

# graphql-core leaves out type arguments
_graphql: Any = untyped_graphql


@dataclass(frozen=True)
class Reference:
    """Answers a document as graphql-core does."""

    schema: GraphQLSchema
    reached: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Fields that were answered with something."""

    @classmethod
    def of(cls, sdl: str) -> "Reference":
        return cls(build_schema(sdl))

    def answer(
        self, text: str, variables: Mapping[str, Any], viewer: Viewer, world: World
    ) -> ExecutionResult:
        return _graphql.execute_sync(
            self.schema,
            parse(text),
            context_value=Asked(Judge(world, viewer)),
            variable_values=dict(variables),
            field_resolver=self._resolve,
            type_resolver=_type_of,
        )

    def _resolve(self, source: Any, info: Any, **given: Any) -> Any:
        found = _resolve(source, info, given)
        if found is not None:
            self.reached.add((info.parent_type.name, info.field_name))
        return found


def _type_of(thing: Thing, *_: Any) -> str:
    return thing.type


def _resolve(source: Any, info: Any, given: Mapping[str, Any]) -> Any:
    asked: Asked = info.context
    name: str = info.field_name
    if isinstance(source, dict):  # of a page
        return cast("dict[str, Any]", source)[name]
    if source is None:
        return lists.root(asked, name, given)
    thing: Thing = source
    if name == "id":
        return asked.id_of(thing)
    if name == "hiddenFields":
        return withheld(asked, thing, info.parent_type)
    if not asked.opens(thing, policy_name(thing.type, name)):
        return None
    return _value(asked, thing, name, given, info.parent_type)


def withheld(asked: Asked, thing: Thing, of: GraphQLObjectType) -> list[str]:
    """In the schema's order."""
    return [name for name in masked(of) if not asked.opens(thing, policy_name(thing.type, name))]


def masked(of: GraphQLObjectType) -> list[str]:
    """The fields on which the policy decides."""
    open_always = {"id", "hiddenFields"}
    return [name for name in of.fields if name not in open_always and not oddities.is_left_out(of.name, name)]


def policy_name(type_name: str, field: str) -> str:
    return oddities.POLICY_NAMES.get((type_name, field), snake(field))


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _value(asked: Asked, thing: Thing, name: str, given: Mapping[str, Any], of: GraphQLObjectType) -> Any:
    named = named_type(of.fields[name])
    if (thing.type, name) in lists.LISTS:
        return lists.nested(asked, thing, name, given)
    if (thing.type, name) in oddities.COMPUTED:
        return _shown(oddities.COMPUTED[thing.type, name](asked, thing.row), named)
    if isinstance(named, GraphQLObjectType):
        column = oddities.LINKS.get((thing.type, name), f"{snake(name)}_id")
        return asked.of(named.name, thing.row[column])
    return _shown(thing.row[snake(name)], named)


def _shown(value: Any, named: Any) -> Any:
    if isinstance(value, list) and any(isinstance(each, date) for each in cast("list[Any]", value)):
        return [printed(each) for each in cast("list[date]", value)]
    if isinstance(value, date):
        return printed(value)
    if isinstance(named, GraphQLEnumType) and value is not None:
        names = oddities.ENUM_NAMES.get(named.name, {})
        codes = cast("list[str]", value) if isinstance(value, list) else [cast("str", value)]
        written = [names.get(code, code.upper()) for code in codes]
        return written if isinstance(value, list) else written[0]
    return value

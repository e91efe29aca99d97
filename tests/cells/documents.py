"""One query for all fields of a type, and what an answer to it says of each."""

from functools import cache
from typing import Any

from graphql import GraphQLObjectType

from libs.reading.declare import Column, Feed, Many, One, OneOf
from libs.reading.fields import named_type
from services.platform.app import registry
from tests.cells.table import ABSENT, OPEN, WITHHELD

Fields = dict[str, Any]

HIDDEN = "hiddenFields"
OF_THE_ROW = (Column, One, OneOf, Many, Feed)


def fields_of(type_name: str) -> list[str]:
    """Those on which the policy decides."""
    return [field.name for field in registry().masked_fields_of(type_name)]


@cache
def document_of(type_name: str) -> str:
    """All fields of the type in one query. Of a link's other end nothing is asked."""
    concrete = _concrete(type_name)
    asked = [*fields_of(type_name), *([HIDDEN] if HIDDEN in concrete.fields else [])]
    selected = [f"{name} {{ __typename }}" if is_link(type_name, name) else name for name in asked]
    return f"query ($id: ID!) {{ node(id: $id) {{ ... on {type_name} {{ {' '.join(selected)} }} }} }}"


def is_link(type_name: str, field: str) -> bool:
    """Whether other rows stand at its end."""
    return isinstance(named_type(_concrete(type_name).fields[field]), GraphQLObjectType)


def state_of(type_name: str, field: str, answer: Fields | None, values: Fields) -> str:
    """Open, withheld, absent, or what else it is; `values` are those that the row has."""
    if answer is None:
        return ABSENT
    value, hidden = answer[field], answer.get(HIDDEN, [field] if answer[field] is None else [])
    if field in hidden:
        return WITHHELD if value is None else "named among the hidden, and shown"
    expected = values[field] if _is_of_the_row(type_name, field) or value is None else value
    return OPEN if value == expected else f"not hidden, yet {value!r}"


def _is_of_the_row(type_name: str, field: str) -> bool:
    """Whether the value is the same for all who see it: what the asker may do with the row is not."""
    return isinstance(registry().field(type_name, field).declaration, OF_THE_ROW)


def _concrete(type_name: str) -> GraphQLObjectType:
    concrete = registry().schema.type_map[type_name]
    if not isinstance(concrete, GraphQLObjectType):
        raise TypeError(f"{type_name} is no object type")
    return concrete

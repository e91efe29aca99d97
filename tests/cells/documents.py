"""One query for all fields of a type, and what an answer to it says of each."""

from functools import cache
from typing import Any

from graphql import GraphQLObjectType

from libs.reading.fields import named_type
from services.platform.app import registry
from tests.cells.table import ABSENT, OPEN, WITHHELD

Fields = dict[str, Any]

HIDDEN = "hiddenFields"


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


def state_of(field: str, answer: Fields | None, values: Fields) -> str:
    """Open, withheld, absent, or what else it is; `values` are those that the row has."""
    if answer is None:
        return ABSENT
    value, hidden = answer[field], answer.get(HIDDEN)
    if hidden is None:
        return WITHHELD if value is None else _shown(value, values[field])
    if field in hidden:
        return WITHHELD if value is None else "named among the hidden, and shown"
    return _shown(value, values[field])


def _shown(value: object, expected: object) -> str:
    return OPEN if value == expected else f"not hidden, yet {value!r}"


def _concrete(type_name: str) -> GraphQLObjectType:
    concrete = registry().schema.type_map[type_name]
    if not isinstance(concrete, GraphQLObjectType):
        raise TypeError(f"{type_name} is no object type")
    return concrete

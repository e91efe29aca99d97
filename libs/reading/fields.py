"""One declared field of a compiled type, and the refusal of one that cannot be served."""

from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLArgument, GraphQLEnumType, GraphQLField, GraphQLNamedType, get_named_type

from libs.reading.declare import Can, Column, Declaration, Feed, Many, One, OneOf


class UnfitDeclaration(Exception):
    """A compiled type that the service refuses to start with; the text names type, field and mend."""


@dataclass(frozen=True, slots=True)
class Field:
    """A declaration with its GraphQL definition; `python_name` is its column unless another is named."""

    name: str
    python_name: str
    declaration: Declaration
    graphql: GraphQLField

    @property
    def enum(self) -> GraphQLEnumType | None:
        named = named_type(self.graphql)
        return named if isinstance(named, GraphQLEnumType) else None

    @property
    def is_masked(self) -> bool:
        """Whether the policy decides on it, row by row; ids and hiddenFields are open with the row."""
        return isinstance(self.declaration, Column | One | OneOf | Many | Feed | Can)

    @property
    def policy_name(self) -> str:
        """The name that the policy knows the field by."""
        return getattr(self.declaration, "policy", None) or self.python_name


def type_of(definition: Any) -> Any:  # noqa: ANN401 - graphql-core's list types are generic over nothing known
    """The type of a field or argument as it is written."""
    return definition.type


def named_type(definition: GraphQLField | GraphQLArgument) -> GraphQLNamedType:
    """The same without its lists and non-nulls."""
    return cast("GraphQLNamedType", get_named_type(type_of(definition)))


def codes_of(enum: GraphQLEnumType) -> dict[str, Any]:
    """The enum's names with the codes that are stored for them."""
    return {name: getattr(entry.value, "value", entry.value) for name, entry in enum.values.items()}


def are_upper_case(codes: dict[str, Any]) -> bool:
    return all(name == code.upper() for name, code in codes.items())

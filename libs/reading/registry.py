"""The schema's compiled types, found once at start, with everything that is refused before a request comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from libs.reading.declare import (
    METADATA,
    STORED,
    ById,
    Column,
    Current,
    Declaration,
    Feed,
    Hidden,
    Identity,
    Many,
    One,
    OneOf,
    Stored,
)


class UnfitDeclaration(Exception):
    """A compiled type that the service refuses to start with; the text names type, field and mend."""


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field: its GraphQL definition and the name that the policy knows it by."""

    name: str
    policy_name: str
    declaration: Declaration
    graphql: GraphQLField

    @property
    def enum(self) -> GraphQLEnumType | None:
        named = get_named_type(self.graphql.type)
        return named if isinstance(named, GraphQLEnumType) else None


class Registry:
    """Looks up a type's table and a field's declaration by their GraphQL names."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.schema: GraphQLSchema = schema._schema  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - strawberry offers no other way to its graphql-core schema
        self.stored: dict[str, Stored] = {}
        self._fields: dict[tuple[str, str], Field] = {}
        self._undeclared: list[tuple[str, StrawberryField]] = []
        self._prefixes: dict[str, str] = {}
        for name, definition in _definitions(schema):
            self._add(schema, name, definition)
        self._check()

    def field(self, type_name: str, field_name: str) -> Field:
        return self._fields[type_name, field_name]

    def is_compiled_root(self, field_name: str) -> bool:
        return ("Query", field_name) in self._fields

    def type_of_prefix(self, prefix: str) -> str | None:
        return self._prefixes.get(prefix)

    def fields(self) -> Iterator[tuple[str, Field]]:
        for (type_name, _), field in self._fields.items():
            yield type_name, field

    def fields_of(self, type_name: str) -> list[Field]:
        return [field for owner, field in self.fields() if owner == type_name]

    def _add(self, schema: strawberry.Schema, name: str, definition: StrawberryObjectDefinition) -> None:
        marked: Stored | None = definition.origin.__dict__.get(STORED)
        if marked is not None:
            self.stored[name] = marked
            if self._prefixes.setdefault(marked.prefix, name) != name:
                raise UnfitDeclaration(f"{name}: another type has the id prefix {marked.prefix!r}")
        implementation = self.schema.type_map[name]
        if not isinstance(implementation, GraphQLObjectType):
            return
        for field in definition.fields:
            graphql_name = schema.config.name_converter.get_graphql_name(field)
            declaration = field.metadata.get(METADATA)
            if declaration is None:
                self._undeclared.append((name, field))
            else:
                self._fields[name, graphql_name] = Field(
                    graphql_name, field.python_name, declaration, implementation.fields[graphql_name]
                )
                _check_plain(name, field)

    def _check(self) -> None:
        for name, field in self._undeclared:
            if name in self.stored:
                raise UnfitDeclaration(
                    f"{name}.{field.python_name}: a compiled type has no plain resolvers; declare how it is read"
                )
        for name, field in self.fields():
            self._check_targets(name, field)
            if name in self.stored:
                _check_nullable(name, field)

    def _check_targets(self, name: str, field: Field) -> None:
        for target in _targets(field.declaration):
            if target not in self.stored:
                raise UnfitDeclaration(f"{name}.{field.name}: {target} is no compiled type")
        if isinstance(field.declaration, Many):
            table = self.stored[field.declaration.target].table
            for order in field.declaration.orders.values():
                for column, _ in order.columns:
                    if table.c[column].nullable:
                        raise UnfitDeclaration(f"{name}.{field.name}: order column {column} may be null")


def _definitions(schema: strawberry.Schema) -> Iterator[tuple[str, StrawberryObjectDefinition]]:
    for name, concrete in schema.schema_converter.type_map.items():
        if isinstance(concrete.definition, StrawberryObjectDefinition):
            yield name, concrete.definition


def _targets(declaration: Declaration) -> list[str]:
    match declaration:
        case One(target=target) | Many(target=target) | Current(target=target):
            return [target]
        case OneOf(targets=targets):
            return [target for target, _ in targets.values()]
        case Feed(members=members):
            return [member.target for member in members]
        case ById(target=target):
            return [target] if target else []
        case _:
            return []


def _check_plain(name: str, field: StrawberryField) -> None:
    extras: list[Any] = [*field.permission_classes, *field.extensions]
    if extras:
        raise UnfitDeclaration(
            f"{name}.{field.python_name}: permission classes and extensions do not run in compiled reads; "
            "say it in the policy"
        )


def _check_nullable(name: str, field: Field) -> None:
    """A field that the policy may withhold is nullable, so that withholding is never an error."""
    masked = isinstance(field.declaration, Column | One | OneOf)
    if masked and isinstance(field.graphql.type, GraphQLNonNull):
        raise UnfitDeclaration(f"{name}.{field.name}: the policy may withhold it, so it must be nullable")
    if isinstance(field.declaration, Identity | Hidden) and not isinstance(
        field.graphql.type, GraphQLNonNull
    ):
        raise UnfitDeclaration(f"{name}.{field.name}: never withheld, so it must not be nullable")

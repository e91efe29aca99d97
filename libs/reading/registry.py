"""The schema's compiled types, found once at start; what cannot be served is refused there and then."""

from collections.abc import Iterator

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from libs.reading import checks
from libs.reading.declare import METADATA, STORED, Stored
from libs.reading.fields import Field, UnfitDeclaration

__all__ = ["Field", "Registry", "UnfitDeclaration"]


class Registry:
    """Looks up a type's table and a field's declaration by their GraphQL names. Raises UnfitDeclaration."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.schema: GraphQLSchema = schema._schema  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - strawberry offers no other way to its graphql-core schema
        self.stored: dict[str, Stored] = {}
        self._fields: dict[tuple[str, str], Field] = {}
        self._prefixes: dict[str, str] = {}
        checks.check_schema(schema)
        plain: list[tuple[str, StrawberryField]] = []
        for name, definition in _definitions(schema):
            self._add_stored(name, definition)
            plain += self._add_fields(schema, name, definition)
        checks.check_plain(self.stored, plain)
        for name, field in self.fields():
            checks.check_field(self.schema, self.stored, name, field)
        self._masked = {
            name: [field for owner, field in self.fields() if owner == name and field.is_masked]
            for name in self.stored
        }

    def field(self, type_name: str, field_name: str) -> Field:
        return self._fields[type_name, field_name]

    def is_compiled_root(self, field_name: str) -> bool:
        return ("Query", field_name) in self._fields

    def type_of_prefix(self, prefix: str) -> str | None:
        return self._prefixes.get(prefix)

    def fields(self) -> Iterator[tuple[str, Field]]:
        for (type_name, _), field in self._fields.items():
            yield type_name, field

    def masked_fields_of(self, type_name: str) -> list[Field]:
        """The fields on which the policy decides, in the schema's order."""
        return self._masked[type_name]

    def _add_stored(self, name: str, definition: StrawberryObjectDefinition) -> None:
        marked: Stored | None = definition.origin.__dict__.get(STORED)
        if marked is None:
            return
        self.stored[name] = marked
        checks.check_prefix(name, marked.prefix)
        if self._prefixes.setdefault(marked.prefix, name) != name:
            raise UnfitDeclaration(f"{name}: another type has the id prefix {marked.prefix!r}")

    def _add_fields(
        self, schema: strawberry.Schema, name: str, definition: StrawberryObjectDefinition
    ) -> list[tuple[str, StrawberryField]]:
        """Answers the fields that no declaration says how to read."""
        implementation = self.schema.type_map[name]
        if not isinstance(implementation, GraphQLObjectType):
            return []
        plain: list[tuple[str, StrawberryField]] = []
        for field in definition.fields:
            declaration = field.metadata.get(METADATA)
            if declaration is None:
                plain.append((name, field))
                continue
            checks.check_extras(name, field)
            graphql_name = schema.config.name_converter.get_graphql_name(field)
            self._fields[name, graphql_name] = Field(
                graphql_name, field.python_name, declaration, implementation.fields[graphql_name]
            )
        return plain


def _definitions(schema: strawberry.Schema) -> Iterator[tuple[str, StrawberryObjectDefinition]]:
    for name, concrete in schema.schema_converter.type_map.items():
        if isinstance(concrete.definition, StrawberryObjectDefinition):
            yield name, concrete.definition

"""What a room says of a list that people want as a table: the document that reads it, and its columns."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from graphql import (
    FieldNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    get_named_type,
    parse,
    validate,
)

Words = Mapping[str, tuple[str, str]]
"""What a code is called, in Japanese and in English; codes are looked up in lower case."""
Kind = Literal["text", "day", "moment", "number", "yes"]
ROOT: Final = "rows"
PAGE: Final = 100
PAGING: Final = frozenset({"first", "after"})


class UnfitExport(TypeError):
    """A declaration that the schema cannot serve; the process does not start with it."""


@dataclass(frozen=True, slots=True)
class Column:
    """`path`: the field's GraphQL names from the row on ("organisation.name"). A list is one cell."""

    path: str
    ja: str
    en: str
    kind: Kind = "text"
    words: Words = field(default_factory=dict[str, tuple[str, str]])

    @property
    def names(self) -> list[str]:
        return self.path.split(".")


@dataclass(frozen=True)
class Export:
    """A list by name. `document` selects it as `rows`; as a connection it takes $first and $after.

    Every other variable of the document is a parameter of the URL, and `hiddenFields` wherever it is selected
    says which cells are withheld.
    """

    name: str
    ja: str
    en: str
    document: str
    columns: tuple[Column, ...]
    page: int = PAGE

    @cached_property
    def variables(self) -> Mapping[str, VariableDefinitionNode]:
        """The document's variables by name."""
        operation = parse(self.document).definitions[0]
        if not isinstance(operation, OperationDefinitionNode):
            raise UnfitExport(f"{self.name}: the document is one query")
        return {each.variable.name.value: each for each in operation.variable_definitions or ()}

    @property
    def is_paged(self) -> bool:
        return self.variables.keys() >= PAGING

    @property
    def parameters(self) -> list[str]:
        return [name for name in self.variables if name not in PAGING]


class Exports:
    """All exports of a service, by name."""

    def __init__(self, *exports: Export) -> None:
        self._exports = {each.name: each for each in exports}
        if len(self._exports) != len(exports):
            raise UnfitExport("two exports have one name")

    def __iter__(self) -> Iterator[Export]:
        return iter(self._exports.values())

    def get(self, name: str) -> Export | None:
        return self._exports.get(name)

    @property
    def documents(self) -> list[str]:
        return [each.document for each in self]

    def check(self, schema: GraphQLSchema) -> None:
        """Raises UnfitExport for a document that is not valid, or a column that it does not select."""
        for each in self:
            errors = validate(schema, parse(each.document))
            if errors:
                raise UnfitExport(f"{each.name}: {errors[0].message}")
            _check_columns(each, _row_type(each, schema))


def _row_type(export: Export, schema: GraphQLSchema) -> GraphQLObjectType:
    operation = parse(export.document).definitions[0]
    root = operation.selection_set.selections[0] if isinstance(operation, OperationDefinitionNode) else None
    if not isinstance(root, FieldNode) or root.alias is None or root.alias.value != ROOT:
        raise UnfitExport(f"{export.name}: the document is one query of one field as `{ROOT}`")
    found = _object(schema.query_type, root.name.value, export)
    return _object(found, "nodes", export) if export.is_paged else found


def _object(parent: GraphQLNamedType | None, name: str, export: Export) -> GraphQLObjectType:
    found = _type_of(parent, name)
    if not isinstance(found, GraphQLObjectType):
        raise UnfitExport(f"{export.name}: {name!r} is no object")
    return found


def _type_of(parent: GraphQLNamedType | None, name: str) -> GraphQLNamedType | None:
    if not isinstance(parent, GraphQLObjectType) or name not in parent.fields:
        return None
    return get_named_type(parent.fields[name].type)  # pyright: ignore - graphql-core leaves its lists open


def _check_columns(export: Export, row: GraphQLObjectType) -> None:
    for column in export.columns:
        _check_path(export, column.names, row)


def _check_path(export: Export, names: Iterable[str], row: GraphQLObjectType) -> None:
    found: GraphQLNamedType = row
    for name in names:
        inner = _type_of(found, name)
        if inner is None or not re.search(rf"\b{name}\b", export.document):
            raise UnfitExport(f"{export.name}: the document does not read {name!r}")
        found = inner

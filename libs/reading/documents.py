"""Documents, looked up by their text: parsed, bounded and validated once, and remembered."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_variable_values,
    validate,
)

from libs.errors.problems import InvalidInput
from libs.reading import bounds

DOCUMENTS_REMEMBERED = 2_000
LONGEST_REMEMBERED = 20_000
"""Characters: a document of a megabyte of white space is answered, not kept."""
MOST_VARIABLE_ERRORS = 5


class DocumentRefused(Exception):
    """The request's document or variables are not in order; graphql-core's errors say where."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(f"{len(errors)} errors in the document")
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A validated document; plans are remembered for this very object."""

    ast: DocumentNode
    operations: Mapping[str, OperationDefinitionNode]
    fragments: Mapping[str, FragmentDefinitionNode]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Raises InvalidInput where the name chooses none."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        found = self.operations.get(name or "")
        if found is None:
            raise _unchosen()
        return found


Errors = tuple[GraphQLError, ...]


class Documents:
    """The bounded memory of documents, by text; a refused one is remembered with its errors."""

    def __init__(self, schema: GraphQLSchema, limits: bounds.Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._known: OrderedDict[str, Document | Errors] = OrderedDict()

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._known)

    def find(self, text: str) -> Document:
        """Raises DocumentRefused, TooMuch, InvalidInput, or graphql-core's GraphQLSyntaxError."""
        known = self._known.get(text)
        if known is None:
            known = self._examined(text)
            self._remember(text, known)
        else:
            self._known.move_to_end(text)
        if isinstance(known, Document):
            return known
        # a new one each time: an exception raised again keeps the frames of all who raised it before
        raise DocumentRefused(known)

    def variables(self, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> dict[str, Any]:
        """The operation's variables, coerced. Raises DocumentRefused."""
        if not operation.variable_definitions:
            return {}
        values = get_variable_values(
            self._schema, operation.variable_definitions, dict(given), max_errors=MOST_VARIABLE_ERRORS
        )
        if isinstance(values, list):
            raise DocumentRefused(values)
        return values.coerced

    def _remember(self, text: str, known: Document | Errors) -> None:
        if len(text) <= LONGEST_REMEMBERED:
            self._known[text] = known
        if len(self._known) > DOCUMENTS_REMEMBERED:
            self._known.popitem(last=False)

    def _examined(self, text: str) -> Document | Errors:
        ast = bounds.parse_document(text, self._limits)
        operations = [node for node in ast.definitions if isinstance(node, OperationDefinitionNode)]
        if not operations:
            raise _unchosen()
        bounds.check(ast, operations[0], self._limits)  # it holds every definition to the limits
        errors = validate(self._schema, ast, max_errors=MOST_VARIABLE_ERRORS)
        if errors:
            return tuple(errors)
        return Document(
            ast,
            {"" if node.name is None else node.name.value: node for node in operations},
            {node.name.value: node for node in ast.definitions if isinstance(node, FragmentDefinitionNode)},
        )


def _unchosen() -> InvalidInput:
    return InvalidInput(
        "operationName",
        "実行する操作を operationName で一つ指定してください。",
        "Name one operation of the document in operationName.",
        detail="OPERATION_NAME",
    )

"""Documents, looked up by their text: parsed, bounded and validated once, with the plans made for them."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
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
from libs.reading.facts import Tree
from libs.reading.plan import Plan

DOCUMENTS_REMEMBERED = 2_000
GRANTS_PER_DOCUMENT = 64
MOST_VARIABLE_ERRORS = 5


class DocumentRefused(Exception):
    """The request's document or variables are not in order; graphql-core's errors say where."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(f"{len(errors)} errors in the document")
        self.errors = tuple(errors)


@dataclass(slots=True)
class Document:
    """A validated document. `trees` keeps its plans per operation or payload and set of grants, bounded."""

    ast: DocumentNode
    operations: Mapping[str, OperationDefinitionNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    trees: dict[Hashable, Tree[Plan]] = field(default_factory=dict[Hashable, Tree[Plan]])

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Raises InvalidInput where the name chooses none."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        found = self.operations.get(name or "")
        if found is None:
            raise InvalidInput(
                "operationName",
                "実行する操作を operationName で一つ指定してください。",
                "Name one operation of the document in operationName.",
                detail="OPERATION_NAME",
            )
        return found

    def tree(self, key: Hashable) -> Tree[Plan]:
        tree = self.trees.get(key)
        if tree is None:
            if len(self.trees) >= GRANTS_PER_DOCUMENT:
                self.trees.clear()
            tree = self.trees[key] = Tree[Plan]()
        return tree


class Documents:
    """The bounded memory of documents, by text; a refused one is remembered with its errors."""

    def __init__(self, schema: GraphQLSchema, limits: bounds.Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._known: OrderedDict[str, Document | DocumentRefused] = OrderedDict()

    def find(self, text: str) -> Document:
        """Raises DocumentRefused, TooMuch, or graphql-core's GraphQLSyntaxError."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._examined(text)
            if len(self._known) > DOCUMENTS_REMEMBERED:
                self._known.popitem(last=False)
        if isinstance(known, DocumentRefused):
            raise known
        return known

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

    def _examined(self, text: str) -> Document | DocumentRefused:
        ast = bounds.parse_document(text, self._limits)
        operations = [node for node in ast.definitions if isinstance(node, OperationDefinitionNode)]
        for operation in operations:
            bounds.check(ast, operation, self._limits)
        errors = validate(self._schema, ast, max_errors=MOST_VARIABLE_ERRORS)
        if errors:
            return DocumentRefused(errors)
        return Document(
            ast,
            {"" if node.name is None else node.name.value: node for node in operations},
            {node.name.value: node for node in ast.definitions if isinstance(node, FragmentDefinitionNode)},
        )

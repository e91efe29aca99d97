"""Which fields a selection asks of one concrete type: aliases, fragments, merging, @skip and @include."""

from collections.abc import Iterable, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    is_abstract_type,
)
from graphql.language import BooleanValueNode

from libs.reading.facts import Facts

Fields = dict[str, list[FieldNode]]


class Selection:
    """Collects fields as the specification's CollectFields does, asking `facts` for directives' variables."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], facts: Facts
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._facts = facts

    def of(self, type_name: str, sets: Iterable[SelectionSetNode | None]) -> Fields:
        """Response key → the field nodes merged under it, in the order of their first appearance."""
        collected: Fields = {}
        visited: set[str] = set()
        for selection_set in sets:
            if selection_set is not None:
                self._collect(type_name, selection_set, collected, visited)
        return collected

    def under(self, type_name: str, nodes: Iterable[FieldNode]) -> Fields:
        """The sub-selection of merged field nodes."""
        return self.of(type_name, (node.selection_set for node in nodes))

    def _collect(
        self, type_name: str, selection_set: SelectionSetNode, into: Fields, visited: set[str]
    ) -> None:
        for node in selection_set.selections:
            if self._included(node):
                self._take(type_name, node, into, visited)

    def _take(self, type_name: str, node: SelectionNode, into: Fields, visited: set[str]) -> None:
        if isinstance(node, FieldNode):
            into.setdefault((node.alias or node.name).value, []).append(node)
        elif isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            if condition is None or self._applies(condition.name.value, type_name):
                self._collect(type_name, node.selection_set, into, visited)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
            visited.add(node.name.value)
            fragment = self._fragments[node.name.value]
            if self._applies(fragment.type_condition.name.value, type_name):
                self._collect(type_name, fragment.selection_set, into, visited)

    def _applies(self, condition: str, type_name: str) -> bool:
        if condition == type_name:
            return True
        abstract, concrete = self._schema.get_type(condition), self._schema.get_type(type_name)
        return (
            is_abstract_type(abstract)
            and isinstance(concrete, GraphQLObjectType)
            and _is_possible(self._schema, abstract, concrete)
        )

    def _included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name in {"skip", "include"}:
                value = self._truth(directive.arguments[0].value)
                if value is (name == "skip"):
                    return False
        return True

    def _truth(self, value: ValueNode) -> bool:
        if isinstance(value, VariableNode):
            return bool(self._facts.ask("value", value.name.value))
        return isinstance(value, BooleanValueNode) and value.value


def _is_possible(schema: GraphQLSchema, abstract: GraphQLAbstractType, concrete: GraphQLObjectType) -> bool:
    return schema.is_sub_type(abstract, concrete)

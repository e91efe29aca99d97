"""Which fields a selection asks of one concrete type: aliases, fragments, merging, @skip and @include."""

from collections.abc import Iterable, Mapping

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
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

from libs.errors.problems import InvalidInput
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
            if not any(self._leaves_out(directive) for directive in node.directives or ()):
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
            and self._schema.is_sub_type(abstract, concrete)
        )

    def _leaves_out(self, directive: DirectiveNode) -> bool:
        name = directive.name.value
        if name not in {"skip", "include"} or not directive.arguments:
            return False
        return self._truth(name, directive.arguments[0].value) is (name == "skip")

    def _truth(self, directive: str, value: ValueNode) -> bool:
        if not isinstance(value, VariableNode):
            return isinstance(value, BooleanValueNode) and value.value
        given = self._facts.ask("value", value.name.value)
        if given is None:  # a nullable variable with a default may stand here, and be null after all
            raise InvalidInput(
                value.name.value,
                f"@{directive} の条件「{value.name.value}」にはtrueかfalseを渡してください。",
                f"'{value.name.value}' decides @{directive}: pass true or false.",
                detail="NULL_ARGUMENT",
            )
        return bool(given)

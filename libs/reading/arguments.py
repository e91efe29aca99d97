"""A field's arguments as the compiler needs them: is there a value, and how is it got at each request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInputType,
    NullValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues
from graphql.utilities import coerce_input_literal

from libs.reading.facts import Facts
from libs.reading.plan import Getter


@dataclass(frozen=True, slots=True)
class Given:
    """An argument with a value; `variable` names the variable that it is, `constant` what is known already."""

    name: str
    get: Getter
    variable: str | None = None

    def known(self, facts: Facts, kind: str = "value") -> Any:  # noqa: ANN401
        """The value itself, where the shape of the statement hangs on it (an order, an id's type)."""
        if self.variable is not None:
            return facts.ask(kind, self.variable)
        value = self.get({})
        return getattr(value, "value", value)


class Arguments:
    """The arguments of one field node: `given` answers None for those absent or null."""

    def __init__(self, field: GraphQLField, node: FieldNode, facts: Facts) -> None:
        self._field = field
        self._facts = facts
        self._nodes: Mapping[str, ValueNode] = {
            argument.name.value: argument.value for argument in node.arguments or ()
        }

    def given(self, name: str) -> Given | None:
        node = self._nodes.get(name)
        if isinstance(node, NullValueNode):
            return None
        if isinstance(node, VariableNode):
            state = self._facts.ask("state", node.name.value)
            if state == "absent":
                return self.default(name)
            return None if state == "null" else _variable(name, node.name.value)
        if node is None:
            return self.default(name)
        return _literal(name, node, self._field.args[name].type)

    def explicit(self, name: str) -> bool:
        """Whether the client itself gave a value, beside any default."""
        node = self._nodes.get(name)
        if isinstance(node, VariableNode):
            return self._facts.ask("state", node.name.value) == "value"
        return node is not None and not isinstance(node, NullValueNode)

    def default(self, name: str) -> Given | None:
        value = self._field.args[name].default_value
        if value is Undefined or value is None:
            return None
        return Given(name, lambda _: value)


def _variable(argument: str, variable: str) -> Given:
    return Given(argument, lambda variables: variables[variable], variable)


def _literal(name: str, node: ValueNode, type_: GraphQLInputType) -> Given:
    if _has_variables(node):
        return Given(name, lambda variables: _coerced(node, type_, variables))
    value = _coerced(node, type_, {})
    return Given(name, lambda _: value)


def _coerced(node: ValueNode, type_: GraphQLInputType, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401
    return coerce_input_literal(node, type_, VariableValues({}, dict(variables)))


class _Finder(Visitor):
    found = False

    def enter_variable(self, *_: Any) -> None:  # noqa: ANN401
        self.found = True


def _has_variables(node: ValueNode) -> bool:
    finder = _Finder()
    visit(node, finder)
    return finder.found

"""A field's arguments as the compiler needs them: is there a value, and how is it got at each request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNonNull,
    NullValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql import utilities as _untyped
from graphql.execution.values import VariableValues

from libs.errors.problems import InvalidInput
from libs.reading.facts import Facts
from libs.reading.fields import type_of
from libs.reading.plan import Getter

# its types are generic over nothing known
_utilities: Any = _untyped


@dataclass(frozen=True, slots=True)
class Given:
    """An argument with a value; `variable` names the variable that it is, if it is one.

    `fixed`: the document or the schema itself says the value.
    """

    name: str
    get: Getter
    variable: str | None = None
    fixed: bool = False

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
        """Raises InvalidInput for a null that only the request's variables could bring."""
        node = self._nodes.get(name)
        if node is None:
            return self.default(name)
        if isinstance(node, VariableNode):
            return self._variable(name, node.name.value)
        return None if isinstance(node, NullValueNode) else self._literal(name, node)

    def explicit(self, name: str) -> bool:
        """Whether the client itself gave a value, beside any default."""
        node = self._nodes.get(name)
        if isinstance(node, VariableNode):
            return self._facts.ask("state", node.name.value) == "value"
        return node is not None and not isinstance(node, NullValueNode)

    def default(self, name: str) -> Given | None:
        argument = self._field.args.get(name)
        value: Any = None if argument is None else argument.default_value
        if value is Undefined or value is None:
            return None
        return Given(name, lambda _: value, fixed=True)

    def _variable(self, name: str, variable: str) -> Given | None:
        match self._facts.ask("state", variable):
            case "absent":
                return self.default(name)
            case "value":
                return Given(name, lambda variables: variables[variable], variable)
            case _:
                if isinstance(self._type(name), GraphQLNonNull):
                    raise _null(name)
                return None

    def _literal(self, name: str, node: ValueNode) -> Given:
        type_ = self._type(name)
        if _has_variables(node):
            return Given(name, lambda variables: _coerced(name, node, type_, variables))
        value = _coerced(name, node, type_, {})
        return Given(name, lambda _: value, fixed=True)

    def _type(self, name: str) -> Any:  # noqa: ANN401
        return type_of(self._field.args[name])


def _coerced(name: str, node: ValueNode, type_: Any, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401
    value = _utilities.coerce_input_literal(node, type_, VariableValues({}, dict(variables)))
    if value is Undefined:  # a null variable inside a list or input object that admits none
        raise _null(name)
    return value


def _null(argument: str) -> InvalidInput:
    return InvalidInput(
        argument,
        f"「{argument}」にはnullを渡せません。値を渡してください。",
        f"'{argument}' may not be null. Pass a value.",
        detail="NULL_ARGUMENT",
    )


class _Finder(Visitor):
    found = False

    def enter_variable(self, *_: object) -> None:
        self.found = True


def _has_variables(node: ValueNode) -> bool:
    finder = _Finder()
    visit(node, finder)
    return finder.found

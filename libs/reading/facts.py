"""What a plan may depend on beside the document: answers about this request's variables, asked while compiling.

Every question is recorded, so that the plan is found again by asking the same questions; what was never asked
does not split the cache.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from libs.reading import ids

P = TypeVar("P")

PLANS_PER_TREE = 64


def answer(kind: str, name: str, variables: Mapping[str, Any]) -> object:
    """`state` → absent, null or value; `value` → the value itself; `prefix` → the type prefix of an id."""
    if kind == "state":
        return "absent" if name not in variables else "null" if variables[name] is None else "value"
    value = variables.get(name)
    if kind == "prefix":
        return ids.decode(value, name)[0]
    return getattr(value, "value", value)


class Facts:
    """Asks about one request's variables and remembers what was asked, in order."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self.asked: dict[tuple[str, str], object] = {}

    def ask(self, kind: str, name: str) -> Any:  # noqa: ANN401
        key = (kind, name)
        if key not in self.asked:
            self.asked[key] = answer(kind, name, self._variables)
        return self.asked[key]


@dataclass(slots=True)
class _Question(Generic[P]):
    kind: str
    name: str
    answers: "dict[object, _Question[P] | P]"


class Tree(Generic[P]):
    """The plans of one document under one set of grants, found by answering their questions. Bounded."""

    def __init__(self) -> None:
        self._root: _Question[P] | P | None = None
        self._size = 0

    def find(self, variables: Mapping[str, Any]) -> P | None:
        node = self._root
        while isinstance(node, _Question):
            node = node.answers.get(answer(node.kind, node.name, variables))
        return node

    def keep(self, asked: Mapping[tuple[str, str], object], plan: P) -> None:
        """Questions come in the same order for the same answers, so the path can be walked and extended."""
        if self._size >= PLANS_PER_TREE:
            self._root, self._size = None, 0
        self._size += 1
        self._root = _grow(self._root, list(asked.items()), plan)


def _grow(
    node: "_Question[P] | P | None", path: list[tuple[tuple[str, str], object]], plan: P
) -> "_Question[P] | P":
    if not path:
        return plan
    (kind, name), given = path[0]
    question = node if isinstance(node, _Question) else _Question[P](kind, name, {})
    question.answers[given] = _grow(question.answers.get(given), path[1:], plan)
    return question

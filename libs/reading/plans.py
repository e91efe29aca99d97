"""The memory of plans: for each document and set of grants a tree of questions about the variables."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from libs.reading.facts import Question, answer
from libs.reading.plan import Plan

PLANS_PER_TREE = 64
PLANS_REMEMBERED = 3_000
"""About 60 kB each."""


@dataclass(slots=True)
class _Asking:
    kind: str
    name: str
    answers: "dict[object, _Asking | Plan]"


class Tree:
    """The plans of one document under one set of grants, found by answering their questions."""

    def __init__(self) -> None:
        self._root: _Asking | Plan | None = None
        self.size = 0

    def find(self, variables: Mapping[str, Any]) -> Plan | None:
        node = self._root
        while isinstance(node, _Asking):
            node = node.answers.get(answer(node.kind, node.name, variables))
        return node

    def keep(self, asked: Mapping[Question, object], plan: Plan) -> None:
        """Questions come in the same order for the same answers, so the path can be walked and extended."""
        if self.size >= PLANS_PER_TREE:
            self._root, self.size = None, 0
        self.size += 1
        self._root = _grow(self._root, list(asked.items()), plan)


class Plans:
    """All trees of a process; those asked for longest ago go first."""

    def __init__(self, most: int = PLANS_REMEMBERED) -> None:
        self._most = most
        self._trees: OrderedDict[Hashable, Tree] = OrderedDict()
        self.size = 0

    def find(self, key: Hashable, variables: Mapping[str, Any]) -> Plan | None:
        tree = self._trees.get(key)
        if tree is None:
            return None
        self._trees.move_to_end(key)
        return tree.find(variables)

    def keep(self, key: Hashable, asked: Mapping[Question, object], plan: Plan) -> None:
        tree = self._trees.setdefault(key, Tree())
        self.size -= tree.size
        tree.keep(asked, plan)
        self.size += tree.size
        while self.size > self._most:
            _, gone = self._trees.popitem(last=False)
            self.size -= gone.size


def _grow(node: "_Asking | Plan | None", path: list[tuple[Question, object]], plan: Plan) -> "_Asking | Plan":
    if not path:
        return plan
    (kind, name), given = path[0]
    asking = node if isinstance(node, _Asking) else _Asking(kind, name, {})
    asking.answers[given] = _grow(asking.answers.get(given), path[1:], plan)
    return asking

"""The memory of plans: of each document, under the grants and the variables that its statement hangs on.

A plan hangs on few of the grants that somebody has: two platforms with different rules, or people of
different roles, share the plans of every document for which their rules say the same.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from libs.policy.access import Access, Noted
from libs.reading.facts import Question, answer
from libs.reading.plan import Plan

PLANS_PER_TREE = 64
PLANS_PER_DOCUMENT = 256
GRANTS_PER_DOCUMENT = 4_096
PLANS_REMEMBERED = 3_000
"""About 60 kB each."""
TREES_REMEMBERED = 20_000
"""About 1 kB each."""


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


@dataclass(frozen=True, slots=True)
class Made:
    """A plan with all that it hangs on: answers about the variables, and grants."""

    asked: Mapping[Question, object]
    noted: Noted
    plan: Plan

    def serves(self, variables: Mapping[str, Any], access: Access) -> bool:
        return all(
            answer(kind, name, variables) == given for (kind, name), given in self.asked.items()
        ) and all(access.of(cell) == grant for cell, grant in self.noted.items())


@dataclass(slots=True)
class _Document:
    trees: OrderedDict[Hashable, Tree] = field(default_factory=OrderedDict[Hashable, Tree])
    made: list[Made] = field(default_factory=list[Made])


class Plans:
    """All plans of a process; the documents asked for longest ago go first."""

    def __init__(self, most: int = PLANS_REMEMBERED) -> None:
        self._most = most
        self._documents: OrderedDict[Hashable, _Document] = OrderedDict()
        self.size = 0
        self._trees = 0

    def find(self, key: Hashable, grants: Hashable, variables: Mapping[str, Any]) -> Plan | None:
        """`grants`: what stands for all of somebody's grants, looked up at every request."""
        document = self._documents.get(key)
        if document is None:
            return None
        self._documents.move_to_end(key)
        tree = document.trees.get(grants)
        return None if tree is None else tree.find(variables)

    def shared(
        self, key: Hashable, grants: Hashable, variables: Mapping[str, Any], access: Access
    ) -> Plan | None:
        """One made under other grants which are the same where it matters; `find` finds it from now on."""
        document = self._documents.get(key)
        if document is None:
            return None
        for made in document.made:
            if made.serves(variables, access):
                self._place(document, grants, made)
                return made.plan
        return None

    def keep(self, key: Hashable, grants: Hashable, made: Made) -> None:
        document = self._documents.setdefault(key, _Document())
        if len(document.made) >= PLANS_PER_DOCUMENT:
            self._forget(document)
        document.made.append(made)
        self.size += 1
        self._place(document, grants, made)
        while self.size > self._most or self._trees > TREES_REMEMBERED:
            self._forget(self._documents.popitem(last=False)[1])

    def _place(self, document: _Document, grants: Hashable, made: Made) -> None:
        if grants not in document.trees:
            self._trees += 1
            if len(document.trees) >= GRANTS_PER_DOCUMENT:
                document.trees.popitem(last=False)
                self._trees -= 1
        document.trees.setdefault(grants, Tree()).keep(made.asked, made.plan)

    def _forget(self, document: _Document) -> None:
        self.size -= len(document.made)
        self._trees -= len(document.trees)
        document.made.clear()
        document.trees.clear()


def _grow(node: "_Asking | Plan | None", path: list[tuple[Question, object]], plan: Plan) -> "_Asking | Plan":
    if not path:
        return plan
    (kind, name), given = path[0]
    asking = node if isinstance(node, _Asking) else _Asking(kind, name, {})
    asking.answers[given] = _grow(asking.answers.get(given), path[1:], plan)
    return asking

"""pycasbin: it holds the rules and answers `explain`; everything else is compiled from what it loaded."""

import logging
from collections.abc import Iterable
from functools import cache
from typing import Any, Final, cast

import casbin
from casbin.model import Model
from casbin.persist import Adapter

from libs.policy.relations import NOBODY
from libs.policy.vocabulary import ANY, HERE
from libs.policy.wording import Line

Words = tuple[str, ...]

_LOGGERS: Final = ("casbin", "casbin.policy", "casbin.enforcer", "casbin.role")


class Authority:
    """One loaded policy. Its rules never change after it is made."""

    def __init__(self, lines: Iterable[Line]) -> None:
        _silence()
        # casbin declares no types: its values are typed here, where they enter
        enforcer: Any = casbin.Enforcer(_model(), _Lines(lines))
        enforcer.add_function("plays", _plays)
        enforcer.add_function("related", _related)
        self._enforcer = enforcer

    def loaded(self, sort: str) -> list[Words]:
        """The lines of one sort (p, p2, p3, g) as casbin holds them."""
        kept = cast("list[list[str]]", self._enforcer.model[sort[0]][sort].policy)
        return [tuple(words) for words in kept]

    def decide(
        self, kinds: frozenset[str], roles: frozenset[str], name: str, act: str, facts: frozenset[str]
    ) -> tuple[bool, Words]:
        """Casbin's own answer with the rule that gave it: one scan of all rules, about a millisecond."""
        allowed, words = cast(
            "tuple[bool, list[str]]", self._enforcer.enforce_ex(kinds, roles, name, act, facts)
        )
        return allowed, tuple(words)


class _Lines(Adapter):
    """Hands words to casbin as words: casbin's own adapters join and split again at commas."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines

    def load_policy(self, model: Any) -> None:  # noqa: ANN401 - casbin declares no types
        for line in self._lines:
            model[line.sort[0]][line.sort].policy.append(list(line.words))


def _plays(roles: frozenset[str], wanted: str) -> bool:
    return wanted == ANY or wanted in roles


def _related(facts: frozenset[str], relation: str) -> bool:
    return relation != NOBODY and facts.issuperset(relation.split("+"))


def _model() -> Any:  # noqa: ANN401 - casbin declares no types
    model: Any = Model()
    model.load_model_from_text(model_text())
    return model


@cache
def model_text() -> str:
    return (HERE / "model.conf").read_text(encoding="utf-8")


@cache
def _silence() -> None:
    """Casbin logs the policy at INFO and every denial, with its request, at WARNING. A filter stays in force
    when logging is configured anew; a level or `disabled` does not."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.addFilter(_nothing)


def _nothing(_: logging.LogRecord) -> bool:
    return False

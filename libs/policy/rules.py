"""The policy: who may see what and do what, as one immutable content.

pycasbin loads the rules and explains single decisions; lists, objects and mutations use the grants that are
compiled from the same loaded rules.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Final

from libs.policy.authority import Authority, model_text
from libs.policy.compile import Loaded, compile_grants
from libs.policy.grants import Cell, Grants, Rule, UnnamedInPolicy
from libs.policy.relations import FACTS, NOBODY, with_implied
from libs.policy.vocabulary import HERE, KINDS, READ, ROLES, Vocabulary, product
from libs.policy.wording import Line, lines_of

GRANTS_KEPT: Final = 256
"""Sets of kinds and roles remembered for one content: 7 kinds and 3 roles make few in practice."""
DECISIONS_KEPT: Final = 2048
REFERRING: Final[Cell] = ("referral", "create_referral")


@dataclass(frozen=True, slots=True)
class Decision:
    """Casbin's answer to one question, and the rule that gave it."""

    allowed: bool
    rule: str | None


class Policy:
    """One content of the rules. Equal contents have the same `content_hash`, whatever their comments.

    `widenable`: rules that a tenant may add. `fixed`: (object or group, act) that a tenant may not tighten.
    `senders`: the kinds that refer.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        authority = Authority(lines)
        self.rules = tuple(Rule(*words) for words in authority.loaded("p"))
        self.groups = {field: group for field, group in authority.loaded("g")}  # noqa: C416 - unpacks pairs
        self.widenable = frozenset(Rule(*words) for words in authority.loaded("p2"))
        self.fixed: frozenset[Cell] = frozenset((target, act) for target, act in authority.loaded("p3"))
        self.rules_of = _rules_of(self.rules)
        self.fields_of = _fields_of(self.groups)
        self.senders = frozenset(
            rule.kind for rule in self.rules_of.get(REFERRING, ()) if rule.relation != NOBODY
        )
        self.content_hash = _hash_of(authority)
        compiled = partial(compile_grants, Loaded(self.rules, self.groups))
        self._grants: Callable[[frozenset[str], frozenset[str]], Grants] = lru_cache(GRANTS_KEPT)(compiled)
        self._decide = lru_cache(DECISIONS_KEPT)(authority.decide)
        self._named = _names(self.rules, self.groups)

    @classmethod
    def baseline(cls) -> "Policy":
        """The product's own policy, as shipped."""
        return _baseline()

    @classmethod
    def parse(cls, text: str, vocabulary: Vocabulary | None = None) -> "Policy":
        """A policy from its text. Raises InvalidInput naming the line that is not in order."""
        return cls(lines_of(text, vocabulary or product()))

    def grants(self, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
        """All that someone of these kinds and roles may read and do. Remembered, up to GRANTS_KEPT sets."""
        _check_asker(kinds, roles)
        return self._grants(kinds, roles)

    def explain(
        self,
        kinds: str | frozenset[str],
        roles: frozenset[str],
        object_field: str,
        act: str,
        facts: frozenset[str],
    ) -> Decision:
        """Casbin's own answer for one field (`act` is `read`) or action, with the rule that allows it.

        A millisecond or two at first, then remembered: for previews, never per row or request.
        """
        if (object_field, act) not in self._named or not facts <= FACTS.keys():
            raise UnnamedInPolicy(object_field, act)
        asking = frozenset({kinds}) if isinstance(kinds, str) else kinds
        _check_asker(asking, roles)
        allowed, words = self._decide(asking, roles, object_field, act, with_implied(facts))
        return Decision(allowed, str(Rule(*words)) if allowed else None)


def _check_asker(kinds: frozenset[str], roles: frozenset[str]) -> None:
    if not (kinds <= KINDS.keys() and roles <= ROLES.keys()):
        raise UnnamedInPolicy(sorted(kinds - KINDS.keys()), sorted(roles - ROLES.keys()))


@cache
def _baseline() -> Policy:
    return Policy.parse((HERE / "baseline.csv").read_text(encoding="utf-8"))


def _rules_of(rules: Iterable[Rule]) -> dict[Cell, tuple[Rule, ...]]:
    cells: defaultdict[Cell, list[Rule]] = defaultdict(list)
    for rule in rules:
        cells[rule.object, rule.act].append(rule)
    return {cell: tuple(lines) for cell, lines in cells.items()}


def _fields_of(groups: dict[str, str]) -> dict[str, tuple[Cell, ...]]:
    held: defaultdict[str, list[Cell]] = defaultdict(list)
    for name, group in groups.items():
        table, _, field = name.partition(".")
        held[group].append((table, field))
    return {group: tuple(cells) for group, cells in held.items()}


def _names(rules: Iterable[Rule], groups: dict[str, str]) -> frozenset[Cell]:
    readable = (*groups, *groups.values())
    return frozenset({(rule.object, rule.act) for rule in rules} | {(name, READ) for name in readable})


def _hash_of(authority: Authority) -> str:
    said = hashlib.sha256(model_text().encode())
    for sort in ("p", "p2", "p3", "g"):
        for words in sorted(authority.loaded(sort)):
            said.update(f"{sort} {','.join(words)}\n".encode())
    return said.hexdigest()

"""One tenant's policy: the baseline with its overrides, compiled without a casbin of its own."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from libs.policy.compile import tailor_grants
from libs.policy.grants import Grants
from libs.policy.overrides import Overrides, lines_in_force
from libs.policy.rules import Decision, Policy
from libs.policy.vocabulary import ANY
from libs.policy.wording import Line

GRANTS_KEPT: Final = 64
"""Sets of kinds and roles that a change concerns, remembered for one tenant; a set more is compiled anew."""
COMPLETE_KEPT: Final = 8


class TenantPolicy:
    """One content, which never changes. Equal contents have the same `content_hash`, whosever they are."""

    def __init__(self, baseline: Policy, overrides: Overrides) -> None:
        self.baseline = baseline
        self.overrides = overrides
        self.content_hash = _hash_of(baseline, overrides)
        self._tailored = lru_cache(GRANTS_KEPT)(self._compiled)

    def grants(self, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
        """As `Policy.grants`: the baseline's own object for whom no override concerns."""
        if not self._concerns(kinds, roles):
            return self.baseline.grants(kinds, roles)
        return self._tailored(kinds, roles)

    def explain(
        self,
        kinds: str | frozenset[str],
        roles: frozenset[str],
        object_field: str,
        act: str,
        facts: frozenset[str],
    ) -> Decision:
        """As `Policy.explain`, by a casbin that is loaded with this content."""
        return self.complete().explain(kinds, roles, object_field, act, facts)

    def complete(self) -> Policy:
        """All lines in force as one policy: for the access table, for explanations and for tests."""
        return _complete(self.baseline, self.overrides) if self.overrides else self.baseline

    def _concerns(self, kinds: frozenset[str], roles: frozenset[str]) -> bool:
        return any(
            each.rule.kind in kinds and (each.rule.role == ANY or each.rule.role in roles)
            for each in self.overrides
        )

    def _compiled(self, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
        base = self.baseline
        changed = lines_in_force(base, self.overrides)
        return tailor_grants(base.grants(kinds, roles), changed, base.fields_of, kinds, roles)


@lru_cache(COMPLETE_KEPT)
def _complete(baseline: Policy, overrides: Overrides) -> Policy:
    changed = lines_in_force(baseline, overrides)
    lines: list[tuple[str, ...]] = []
    for cell, rules in baseline.rules_of.items():
        lines += [("p", *rule) for rule in changed.get(cell, rules)]
    lines += [("p2", *rule) for rule in sorted(baseline.widenable)]
    lines += [("p3", *cell) for cell in sorted(baseline.fixed)]
    lines += [("g", *pair) for pair in baseline.groups.items()]
    return Policy(_numbered(lines))


def _numbered(lines: Iterable[tuple[str, ...]]) -> list[Line]:
    return [Line(number, sort, tuple(words)) for number, (sort, *words) in enumerate(lines, start=1)]


def _hash_of(baseline: Policy, overrides: Overrides) -> str:
    if not overrides:
        return baseline.content_hash
    said = hashlib.sha256(baseline.content_hash.encode())
    for each in overrides:
        said.update(f"{each.change} {each.rule} {each.becomes}\n".encode())
    return said.hexdigest()

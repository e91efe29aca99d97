"""Whom the difference of two policies can concern at all: cells by kind, roles and object."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from libs.policy.grants import Cell
from libs.policy.tenant_policy import TenantPolicy
from libs.policy.vocabulary import ANY, READ


@dataclass(frozen=True, slots=True)
class Concerned:
    """Askers of one kind, with these roles and no others, and what of one object may change for them."""

    kind: str
    roles: frozenset[str]
    object: str
    cells: tuple[Cell, ...]


def by(before: TenantPolicy, after: TenantPolicy) -> Iterator[Concerned]:
    """Where a row is found by other rules, every field of it is concerned."""
    found: defaultdict[tuple[str, str, str], set[Cell]] = defaultdict(set)
    for each in set(before.overrides) ^ set(after.overrides):
        owner = each.rule.object.partition(".")[0]
        found[each.rule.kind, each.rule.role, owner] |= _cells(before, owner, each.rule.object, each.rule.act)
    for (kind, role, owner), cells in sorted(found.items()):
        roles = frozenset[str]() if role == ANY else frozenset({role})
        yield Concerned(kind, roles, owner, tuple(sorted(cells)))


def _cells(policy: TenantPolicy, owner: str, name: str, act: str) -> set[Cell]:
    baseline = policy.baseline
    if act == READ and baseline.groups[f"{owner}.id"] == name:
        return {(group, READ) for group in baseline.fields_of if group.partition(".")[0] == owner}
    return {(name, act)}

"""From casbin's loaded rules to grants, in one pass."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from weakref import WeakValueDictionary

from libs.policy.grants import NEVER, Cell, Grant, Grants, Rule, layered
from libs.policy.relations import NOBODY, Conjunction, with_implied
from libs.policy.vocabulary import ANY, READ

_GRANTS_SHARED: Final = 4096
_tailored: Final = WeakValueDictionary[str, Grants]()


@dataclass(frozen=True)
class Loaded:
    """What casbin holds: the rules and the group of each `object.field`."""

    rules: Sequence[Rule]
    groups: Mapping[str, str]


def compile_grants(loaded: Loaded, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
    """A person's kinds add up; a rule for a role counts for who has it."""
    ways: defaultdict[Cell, set[Conjunction]] = defaultdict(set)
    for rule in loaded.rules:
        if _counts(rule, kinds, roles):
            ways[rule.object, rule.act].add(rule.conjunction)
    fields = {_cell(name): _grant(ways.get((group, READ), ())) for name, group in loaded.groups.items()}
    actions = {cell: _grant(ways.get(cell, ())) for cell in _actions(loaded.rules)}
    return Grants(fields, actions, _rows(fields), _fingerprint(fields, actions))


def tailor_grants(
    base: Grants,
    changed: Mapping[Cell, Sequence[Rule]],
    fields_of: Mapping[str, Sequence[Cell]],
    kinds: frozenset[str],
    roles: frozenset[str],
) -> Grants:
    """`base` where the rules of some cells are others: only these are compiled, the rest is shared.

    `base` itself where nothing comes out otherwise; one object for equal changes, whosever they are. A row is
    found where its id may be read, as it is in the baseline.
    """
    fields: dict[Cell, Grant] = {}
    actions: dict[Cell, Grant] = {}
    for (name, act), rules in changed.items():
        grant = _grant({rule.conjunction for rule in rules if _counts(rule, kinds, roles)})
        if act == READ:
            fields |= {cell: grant for cell in fields_of[name] if grant != base.fields[cell]}
        elif grant != base.actions[name, act]:
            actions[name, act] = grant
    if not fields and not actions:
        return base
    rows = {name: grant for (name, field), grant in fields.items() if field == "id"}
    fingerprint = hashlib.sha256(f"{base.fingerprint} {_fingerprint(fields, actions)}".encode()).hexdigest()
    made = Grants(
        layered(base.fields, fields),
        layered(base.actions, actions),
        layered(base.rows, rows),
        fingerprint,
    )
    return _tailored.setdefault(fingerprint, made)


def _counts(rule: Rule, kinds: frozenset[str], roles: frozenset[str]) -> bool:
    return rule.kind in kinds and (rule.role == ANY or rule.role in roles) and rule.relation != NOBODY


def _cell(name: str) -> Cell:
    table, _, field = name.partition(".")
    return table, field


def _actions(rules: Iterable[Rule]) -> list[Cell]:
    """Of all kinds: an action that others have is named for everybody, and granted to those alone."""
    return sorted({(rule.object, rule.act) for rule in rules if rule.act != READ})


def _rows(fields: Mapping[Cell, Grant]) -> dict[str, Grant]:
    ways: defaultdict[str, set[Conjunction]] = defaultdict(set)
    for (name, _), grant in fields.items():
        ways[name] |= grant.ways
    return {name: _grant(of_row) for name, of_row in ways.items()}


def _grant(ways: Iterable[Conjunction]) -> Grant:
    kept = _fewest(frozenset(ways))
    return _shared(kept) if kept else NEVER


@lru_cache(_GRANTS_SHARED)
def _shared(ways: frozenset[Conjunction]) -> Grant:
    """One object for equal grants: there are far fewer than fields times askers times tenants."""
    return Grant(ways)


def _fewest(ways: frozenset[Conjunction]) -> frozenset[Conjunction]:
    """Without the ways that another one already covers. Were an implication untrue of some row, less would be
    found there, never more."""
    kept: list[Conjunction] = []
    for way in sorted(ways, key=lambda way: (len(with_implied(way)), len(way), sorted(way))):
        if not any(other <= with_implied(way) for other in kept):
            kept.append(way)
    return frozenset(kept)


def _fingerprint(fields: Mapping[Cell, Grant], actions: Mapping[Cell, Grant]) -> str:
    said = hashlib.sha256()
    for sort, cells in (("read", fields), ("act", actions)):
        for cell, grant in sorted(cells.items(), key=lambda entry: entry[0]):
            said.update(f"{sort} {cell} {sorted(sorted(way) for way in grant.ways)}\n".encode())
    return said.hexdigest()

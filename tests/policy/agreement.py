"""Where the compiled grants and casbin's own `enforce` disagree: the oracle of these tests."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from libs.policy.compile import Loaded, compile_grants
from libs.policy.grants import Grant, Grants
from libs.policy.relations import FACTS, NOBODY
from libs.policy.rules import Policy
from libs.policy.vocabulary import ANY, KINDS, READ, ROLES

Compile = Callable[[Loaded, frozenset[str], frozenset[str]], Grants]
Question = tuple[str, frozenset[str], str, str, frozenset[str]]

EVERY_FACT = frozenset(FACTS) - {NOBODY}
EVERY_ROLE = frozenset(ROLES)


def disagreements(
    policy: Policy, questions: Iterable[Question], compiled: Compile = compile_grants
) -> list[Question]:
    """The questions that the grants answer otherwise than casbin does."""
    grants_of = _remembered(partial(compiled, Loaded(policy.rules, policy.groups)))
    return [asked for asked in questions if _allows(grants_of, asked) != policy.explain(*asked).allowed]


def _remembered(
    compiled: Callable[[frozenset[str], frozenset[str]], Grants],
) -> Callable[[frozenset[str], frozenset[str]], Grants]:
    known: dict[tuple[frozenset[str], frozenset[str]], Grants] = {}

    def grants_of(kinds: frozenset[str], roles: frozenset[str]) -> Grants:
        if (kinds, roles) not in known:
            known[kinds, roles] = compiled(kinds, roles)
        return known[kinds, roles]

    return grants_of


def _allows(grants_of: Callable[[frozenset[str], frozenset[str]], Grants], asked: Question) -> bool:
    kind, roles, name, act, facts = asked
    return granted(grants_of(frozenset({kind}), roles), name, act).holds(facts)


def granted(grants: Grants, name: str, act: str) -> Grant:
    """By the name that casbin is asked: `object.field` for reads, the object for actions."""
    if act == READ:
        table, _, field = name.partition(".")
        return grants.read(table, field)
    return grants.act(name, act)


def cells(policy: Policy) -> Iterator[tuple[str, str]]:
    """One field of each group, and every action, as casbin is asked about them."""
    one_of = {group: field for field, group in policy.groups.items()}
    for field in one_of.values():
        yield field, READ
    yield from dict.fromkeys((rule.object, rule.act) for rule in policy.rules if rule.act != READ)


def questions(policy: Policy, kinds: Iterable[str] = KINDS) -> Iterator[Question]:
    """Each cell, each kind, roles with and without, and the facts at the edge: each way, each less one."""
    of_cell: dict[tuple[str, str], list[tuple[str, str, frozenset[str]]]] = {}
    for rule in policy.rules:
        of_cell.setdefault((rule.object, rule.act), []).append((rule.kind, rule.role, rule.conjunction))
    for name, act in cells(policy):
        lines = of_cell.get((policy.groups.get(name, name), act), [])
        for kind in kinds:
            yield from _of_cell(kind, name, act, lines)


def _of_cell(
    kind: str, name: str, act: str, lines: list[tuple[str, str, frozenset[str]]]
) -> Iterator[Question]:
    written = {(of, way) for of, _, way in lines if NOBODY not in way}
    own = {way for of, way in written if of == kind}
    if not own:
        yield kind, EVERY_ROLE, name, act, EVERY_FACT
        return
    facts = {way for _, way in written} | {way - {part} for way in own for part in way}
    for roles in _role_sets({role for _, role, _ in lines}):
        for some in facts:
            yield kind, roles, name, act, some


def _role_sets(named: set[str]) -> list[frozenset[str]]:
    if named == {ANY}:
        return [EVERY_ROLE]
    return [frozenset(), *(frozenset({role}) for role in sorted(ROLES)), EVERY_ROLE]

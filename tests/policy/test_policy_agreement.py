"""Lists are filtered by compiled grants, explanations come from casbin: they must be one policy."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.policy import compile as compiling
from libs.policy.compile import Loaded, compile_grants
from libs.policy.grants import Grants, Rule
from libs.policy.relations import FACTS, NOBODY
from libs.policy.rules import Policy
from libs.policy.vocabulary import KINDS, READ, ROLES, Vocabulary
from tests.policy.agreement import (
    EVERY_FACT,
    EVERY_ROLE,
    Compile,
    Question,
    cells,
    disagreements,
    granted,
    questions,
)

BASELINE = Policy.baseline()


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_of_the_baseline_is_what_casbin_says(kind: str) -> None:
    asked = list(questions(BASELINE, [kind]))
    assert len(asked) >= len(list(cells(BASELINE)))
    assert disagreements(BASELINE, asked) == []


def test_every_field_is_in_the_grants_as_casbin_groups_it() -> None:
    """All kinds at once: what is asked is the field's group, known from the grants of its own cell."""
    everybody = frozenset(KINDS)
    grants = BASELINE.grants(everybody, EVERY_ROLE)
    for name in BASELINE.groups:
        way = min(granted(grants, name, READ).ways, key=lambda way: (len(way), sorted(way)))
        assert BASELINE.explain(everybody, EVERY_ROLE, name, READ, way).allowed, name
        for part in way:
            less = way - {part}
            said = BASELINE.explain(everybody, EVERY_ROLE, name, READ, less).allowed
            assert granted(grants, name, READ).holds(less) == said, name


some_facts = st.frozensets(st.sampled_from(sorted(EVERY_FACT)), max_size=5)
some_kinds = st.frozensets(st.sampled_from(sorted(KINDS)), max_size=3)
some_roles = st.frozensets(st.sampled_from(sorted(ROLES)))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(cells(BASELINE))), some_kinds, some_roles, some_facts)
def test_the_columns_of_a_person_add_up(
    cell: tuple[str, str], kinds: frozenset[str], roles: frozenset[str], facts: frozenset[str]
) -> None:
    allowed = granted(BASELINE.grants(kinds, roles), *cell).holds(facts)
    assert allowed == BASELINE.explain(kinds, roles, *cell, facts).allowed
    assert allowed == any(
        granted(BASELINE.grants(frozenset({kind}), roles), *cell).holds(facts) for kind in kinds
    )


SMALL = Vocabulary.of(
    groups={"note.a": "note.card", "note.b": "note.more", "note.more": "note.more"},
    actions=("note.keep", "note.drop"),
)
FIELDS = "g, note.a, note.card\ng, note.b, note.more\ng, note.more, note.more\n"


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    def line() -> str:
        kind = draw(st.sampled_from(["government", "npo", "company"]))
        role = draw(st.sampled_from(["any", *ROLES]))
        target = draw(st.sampled_from(["note.card, read", "note.more, read", "note, keep", "note, drop"]))
        parts = draw(st.lists(st.sampled_from(sorted(EVERY_FACT)), min_size=1, max_size=3, unique=True))
        relation = draw(st.sampled_from(["+".join(parts)] * 9 + [NOBODY]))
        return f"p, {kind}, {role}, {target}, {relation}"

    lines = dict.fromkeys(line() for _ in range(draw(st.integers(0, 12))))
    return Policy.parse(FIELDS + "\n".join(lines), SMALL)


@settings(max_examples=100, deadline=None)
@given(policies(), st.data())
def test_any_policy_compiles_to_what_casbin_says(policy: Policy, data: st.DataObject) -> None:
    kinds, roles = data.draw(some_kinds), data.draw(some_roles)
    facts = data.draw(
        some_facts | st.sampled_from([rule.conjunction for rule in policy.rules] or [EVERY_FACT])
    )
    grants = policy.grants(kinds, roles)
    named = [(name, READ) for name in policy.groups] + [cell for cell in cells(policy) if cell[1] != READ]
    for name, act in named:
        expected = policy.explain(kinds, roles, name, act, facts).allowed
        assert granted(grants, name, act).holds(facts) == expected
    readable = any(granted(grants, name, READ).holds(facts) for name in policy.groups)
    assert grants.row("note").holds(facts) == readable


def _roles_forgotten(loaded: Loaded, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
    return compile_grants(loaded, kinds, EVERY_ROLE)


def _kinds_forgotten(loaded: Loaded, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
    return compile_grants(loaded, frozenset(KINDS), roles)


def _changed(loaded: Loaded, relation_of: "dict[str, str]") -> Loaded:
    rules = [rule._replace(relation=relation_of.get(rule.relation, rule.relation)) for rule in loaded.rules]
    return replace(loaded, rules=rules)


def _and_forgotten(loaded: Loaded, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
    first = {rule.relation: rule.relation.partition("+")[0] for rule in loaded.rules}
    return compile_grants(_changed(loaded, first), kinds, roles)


def _nobody_forgotten(loaded: Loaded, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
    return compile_grants(_changed(loaded, {NOBODY: "tenant"}), kinds, roles)


def _one_rule_lost(loaded: Loaded, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
    lost = Rule("npo", "any", "referral.identity", READ, "sitting")
    return compile_grants(
        replace(loaded, rules=[rule for rule in loaded.rules if rule != lost]), kinds, roles
    )


def _field_in_wrong_group(loaded: Loaded, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
    return compile_grants(
        replace(loaded, groups={**loaded.groups, "referral.safety_notes": "referral.card"}), kinds, roles
    )


@pytest.mark.parametrize(
    "fault",
    [
        _roles_forgotten,
        _kinds_forgotten,
        _and_forgotten,
        _nobody_forgotten,
        _one_rule_lost,
        _field_in_wrong_group,
    ],
)
def test_a_planted_fault_of_the_compiler_is_found(fault: Compile) -> None:
    asked = _few_cells()
    assert disagreements(BASELINE, asked) == []
    assert disagreements(BASELINE, asked, fault)


def test_ways_wrongly_dropped_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_one(ways: frozenset[frozenset[str]]) -> frozenset[frozenset[str]]:
        return frozenset(sorted(ways, key=sorted)[:1])

    monkeypatch.setattr(compiling, "_fewest", only_one)
    assert disagreements(BASELINE, _few_cells())


def _few_cells() -> list[Question]:
    wanted = {"referral.contact_rule", "referral.safety_notes"}
    return [
        asked
        for asked in questions(BASELINE, ["npo", "coordinator"])
        if asked[2] in wanted or asked[3] in {"accept_referral", "reveal_safety"}
    ]


def test_facts_of_the_list_are_all_that_casbin_is_asked_about() -> None:
    assert {part for rule in BASELINE.rules for part in rule.conjunction} <= FACTS.keys()

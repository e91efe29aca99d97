"""Grants are casbin's own answers for every kind, role, field or action and relation: of the baseline, and of
policies that tenants may make of it. A part in the suite, all of it in `make soak`."""

import random
from collections.abc import Callable, Iterator

import pytest

from libs.policy.compile import Loaded, compile_grants
from libs.policy.grants import Grants
from libs.policy.rules import Policy
from libs.policy.vocabulary import KINDS, READ
from tests.policy.agreement import Question, disagreements
from tests.policy.every_cell import ROLE_SETS, every_question, facts_of, names
from tests.policy.overrides import Override, overridden

BASELINE = Policy.baseline()
OVERRIDES, OF_EACH = 5, 200
SOAKED_OVERRIDES, SOAKED_OF_EACH = 70, 2_000


def test_every_kind_role_name_and_relation_is_asked_about() -> None:
    """203,280 questions when this was written."""
    names_of_objects = {name.partition(".")[0] for name, _ in names(BASELINE)}
    facts = {name: len(facts_of(BASELINE, name)) for name in names_of_objects}
    each = sum(facts[name.partition(".")[0]] for name, _ in names(BASELINE)) * len(ROLE_SETS)
    assert sum(1 for _ in every_question(BASELINE)) == each * len(KINDS)
    assert each * len(KINDS) > 200_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_of_all_cells_is_what_casbin_says(kind: str) -> None:
    """One question about each field and action."""
    chance = random.Random(kind)
    asked = [chance.choice(list(every_question(BASELINE, [kind], [name]))) for name in names(BASELINE)]
    assert disagreements(BASELINE, asked) == []


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_all_cells_are_what_casbin_says(kind: str) -> None:
    assert disagreements(BASELINE, every_question(BASELINE, [kind])) == []


@pytest.mark.parametrize("seed", range(OVERRIDES))
def test_an_override_is_what_casbin_says(seed: int) -> None:
    override = overridden(random.Random(seed))
    assert disagreements(override.policy, _asked(override, seed, OF_EACH)) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(OVERRIDES, OVERRIDES + SOAKED_OVERRIDES))
def test_many_overrides_are_what_casbin_says(seed: int) -> None:
    override = overridden(random.Random(seed))
    assert disagreements(override.policy, _asked(override, seed, SOAKED_OF_EACH)) == []


def test_overrides_are_other_policies() -> None:
    """They drop, tighten and widen: fields and actions, whole ways and parts of ways."""
    made = [overridden(random.Random(seed)) for seed in range(OVERRIDES)]
    assert len({override.policy.content_hash for override in made} | {BASELINE.content_hash}) == OVERRIDES + 1
    acts = {act for override in made for _, act in override.touched}
    assert READ in acts
    assert len(acts) > 1


def test_grants_of_the_baseline_are_not_taken_for_those_of_an_override() -> None:
    def of_the_baseline(_: Loaded, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
        return compile_grants(Loaded(BASELINE.rules, BASELINE.groups), kinds, roles)

    assert _is_told(of_the_baseline)


def test_a_part_of_a_tightened_line_that_is_lost_is_found() -> None:
    def first_facts(loaded: Loaded, kinds: frozenset[str], roles: frozenset[str]) -> Grants:
        rules = [rule._replace(relation=rule.relation.partition("+")[0]) for rule in loaded.rules]
        return compile_grants(Loaded(rules, loaded.groups), kinds, roles)

    assert _is_told(first_facts)


def _is_told(faulty: Callable[[Loaded, frozenset[str], frozenset[str]], Grants]) -> bool:
    """By one of the overrides that the everyday test asks about."""
    made = ((seed, overridden(random.Random(seed))) for seed in range(OVERRIDES))
    return any(disagreements(each.policy, _asked(each, seed, OF_EACH), faulty) for seed, each in made)


def _asked(override: Override, seed: int, most: int) -> Iterator[Question]:
    """Half about what the override touched, half about all else."""
    chance = random.Random(seed)
    touched = list(every_question(override.policy, of=override.names()))
    yield from chance.sample(touched, min(most // 2, len(touched)))
    others = chance.sample(names(override.policy), most // 4)
    yield from chance.sample(list(every_question(override.policy, of=others)), most // 2)

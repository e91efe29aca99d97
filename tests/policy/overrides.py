"""Random policies as a tenant's changes make them of the baseline: lines dropped, tightened, widened."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from libs.policy.grants import Cell, Rule
from libs.policy.relations import FACTS, NOBODY, OF_THE_ASKER
from libs.policy.rules import Policy
from libs.policy.vocabulary import HERE, READ

TEXT = (HERE / "baseline.csv").read_text(encoding="utf-8")
MORE = sorted(FACTS.keys() - OF_THE_ASKER)
MOST = 24
HALF = 0.5


@dataclass(frozen=True)
class Override:
    """A policy, and of which lines it has others than the baseline: their (group or object, act)."""

    policy: Policy
    touched: frozenset[Cell]

    def names(self) -> list[Cell]:
        """The fields and actions of the touched lines, as casbin is asked about them."""
        fields = [(name, READ) for name, group in self.policy.groups.items() if (group, READ) in self.touched]
        return [*fields, *sorted(cell for cell in self.touched if cell[1] != READ)]


def overridden(chance: random.Random) -> Override:
    """Through a text, as a policy enters."""
    baseline = Policy.baseline()
    lines = chance.sample(baseline.rules, chance.randint(2, MOST))
    changed = {
        rule: _dropped(rule, baseline) if chance.random() < HALF else _stricter(rule, chance)
        for rule in lines
    }
    widened = chance.sample(sorted(baseline.widenable), chance.randint(1, len(baseline.widenable)))
    rules = dict.fromkeys([*(changed.get(rule, rule) for rule in baseline.rules), *widened])
    touched = {(rule.object, rule.act) for rule in (*lines, *widened)}
    return Override(Policy.parse(_written(rules)), frozenset(touched))


def _dropped(rule: Rule, baseline: Policy) -> Rule | None:
    """The only line of an action becomes a refusal in words: an action that no line names is unknown."""
    others = [other for other in baseline.rules if (other.object, other.act) == (rule.object, rule.act)]
    alone = rule.act != READ and len(others) == 1
    return rule._replace(relation=NOBODY) if alone else None


def _stricter(rule: Rule, chance: random.Random) -> Rule:
    """One fact more must hold; a refusal stays one."""
    if rule.relation == NOBODY:
        return rule
    more = chance.choice([fact for fact in MORE if fact not in rule.conjunction])
    return rule._replace(relation=f"{rule.relation}+{more}")


def _written(rules: Iterable[Rule | None]) -> str:
    others = [line for line in TEXT.splitlines() if line.startswith(("g,", "p2,", "p3,"))]
    return "\n".join([*others, *(f"p, {rule}" for rule in rules if rule)])

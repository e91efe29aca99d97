"""Why something is seen or withheld by somebody: casbin's own answer, with the line and relations behind it.

Three answers and a fourth: a lawful basis (consent, council, sitting, break-glass) is a fact about the person
concerned, so what rests on one alone is answered 'depends on it', whether or not there is one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from libs.policy.grants import Rule
from libs.policy.relations import EVERYONE, LAWFUL_BASES, NOBODY, TENANT, Relation, with_implied
from libs.policy.rules import Policy
from libs.policy.vocabulary import ANY, READ


class Answer(Enum):
    """`basis`: open if a lawful basis for it holds, which is not told. `state`: theirs, but not now."""

    OPEN = "open"
    WITHHELD = "withheld"
    BASIS = "basis"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Explained:
    """`rule` is the line that opens it; `relations` what the line, or where none opens every line of these
    kinds and roles, asks for, with whether it holds (None: a lawful basis, of which nothing is told)."""

    answer: Answer
    rule: str | None
    relations: Mapping[Relation, bool | None]

    def where_found(self, other: "Explained") -> "Explained":
        """The same, where something else has to be open first."""
        worst = max(self.answer, other.answer, key=_ORDER.index)
        return self if worst is self.answer else replace(other, answer=worst)

    def not_now(self) -> "Explained":
        """The policy gives it, the row's state does not admit it."""
        return replace(self, answer=Answer.STATE) if self.answer is Answer.OPEN else self


_ORDER = [Answer.OPEN, Answer.STATE, Answer.BASIS, Answer.WITHHELD]


class Explaining:
    """Explains to whom of these kinds, roles and facts of their own."""

    def __init__(
        self, policy: Policy, kinds: frozenset[str], roles: frozenset[str], facts: frozenset[Relation]
    ) -> None:
        self._policy = policy
        self._kinds = kinds
        self._roles = roles
        self._own = facts | {EVERYONE}

    def field(self, name: str, held: Mapping[Relation, bool]) -> Explained:
        """`name` is `object.field`; `held` what was asked of the row."""
        return self._explained(name, self._policy.groups.get(name, name), READ, held)

    def step(self, object: str, action: str, held: Mapping[Relation, bool]) -> Explained:
        return self._explained(object, object, action, held)

    def _explained(self, name: str, target: str, act: str, held: Mapping[Relation, bool]) -> Explained:
        known = self._known(held)
        for facts, answer in ((known, Answer.OPEN), (known | LAWFUL_BASES, Answer.BASIS)):
            decision = self._policy.explain(self._kinds, self._roles, name, act, facts)
            if decision.allowed and decision.rule is not None:
                asked = decision.rule.rpartition(", ")[2].split("+")
                return Explained(answer, decision.rule, _told(asked, known))
        return Explained(Answer.WITHHELD, None, _told(self._asked(target, act), known))

    def _known(self, held: Mapping[Relation, bool]) -> frozenset[Relation]:
        """A seat is a member's: an applicant that still has one has no use of it."""
        true = frozenset(name for name, holds in held.items() if holds) - LAWFUL_BASES
        if TENANT not in self._own:
            true = frozenset(name for name in true if TENANT not in with_implied(frozenset({name})))
        return with_implied(true) | self._own

    def _asked(self, target: str, act: str) -> list[Relation]:
        lines = (rule for rule in self._policy.rules if self._is_theirs(rule, target, act))
        return list(dict.fromkeys(part for rule in lines for part in sorted(rule.conjunction)))

    def _is_theirs(self, rule: Rule, target: str, act: str) -> bool:
        if (rule.object, rule.act) != (target, act) or rule.kind not in self._kinds:
            return False
        return (rule.role == ANY or rule.role in self._roles) and rule.relation != NOBODY


def _told(asked: Iterable[Relation], known: frozenset[Relation]) -> dict[Relation, bool | None]:
    return {name: None if name in LAWFUL_BASES else name in known for name in asked}

"""Random overrides as a coordinator may make them, and where their grants and casbin disagree."""

from collections.abc import Iterable

from hypothesis import strategies as st

from libs.errors.problems import InvalidInput
from libs.policy.grants import Rule
from libs.policy.overrides import Askable, Overrides, added, tightened, widened
from libs.policy.relations import FACTS, NOBODY
from libs.policy.rules import Policy
from libs.policy.tenant_policy import TenantPolicy
from tests.policy.agreement import Question, granted

BASELINE = Policy.baseline()
EVERYTHING: Askable = frozenset((name.partition(".")[0], fact) for name in BASELINE.groups for fact in FACTS)
"""As if every fact had its SQL for every object."""


def _tightenable() -> list[Rule]:
    found: list[Rule] = []
    for rule in BASELINE.rules:
        try:
            tightened(BASELINE, tuple(rule), None, EVERYTHING)
        except InvalidInput:
            continue
        found.append(rule)
    return found


TIGHTENABLE = _tightenable()
WIDENABLE = sorted(BASELINE.widenable)


@st.composite
def tightenings(draw: st.DrawFn) -> Overrides:
    """One line closed or made stricter by up to two facts."""
    rule = draw(st.sampled_from(TIGHTENABLE))
    more = draw(st.frozensets(st.sampled_from(sorted(FACTS)), max_size=2))
    if more:
        try:
            return tightened(BASELINE, tuple(rule), "+".join(sorted(more)), EVERYTHING)
        except InvalidInput:
            pass  # no stricter than the line: closed instead
    return tightened(BASELINE, tuple(rule), None, EVERYTHING)


widenings = st.sampled_from(WIDENABLE).map(lambda rule: widened(BASELINE, tuple(rule)))


@st.composite
def overrides(draw: st.DrawFn) -> Overrides:
    found: Overrides = ()
    for more in draw(st.lists(tightenings() | tightenings() | widenings, min_size=1, max_size=6)):
        found = added(found, more)
    return found


def disagreements(policy: TenantPolicy, questions: Iterable[Question]) -> list[Question]:
    """The questions that the tenant's grants answer otherwise than a casbin loaded with its lines."""
    found: list[Question] = []
    for asked in questions:
        kind, roles, name, act, facts = asked
        allowed = granted(policy.grants(frozenset({kind}), roles), name, act).holds(facts)
        if allowed != policy.explain(*asked).allowed:
            found.append(asked)
    return found


def edges(policy: TenantPolicy) -> list[Question]:
    """Around every override: its cell, whoever has it, with the facts of old and new lines, each less one."""
    asked: dict[Question, None] = {}
    complete = policy.complete()
    field_of = {group: field for field, group in BASELINE.groups.items()}
    for each in policy.overrides:
        cell = (each.rule.object, each.rule.act)
        lines = (*BASELINE.rules_of[cell], *complete.rules_of[cell])
        kinds = {each.rule.kind, "coordinator"}
        ways = {line.conjunction for line in lines if line.kind in kinds and line.relation != NOBODY}
        facts = ways | {way - {part} for way in ways for part in way} | {frozenset(each.becomes.split("+"))}
        for kind in kinds:
            for roles in (frozenset[str](), frozenset({each.rule.role} - {"any"}), frozenset({"desk"})):
                for some in facts:
                    asked[kind, roles, field_of.get(cell[0], cell[0]), cell[1], some - {NOBODY}] = None
    return list(asked)

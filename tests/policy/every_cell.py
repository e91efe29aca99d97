"""Every question that a cell of the policy can be: kind, roles, object.field or action, and facts."""

from collections.abc import Iterable, Iterator

from libs.policy.relations import EVERYONE, NOBODY, TENANT, Conjunction
from libs.policy.rules import Policy
from libs.policy.vocabulary import KINDS, READ, ROLES
from services.platform.app import registry
from services.platform.relations import RELATIONS
from tests.policy.agreement import Question

Name = tuple[str, str]

ROLE_SETS = (frozenset[str](), *(frozenset({role}) for role in ROLES), frozenset(ROLES))


def names(policy: Policy) -> list[Name]:
    """Every field and every action, as casbin is asked about them."""
    acts = dict.fromkeys((rule.object, rule.act) for rule in policy.rules if rule.act != READ)
    return [*((field, READ) for field in policy.groups), *acts]


def every_question(
    policy: Policy, kinds: Iterable[str] = KINDS, of: Iterable[Name] | None = None
) -> Iterator[Question]:
    """Of every name, or of these."""
    for name, act in names(policy) if of is None else of:
        facts = facts_of(policy, name.partition(".")[0])
        for kind in kinds:
            for roles in ROLE_SETS:
                for some in facts:
                    yield kind, roles, name, act, some


def facts_of(policy: Policy, object: str) -> list[Conjunction]:
    """Nothing, each relation of the object as a member and as none, each conjunction that a line writes."""
    registry()  # the features register their relations when they are imported
    written = {
        rule.conjunction
        for rule in (*policy.rules, *policy.widenable)
        if rule.object.partition(".")[0] == object
    }
    single = {part for way in written for part in way} | {EVERYONE, TENANT}
    single |= {relation for owner, relation in RELATIONS.registered() if owner == object}
    alone = {frozenset({part}) for part in single}
    found = {frozenset[str](), *alone, *(way | {TENANT} for way in alone), *written}
    return sorted((way for way in found if NOBODY not in way), key=sorted)

"""A plan made for one platform serves another only where all rights that it hangs on are the same."""

import pytest

from libs.policy.access import Access, NotingAccess
from libs.policy.grants import Grants
from libs.policy.overrides import Overrides, added, tightened
from libs.policy.predicates import ASKER
from libs.policy.rules import Policy
from libs.policy.steps import granted
from libs.policy.tenant_policy import TenantPolicy
from libs.reading.plan import Cost, Plan
from libs.reading.plans import Made
from services.platform.app import registry
from services.platform.relations import RELATIONS

BASELINE = Policy.baseline()
KINDS, ROLES, FACTS = frozenset({"anyone", "npo"}), frozenset({"caseworker"}), frozenset({"tenant"})
# opening a referral on a case asks for a right on referrals beside the one on the case
STEP = ("case", "create_referral")


def _without_referrals() -> Grants:
    """Of a platform whose associations may keep cases and create no referrals."""
    closed: Overrides = ()
    for rule in BASELINE.rules:
        if (rule.kind, rule.object, rule.act) == ("npo", "referral", "create_referral"):
            closed = added(closed, tightened(BASELINE, tuple(rule), None, RELATIONS.registered()))
    return TenantPolicy(BASELINE, closed).grants(KINDS, ROLES)


@pytest.mark.parametrize("turned", [False, True])
def test_a_right_beside_the_step_s_own_is_one_that_a_plan_hangs_on(*, turned: bool) -> None:
    registry()  # the features have registered their steps
    both = [BASELINE.grants(KINDS, ROLES), _without_referrals()]
    first, second = reversed(both) if turned else both
    noting, other = (
        NotingAccess(first, FACTS, RELATIONS, ASKER),
        Access(second, FACTS, RELATIONS, ASKER),
    )
    step = RELATIONS.steps.of(*STEP)
    assert bool(granted(noting, step)) is not bool(granted(other, step))
    made = Made({}, noting.noted, Plan("SELECT 1", (), Cost(), {}, ()))
    assert made.serves({}, Access(first, FACTS, RELATIONS, ASKER))
    assert not made.serves({}, other)

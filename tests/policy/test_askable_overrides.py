"""Whatever a coordinator may publish, every relation in it has its SQL: no reader meets one without."""

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.errors.problems import InvalidInput
from libs.policy.overrides import Overrides, added, tightened, widened
from libs.policy.relations import OF_THE_ASKER
from libs.policy.tenant_policy import TenantPolicy
from libs.reading.naming import check_policy
from services.platform.app import registry
from services.platform.relations import RELATIONS
from tests.policy.overriding import BASELINE, TIGHTENABLE, WIDENABLE

ASKABLE = RELATIONS.registered()
FACTS = sorted({fact for _, fact in ASKABLE} | OF_THE_ASKER)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(TIGHTENABLE), st.sampled_from(FACTS)), min_size=10, max_size=60))
def test_every_relation_of_a_tightened_policy_can_be_asked(
    drawn: list[tuple[tuple[str, ...], str]],
) -> None:
    overrides: Overrides = ()
    for line, fact in drawn:
        try:
            overrides = added(overrides, tightened(BASELINE, tuple(line), fact, ASKABLE))
        except InvalidInput:
            continue
    check_policy(registry(), TenantPolicy(BASELINE, overrides).complete(), RELATIONS)


def test_every_widening_can_be_asked() -> None:
    overrides: Overrides = ()
    for line in WIDENABLE:
        overrides = added(overrides, widened(BASELINE, tuple(line)))
    check_policy(registry(), TenantPolicy(BASELINE, overrides).complete(), RELATIONS)


def test_no_line_of_l2_or_above_is_widenable() -> None:
    levels = ("narrative", "identity", "safety", "texts", "file")
    assert WIDENABLE
    assert not [line for line in WIDENABLE if line.object.partition(".")[2] in levels]
    assert not [line for line in WIDENABLE if line.act.startswith("reveal")]

"""A tenant's policy is the baseline, tightened and widened: one policy for casbin and for grants."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from libs.errors.problems import InvalidInput
from libs.policy import overrides as overriding
from libs.policy import tenant_policy
from libs.policy.cells import as_csv, difference, rows
from libs.policy.grants import Cell, Rule
from libs.policy.overrides import TIGHTEN, WIDEN, Override, Overrides, checked, restored, tightened, twins
from libs.policy.relations import NOBODY
from libs.policy.rules import Policy
from libs.policy.table import render
from libs.policy.tenant_policy import TenantPolicy
from libs.policy.vocabulary import KINDS, READ, ROLES
from tests.policy.agreement import EVERY_ROLE, cells, granted, questions
from tests.policy.overriding import (
    BASELINE,
    EVERYTHING,
    TIGHTENABLE,
    disagreements,
    edges,
    overrides,
)

SUMMARY = Rule("company", "any", "referral.summary", READ, "group+posted+open_board")
KATO = frozenset({"anyone", "company"})
QUICK = settings(max_examples=25, phases=[Phase.generate], derandomize=True, database=None)
LONG = settings(QUICK, max_examples=3_000, derandomize=False)
some_roles = st.frozensets(st.sampled_from(sorted(ROLES)))
some_kinds = st.frozensets(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3)


def closed(*lines: Rule) -> TenantPolicy:
    return TenantPolicy(
        BASELINE,
        tuple(sorted(each for line in lines for each in tightened(BASELINE, tuple(line), None, EVERYTHING))),
    )


@QUICK
@given(overrides())
def test_grants_of_any_overrides_are_what_casbin_says(drawn: Overrides) -> None:
    policy = TenantPolicy(BASELINE, drawn)
    assert disagreements(policy, edges(policy)) == []


@pytest.mark.soak
@LONG
@given(overrides())
def test_grants_of_very_many_overrides_are_what_casbin_says(drawn: Overrides) -> None:
    policy = TenantPolicy(BASELINE, drawn)
    assert disagreements(policy, edges(policy)) == []


@settings(QUICK, max_examples=3)
@given(overrides(), st.sampled_from(sorted(KINDS)))
def test_grants_of_any_overrides_are_what_casbin_says_in_every_cell(drawn: Overrides, kind: str) -> None:
    policy = TenantPolicy(BASELINE, drawn)
    assert disagreements(policy, questions(policy.complete(), [kind])) == []


@QUICK
@given(overrides(), some_kinds, some_roles)
def test_delta_and_whole_compile_alike(
    drawn: Overrides, kinds: frozenset[str], roles: frozenset[str]
) -> None:
    policy = TenantPolicy(BASELINE, drawn)
    tailored, whole = policy.grants(kinds, roles), policy.complete().grants(kinds, roles)
    assert dict(tailored.fields) == dict(whole.fields)
    assert dict(tailored.actions) == dict(whole.actions)
    assert {name: tailored.read(name, "id") for name in tailored.rows} == dict(tailored.rows)


@QUICK
@given(overrides())
def test_overrides_open_nothing_but_widenable_lines(drawn: Overrides) -> None:
    """Whatever is drafted: each line in force is one of the baseline's, or stricter, or a widenable one."""
    lines = TenantPolicy(BASELINE, drawn).complete().rules
    known = BASELINE.widenable | set(BASELINE.rules)
    for line in set(lines) - known:
        assert line.relation == NOBODY or any(
            line[:4] == other[:4] and other.conjunction < line.conjunction for other in BASELINE.rules
        ), line


@QUICK
@given(overrides())
def test_what_stands_is_as_in_the_baseline(drawn: Overrides) -> None:
    policy = TenantPolicy(BASELINE, drawn).complete()
    for cell in BASELINE.fixed:
        assert set(BASELINE.rules_of[cell]) <= set(policy.rules_of[cell])
    own = [rule for rule in BASELINE.rules if rule.act == READ and "own" in rule.conjunction]
    assert set(own) <= set(policy.rules)
    assert len(own) > 30


def test_a_reveal_is_closed_with_its_field_and_the_field_with_its_reveal() -> None:
    field = Rule("npo", "any", "referral.narrative", READ, "sitting")
    action = Rule("npo", "any", "referral", "reveal_narrative", "sitting")
    assert twins(BASELINE, field) == (field, action)
    assert twins(BASELINE, action) == (action, field)
    assert closed(field).overrides == closed(action).overrides
    for level in ("narrative", "identity", "safety", "texts"):
        for owner in ("referral", "case"):
            lines = BASELINE.rules_of.get((f"{owner}.{level}", READ), ())
            opened = [line for line in lines if line.relation != NOBODY]
            assert all(len(twins(BASELINE, line)) == 2 for line in opened), (owner, level)
    own = Rule("npo", "desk", "case", "reveal_safety", "case_holder")
    with pytest.raises(InvalidInput, match="may not be tightened"):
        closed(own)


@QUICK
@given(overrides(), some_kinds, some_roles)
def test_a_reveal_opens_what_its_field_says_under_any_overrides(
    drawn: Overrides, kinds: frozenset[str], roles: frozenset[str]
) -> None:
    grants = TenantPolicy(BASELINE, drawn).grants(kinds, roles)
    for level in ("narrative", "identity", "safety", "texts"):
        field = BASELINE.fields_of[f"referral.{level}"][0][1]
        assert grants.read("referral", field) == grants.act("referral", f"reveal_{level}")


@pytest.mark.parametrize(
    "stored",
    [
        Override(WIDEN, Rule("company", "any", "referral.identity", READ, "party"), "party"),
        Override(WIDEN, Rule("anyone", "any", "referral.ask", READ, "everyone"), "everyone"),
        Override(WIDEN, SUMMARY._replace(relation="tenant"), "tenant"),
        Override(TIGHTEN, SUMMARY, "everyone"),
        Override(TIGHTEN, SUMMARY, "tenant"),
        Override(TIGHTEN, SUMMARY, "posted"),
        Override(TIGHTEN, SUMMARY, "friend"),
        Override(TIGHTEN, Rule("npo", "any", "referral.access_log", READ, "ever_party"), NOBODY),
        Override(TIGHTEN, Rule("npo", "any", "referral.unheard", READ, "tenant"), "everyone"),
    ],
)
def test_whatever_the_table_holds_opens_no_more_than_the_baseline(stored: Override) -> None:
    """As if somebody had written past the product: casbin's own answers, by the lines in force."""
    policy = TenantPolicy(BASELINE, (stored,))
    for rule in policy.complete().rules:
        assert rule in BASELINE.rules or rule[:4] == SUMMARY[:4], rule
    for kind in KINDS:
        for facts in ({"tenant"}, {"party"}, {"everyone"}, {"group", "posted"}):
            kinds, known = frozenset({kind}), frozenset(facts)
            before, after = (each.grants(kinds, EVERY_ROLE) for each in (BASELINE, policy))
            for name, act in cells(BASELINE):
                assert granted(before, name, act).holds(known) or not granted(after, name, act).holds(known)
    fixed = ("referral", "access_log")
    assert policy.grants(frozenset({"npo"}), EVERY_ROLE).read(*fixed).ways


def test_a_tightening_whose_line_is_gone_closes_the_cell_and_never_opens_it() -> None:
    """As after an update of the product that words a line anew."""
    gone = Override(TIGHTEN, SUMMARY._replace(relation="group+posted"), "group+posted+party")
    policy = TenantPolicy(BASELINE, (gone,))
    assert not policy.grants(KATO, EVERY_ROLE).read("referral", "urgency").ways
    assert policy.grants(frozenset({"npo"}), EVERY_ROLE) is BASELINE.grants(frozenset({"npo"}), EVERY_ROLE)
    with pytest.raises(InvalidInput) as refusal:
        checked(BASELINE, (gone,), EVERYTHING)
    assert (refusal.value.detail, refusal.value.en[:7]) == ("no_such_line", "Line 1:")


@QUICK
@given(overrides())
def test_what_is_stored_comes_back(drawn: Overrides) -> None:
    assert restored([each.stored() for each in drawn]) == drawn
    assert checked(BASELINE, drawn, EVERYTHING) == drawn


def test_tenants_share_what_is_equal() -> None:
    one, other = closed(SUMMARY), closed(SUMMARY)
    assert one.content_hash == other.content_hash != BASELINE.content_hash
    assert one.grants(KATO, EVERY_ROLE) is other.grants(KATO, EVERY_ROLE)
    assert one.grants(KATO, EVERY_ROLE).actions is BASELINE.grants(KATO, EVERY_ROLE).actions
    hana = frozenset({"anyone", "government"})
    assert one.grants(hana, EVERY_ROLE) is BASELINE.grants(hana, EVERY_ROLE)
    assert TenantPolicy(BASELINE, ()).grants(KATO, EVERY_ROLE) is BASELINE.grants(KATO, EVERY_ROLE)


def test_grants_differ_by_fingerprint_exactly_where_they_differ() -> None:
    no_desk = closed(Rule("company", "desk", "referral", "offer_help", "group+posted+open_board"))
    nobody = frozenset[str]()
    assert no_desk.grants(KATO, nobody) is BASELINE.grants(KATO, nobody)
    assert no_desk.grants(KATO, EVERY_ROLE).fingerprint != BASELINE.grants(KATO, EVERY_ROLE).fingerprint
    changed = closed(SUMMARY).grants(KATO, EVERY_ROLE)
    assert changed.fingerprint != BASELINE.grants(KATO, EVERY_ROLE).fingerprint


def test_no_casbin_is_loaded_to_grant(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: object, __: object) -> Policy:
        raise AssertionError("grants loaded a casbin")

    monkeypatch.setattr(tenant_policy, "_complete", refused)
    assert not closed(SUMMARY).grants(KATO, EVERY_ROLE).read("referral", "urgency").ways


def test_a_tenants_memories_are_bounded() -> None:
    policy = closed(*TIGHTENABLE[:40])
    for kind in KINDS:
        for other in KINDS:
            for roles in (frozenset[str](), frozenset({"desk"}), EVERY_ROLE):
                policy.grants(frozenset({kind, other}), roles)
    assert policy._tailored.cache_info().currsize <= tenant_policy.GRANTS_KEPT  # pyright: ignore[reportPrivateUsage]


def test_the_difference_says_what_stood_and_what_stands() -> None:
    (line,) = difference(BASELINE, closed(SUMMARY).complete())
    assert line.ja == (
        "紹介・掲示カード：L1 緊急度（referral.summary） 企業： "
        "部会に席 かつ 掲示カード かつ 企業にも開いた掲示板 → ∅"
    )
    assert line.en.endswith(": group and posted and open_board → ∅")
    assert difference(BASELINE, BASELINE) == []


def test_the_table_shows_the_tenants_own_lines() -> None:
    before, after = render(BASELINE).splitlines(), render(closed(SUMMARY).complete()).splitlines()
    assert before != after
    cell = next(
        row
        for row in rows(closed(SUMMARY).complete())
        if (row.kind, row.name) == (SUMMARY.kind, SUMMARY.object)
    )
    assert (cell.cell.ja, cell.cell.en) == ("∅", "∅")
    text = as_csv(closed(SUMMARY).complete()).splitlines()
    assert len(text) == 1 + len(rows(BASELINE)) // 6
    assert len(text) == len(as_csv(BASELINE).splitlines())


# planted faults: what the property above would say of each


def _widening_not_checked(baseline: Policy, drawn: Overrides) -> dict[Cell, tuple[Rule, ...]]:
    cells = {(each.rule.object, each.rule.act) for each in drawn}
    return {
        cell: (*baseline.rules_of[cell], *(each.rule for each in drawn if each.rule[2:4] == cell))
        for cell in cells
    }


def _first_tightening_lost(baseline: Policy, drawn: Overrides) -> dict[Cell, tuple[Rule, ...]]:
    return overriding.lines_in_force(baseline, drawn[1:])


def _whole_cell_tightened(baseline: Policy, drawn: Overrides) -> dict[Cell, tuple[Rule, ...]]:
    right = overriding.lines_in_force(baseline, drawn)
    return {cell: tuple(rule._replace(relation=NOBODY) for rule in lines) for cell, lines in right.items()}


@pytest.mark.parametrize("fault", [_widening_not_checked, _first_tightening_lost, _whole_cell_tightened])
def test_a_planted_fault_of_the_delta_is_found(monkeypatch: pytest.MonkeyPatch, fault: object) -> None:
    ask = SUMMARY._replace(object="referral.ask")
    policy = closed(ask)
    asked = edges(policy)  # complete, and right, before the fault is planted
    assert disagreements(policy, asked) == []
    monkeypatch.setattr(tenant_policy, "lines_in_force", fault)
    assert disagreements(closed(ask), asked)

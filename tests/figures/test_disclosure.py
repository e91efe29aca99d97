"""The disclosure rule by itself: what is withheld, what totals say, and that small counts look alike."""

import uuid
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.figures.disclosure import SMALLEST_SHOWN, Figure, disclosed, total
from libs.figures.measures import CELLS, MEASURES, REFERRALS, Cell, Unit
from libs.figures.rollup import Line, Platform, lines

COUNTED: tuple[Unit, ...] = ("organisation", "group", "event")
PERSONAL: tuple[Unit, ...] = ("person", "referral")


@pytest.mark.parametrize("unit", PERSONAL)
def test_persons_and_referrals_from_1_to_9_are_withheld(unit: Unit) -> None:
    assert {disclosed(unit, count) for count in range(1, 10)} == {Figure(None, withheld=1)}
    assert disclosed(unit, 10) == Figure(10)


@pytest.mark.parametrize("unit", COUNTED)
def test_organisations_groups_and_events_are_shown_from_1(unit: Unit) -> None:
    assert disclosed(unit, 1) == Figure(1)


@pytest.mark.parametrize("unit", [*COUNTED, *PERSONAL])
def test_zero_withheld_and_unreported_are_three_things(unit: Unit) -> None:
    marks = [disclosed(unit, 0), disclosed(unit, None)]
    assert [(figure.value, figure.mark) for figure in marks] == [(0, "value"), (None, "not_reported")]
    assert Figure(None, withheld=1).mark == "withheld"


def test_a_total_sums_what_is_published_and_counts_the_rest() -> None:
    parts = [Figure(12), Figure(0), Figure(None, withheld=1), Figure(None, not_reported=1), Figure(20)]
    assert total(parts) == Figure(32, withheld=1, not_reported=1)


def test_a_total_of_nothing_published_is_not_zero() -> None:
    assert total([Figure(None, withheld=1), Figure(None, not_reported=1)]).mark == "withheld"
    assert total([Figure(None, not_reported=1)]).mark == "not_reported"
    assert total([Figure(0), Figure(None, withheld=1)]) == Figure(0, withheld=1)


SMALL = st.integers(1, 9)
LARGE = st.integers(10, 60)


@st.composite
def referral_counts(draw: st.DrawFn) -> tuple[int, ...]:
    return tuple(sorted(draw(st.lists(st.integers(0, 40), min_size=4, max_size=4)), reverse=True))


@st.composite
def nations(draw: st.DrawFn) -> tuple[list[Platform], dict[uuid.UUID, dict[Cell, int]]]:
    """Up to eight platforms in two prefectures or across them, each of which has reported or not."""
    spans = st.sampled_from((["292095"], ["290009"], ["292095", "272299"], ["372013"]))
    platforms = [Platform(uuid.UUID(int=n), "joint", draw(spans)) for n in range(draw(st.integers(1, 8)))]
    submitted: dict[uuid.UUID, dict[Cell, int]] = {}
    for platform in platforms:
        if draw(st.booleans()):
            counts = {cell: draw(st.integers(0, 40)) for cell in CELLS}
            submitted[platform.tenant_id] = counts | dict(
                zip(REFERRALS.cells, draw(referral_counts()), strict=True)
            )
    return platforms, submitted


@given(nations())
def test_confirmed_reported_accepted_sent_never_contradict_each_other(
    nation: tuple[list[Platform], dict[uuid.UUID, dict[Cell, int]]],
) -> None:
    by_place: dict[object, dict[str, int]] = {}
    for line in lines(*nation):
        if line.cell.measure == REFERRALS.name:
            place = by_place.setdefault((line.level, line.prefecture, line.tenant_id), {})
            place[line.cell.breakdown] = line.figure.value or 0
    assert by_place
    for place in by_place.values():
        steps = [place[breakdown] for breakdown in REFERRALS.breakdowns]
        assert all(whole >= part for whole, part in pairwise(steps)), place


@given(nations(), st.data())
def test_whatever_is_withheld_could_be_any_number_from_1_to_9(
    nation: tuple[list[Platform], dict[uuid.UUID, dict[Cell, int]]], data: st.DataObject
) -> None:
    """Any other small numbers give the same release to the last line: no arithmetic can tell them."""
    platforms, submitted = nation
    others = {
        tenant: {
            cell: data.draw(SMALL) if _is_small(cell, count) else count for cell, count in counts.items()
        }
        for tenant, counts in submitted.items()
    }
    assert lines(platforms, others) == lines(platforms, submitted)


@given(st.lists(SMALL, min_size=1, max_size=5), LARGE)
def test_a_large_number_more_is_seen(smalls: list[int], large: int) -> None:
    """The control of the test above: what is not withheld does change the release."""
    platforms = [Platform(uuid.UUID(int=n), "municipality", ["292095"]) for n in range(len(smalls) + 1)]
    counts = {
        platform.tenant_id: dict.fromkeys(CELLS, small)
        for platform, small in zip(platforms, [*smalls, large], strict=True)
    }
    nation = next(_of(lines(platforms, counts), "nation", REFERRALS.cells[0]))
    assert nation.figure == Figure(large, withheld=len(smalls))


def _of(found: list[Line], level: str, cell: Cell):
    return (line for line in found if line.level == level and line.cell == cell)


def _is_small(cell: Cell, count: int) -> bool:
    return 0 < count < SMALLEST_SHOWN[MEASURES[cell.measure].unit]

"""Seats for any line of groups: never more than there are, never past the reserved ones, nobody overtaken."""

from hypothesis import given
from hypothesis import strategies as st

from services.platform.events.models.codes import QUOTAS
from services.platform.events.models.seats import Seats, Waiting

_LINE = st.lists(st.tuples(st.sampled_from(QUOTAS), st.integers(1, 5)), max_size=30)
_RESERVED = st.fixed_dictionaries({quota: st.integers(0, 4) for quota in QUOTAS})


@given(line=_LINE, reserved=_RESERVED, common=st.integers(0, 12))
def test_nobody_is_overtaken_and_no_seat_given_twice(
    line: list[tuple[str, int]], reserved: dict[str, int], common: int
) -> None:
    capacity = common + sum(reserved.values())
    waiting = [Waiting((number, quota, count), quota, count) for number, (quota, count) in enumerate(line)]
    served = Seats(capacity, reserved, {}).served(waiting)
    held = {quota: sum(count for _, of, count in served if of == quota) for quota in QUOTAS}
    assert sum(max(held[quota] - reserved[quota], 0) for quota in QUOTAS) <= common
    for quota in QUOTAS:
        numbers = [number for number, (of, _) in enumerate(line) if of == quota]
        inside = [number for number, of, _ in served if of == quota]
        assert inside == numbers[: len(inside)]
    # whoever is first of all waits only where there is really too little for them
    if line and (not served or served[0][0] != 0):
        assert line[0][1] > common + reserved[line[0][0]]


@given(line=_LINE, reserved=_RESERVED)
def test_without_a_limit_everybody_comes_in(line: list[tuple[str, int]], reserved: dict[str, int]) -> None:
    waiting = [Waiting(number, quota, count) for number, (quota, count) in enumerate(line)]
    assert Seats(None, reserved, {}).served(waiting) == list(range(len(line)))

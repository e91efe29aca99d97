"""Two questions against each other: with all totals known, no withheld number can be computed."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.platform.surveys.crossing import SMALLEST_SHOWN, shielded

TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=2, max_size=5
    )
)


def test_large_numbers_and_nothing_are_shown() -> None:
    assert shielded([[5, 0], [12, 7]]) == [[5, 0], [12, 7]]


def test_a_small_number_takes_a_cycle_of_others_with_it() -> None:
    assert shielded([[2, 9, 20], [8, 30, 11], [40, 12, 50]]) == [
        [None, 9, None],
        [None, 30, None],
        [40, 12, 50],
    ]


def test_where_no_other_number_hides_it_nothing_is_shown() -> None:
    assert shielded([[2, 0], [0, 40]]) is None


@given(TABLES)
def test_no_withheld_number_follows_from_the_totals(counts: list[list[int]]) -> None:
    shown = shielded(counts)
    if shown is None:
        return
    cells = [(r, c) for r, line in enumerate(shown) for c, count in enumerate(line) if count is None]
    assert all(count is None or count == 0 or count >= SMALLEST_SHOWN for line in shown for count in line)
    assert _computed(cells) == []


def test_the_check_itself_finds_a_computable_cell() -> None:
    assert _computed([(0, 0)]) == [(0, 0)]
    assert _computed([(0, 0), (0, 1), (1, 0), (1, 1)]) == []


def _computed(cells: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The cells that a sum of row and column totals gives exactly, by elimination over the fractions."""
    lines = [
        [Fraction(cell[axis] == place) for cell in cells]
        for axis in (0, 1)
        for place in {cell[axis] for cell in cells}
    ]
    reduced = _reduced(lines)
    return [cells[line.index(Fraction(1))] for line in reduced if sum(value != 0 for value in line) == 1]


def _reduced(lines: list[list[Fraction]]) -> list[list[Fraction]]:
    done, rest = list[list[Fraction]](), [line for line in lines if any(line)]
    for column in range(len(lines[0]) if lines else 0):
        pivot = next((line for line in rest if line[column]), None)
        if pivot is None:
            continue
        rest.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rest, done = ([_without(line, pivot, column) for line in each] for each in (rest, done))
        done.append(pivot)
    return done


def _without(line: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    return [value - line[column] * of_pivot for value, of_pivot in zip(line, pivot, strict=True)]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.errors.problems import InvalidInput
from libs.japan import corporate_number


@pytest.mark.parametrize(
    "number", ["7123456789012", "4011001098993", "7010705000725", "8000020130001", "7000012050002"]
)
def test_known_numbers_are_taken(number: str) -> None:
    assert corporate_number.validated(number) == number


def test_full_width_digits_are_taken() -> None:
    assert corporate_number.validated(" ７０１０７０５０００７２５ ") == "7010705000725"


@pytest.mark.parametrize(
    ("number", "detail"),
    [
        ("701070500072", "not_thirteen_digits"),
        ("T7010705000725", "not_thirteen_digits"),
        ("7-0107-0500-0725", "not_thirteen_digits"),
        ("", "not_thirteen_digits"),
        ("6010705000725", "wrong_check_digit"),
    ],
)
def test_wrong_numbers_are_refused(number: str, detail: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        corporate_number.validated(number)
    assert (refused.value.field, refused.value.detail) == ("corporateNumber", detail)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 11), st.sampled_from("123456789"))
def test_any_single_wrong_digit_but_0_for_9_is_found(base: str, place: int, shift: str) -> None:
    digit = corporate_number.check_digit(base)
    assert digit in "123456789"
    other = str((int(base[place]) + int(shift)) % 10)
    mistyped = base[:place] + other + base[place + 1 :]
    undetectable = {base[place], other} == {"0", "9"}
    assert (corporate_number.check_digit(mistyped) == digit) is undetectable

"""Months are Japan's: they turn at midnight in Tokyo."""

from datetime import UTC, datetime

import pytest

from libs.errors.problems import InvalidInput
from libs.figures.months import Month


def test_a_month_turns_at_midnight_in_tokyo() -> None:
    month = Month.parse("2026-08")
    assert month.begins == datetime(2026, 7, 31, 15, tzinfo=UTC)
    assert month.ends == datetime(2026, 8, 31, 15, tzinfo=UTC)
    assert str(Month.of(month.begins)) == "2026-08"
    assert str(Month.of(month.ends)) == "2026-09"


def test_months_run_over_the_years() -> None:
    month = Month.parse("2026-01")
    assert [str(month.later(n)) for n in (-13, -1, 0, 11, 12)] == [
        "2024-12",
        "2025-12",
        "2026-01",
        "2026-12",
        "2027-01",
    ]


@pytest.mark.parametrize("text", ["2026-13", "2026-8", "2026-00", "0001-01", "2026-08-01", "２０２６-08", ""])
def test_anything_else_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Month.parse(text)
    assert "2026-08" in refused.value.ja
    assert "2026-08" in refused.value.en

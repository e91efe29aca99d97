from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.errors.problems import InvalidInput
from libs.japan.calendar import (
    JST,
    add_working_days,
    era_date,
    era_of,
    era_year,
    fiscal_year,
    fiscal_year_days,
    fiscal_year_name,
    is_holiday,
    is_working_day,
    parse_era_date,
)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(2026, 8, 5), "令和8年8月5日"),
    ],
)
def test_eras_change_on_their_days(day: date, text: str) -> None:
    assert era_date(day) == text
    assert parse_era_date(text) == day


@given(st.dates(date(1926, 12, 25), date(2099, 12, 31)))
def test_every_day_comes_back_from_its_era(day: date) -> None:
    assert parse_era_date(era_date(day)) == day
    short = f"{era_of(day).initial}{day.year - era_of(day).first_year + 1}.{day.month}.{day.day}"
    assert parse_era_date(short) == day


@pytest.mark.parametrize("text", ["Ｒ８．８．５", "R8/8/5", "㋿8年8月5日", "令和 8年 8月 5日", "r8-08-05"])
def test_short_and_full_width_forms_are_read(text: str) -> None:
    assert parse_era_date(text) == date(2026, 8, 5)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("平成31年5月1日", "outside_era"),
        ("昭和64年1月8日", "outside_era"),
        ("昭和元年12月24日", "outside_era"),
        ("令和元年4月30日", "outside_era"),
        ("令和8年2月29日", "no_such_day"),
        ("令和0年5月1日", "outside_era"),
        ("大正10年1月1日", "not_an_era_date"),
        ("2026-08-05", "not_an_era_date"),
    ],
)
def test_days_that_an_era_never_had_are_refused(text: str, detail: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_era_date(text)
    assert refused.value.detail == detail


def test_no_era_before_showa() -> None:
    with pytest.raises(InvalidInput):
        era_year(date(1926, 12, 24))


@pytest.mark.parametrize(
    ("day", "year", "name"),
    [
        (date(2026, 3, 31), 2025, "令和7年度"),
        (date(2026, 4, 1), 2026, "令和8年度"),
        (date(2019, 4, 1), 2019, "令和元年度"),
        (date(1989, 3, 31), 1988, "昭和63年度"),
    ],
)
def test_the_fiscal_year_is_named_by_its_april(day: date, year: int, name: str) -> None:
    assert (fiscal_year(day), fiscal_year_name(year)) == (year, name)
    first, last = fiscal_year_days(year)
    assert first <= day <= last
    assert fiscal_year(last + timedelta(days=1)) == year + 1


def test_weekends_holidays_and_the_turn_of_the_year_are_no_working_days() -> None:
    assert is_working_day(date(2026, 8, 10))
    assert is_holiday(date(2026, 9, 22))  # 国民の休日 between two holidays
    closed = [date(2026, 8, 11), date(2026, 8, 15), date(2026, 8, 16), date(2026, 12, 29), date(2027, 1, 3)]
    assert not any(map(is_working_day, closed))
    assert is_working_day(date(2026, 12, 28))
    assert not is_working_day(date(2026, 8, 10), frozenset({date(2026, 8, 10)}))


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 8, 7), 1, date(2026, 8, 10)),
        (date(2026, 8, 7), 2, date(2026, 8, 12)),
        (date(2026, 12, 28), 1, date(2027, 1, 4)),
        (date(2026, 9, 18), 1, date(2026, 9, 24)),
        (date(2026, 9, 24), -1, date(2026, 9, 18)),
        (date(2026, 8, 8), 0, date(2026, 8, 10)),
        (date(2026, 8, 7), 0, date(2026, 8, 7)),
    ],
)
def test_working_days_are_counted_from_the_next_day(start: date, n: int, expected: date) -> None:
    assert add_working_days(start, n) == expected


def test_days_the_tenant_is_closed_are_skipped() -> None:
    closed = frozenset({date(2026, 8, 13), date(2026, 8, 14)})
    assert add_working_days(date(2026, 8, 12), 1, closed) == date(2026, 8, 17)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_going_back_as_many_working_days_undoes_going_forth(start: date, n: int) -> None:
    start = add_working_days(start, 0)
    assert add_working_days(add_working_days(start, n), -n) == start


def test_japan_is_nine_hours_ahead() -> None:
    assert datetime(2026, 8, 5, tzinfo=JST).utcoffset() == timedelta(hours=9)

"""Phrases beyond those of the one real list: what is read, and what is asked instead of guessed."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.japan.open_data.date_phrases import read_days
from libs.japan.open_data.outcomes import NotUnderstood
from libs.japan.open_data.single_dates import WEEKDAYS, ListMonth
from libs.japan.open_data.time_phrases import read_hours

AUGUST = ListMonth(2026, 8)


def runs(cell: str, month: ListMonth = AUGUST) -> list[str]:
    return [
        f"{first:%m-%d}" if first == last else f"{first:%m-%d}/{last:%m-%d}"
        for first, last in read_days(cell, month).runs
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("８月５日（水）", ["08-05"]),
        ("8月5日(水曜日)", ["08-05"]),
        ("8/5(水)", ["08-05"]),
        ("8月5日、7日、9月2日", ["08-05", "08-07", "09-02"]),
        ("8月5日(水)・6日(木)", ["08-05", "08-06"]),
        ("8月5日（水）\n8月7日（金）", ["08-05", "08-07"]),
        ("8月5日〜7日", ["08-05/08-07"]),
        ("8月5日から8月7日まで", ["08-05/08-07"]),
        ("8月5日－8月7日", ["08-05/08-07"]),
        ("8月1日（土）～2日（日）、8日（土）", ["08-01/08-02", "08-08"]),
        ("8月5日(水)～8月26日(水)の毎週水曜日", ["08-05", "08-12", "08-19", "08-26"]),
        (
            "8月5日～8月26日（毎週水・金曜日）",
            ["08-05", "08-07", "08-12", "08-14", "08-19", "08-21", "08-26"],
        ),
        ("8月1日～8月31日(第2土曜日)", ["08-08"]),
        ("8月8日～8月16日※土日のみ", ["08-08/08-09", "08-15/08-16"]),
        ("8月8日～8月12日 ※11日（火・祝）を除く", ["08-08/08-10", "08-12"]),
        ("8月8日～8月14日 ※9日、11日（火・祝）以外", ["08-08", "08-10", "08-12/08-14"]),
        ("8月17日～8月25日※月曜休館", ["08-18/08-23", "08-25"]),
        ("8月8日～8月12日※日祝を除く", ["08-08", "08-10", "08-12"]),
    ],
)
def test_phrases_that_are_read(cell: str, expected: list[str]) -> None:
    assert runs(cell) == expected


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("8月5日（木）", "weekday_mismatch"),
        ("8月5日（水・祝）", "holiday_mismatch"),
        ("8月32日", "no_such_day"),
        ("13月1日", "no_such_day"),
        ("令和元年4月1日", "no_such_day"),
        ("5日（水）", "month_missing"),
        ("8月5日～", "end_date_missing"),
        ("～8月5日", "start_date_missing"),
        ("8月5日まで", "start_date_missing"),
        ("8月5日、9月2日、8月7日", "days_out_of_order"),
        ("8月7日～8月5日", "period_implausible"),
        ("9月7日～8月5日", "period_implausible"),
        ("8月7日～10日、9日", "days_out_of_order"),
        ("8月5日頃", "date_not_understood"),
        ("8月5日（水）、", "date_not_understood"),
        ("8月5日（水）と6日前後", "date_not_understood"),
        ("8月上旬", "date_not_understood"),
        ("毎週水曜日", "date_not_understood"),
        ("8月5日（水）10:00", "date_not_understood"),
        ("8月17日～8月25日※雨天順延", "date_remark_not_understood"),
        ("8月5日～8月12日※20日以外", "date_remark_not_understood"),
        ("7月1日～8月31日※10日以外", "date_remark_not_understood"),
        ("8月8日～8月16日※10日（火）以外", "weekday_mismatch"),
        ("8月8日～8月16日※火曜休館", "date_remark_not_understood"),  # 8-11 is a holiday
        ("8月8日～8月9日※平日のみ", "no_day_left"),
        ("9月4日、11日（第1週、3週の金曜日）", "weekday_mismatch"),
        ("9月4日、19日（毎週金曜日）", "weekday_mismatch"),
        ("通年", "no_fixed_date"),
        ("", "date_missing"),
        ("-", "date_missing"),
    ],
)
def test_phrases_that_are_asked_about(cell: str, reason: str) -> None:
    with pytest.raises(NotUnderstood) as asked:
        read_days(cell, AUGUST)
    assert asked.value.reason_code == reason


def test_the_year_turns_with_the_list() -> None:
    assert read_days("1月10日（日）", ListMonth(2026, 12)).runs[0][0] == date(2027, 1, 10)
    assert read_days("12月19日（土）", ListMonth(2027, 1)).runs[0][0] == date(2026, 12, 19)
    assert read_days("10月1日（木）～3月31日（水）", AUGUST).runs == ((date(2026, 10, 1), date(2027, 3, 31)),)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(-5, 6))
def test_a_date_with_its_weekday_is_never_read_as_another_day(day: date, distance: int) -> None:
    months = day.year * 12 + day.month - 1 - distance
    month = ListMonth(months // 12, months % 12 + 1)
    cell = f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"
    assert read_days(cell, month).runs == ((day, day),)
    wrong = f"{day.month}月{day.day}日（{WEEKDAYS[(day + timedelta(days=1)).weekday()]}）"
    with pytest.raises(NotUnderstood):
        read_days(wrong, month)


def sessions(start: str, end: str = "-") -> list[tuple[time | None, time | None]]:
    return [(each.opens, each.closes) for each in read_hours(start, end).sessions]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("９：００", "17：00", [(time(9), time(17))]),
        ("午前10時30分", "正午", [(time(10, 30), time(12))]),
        ("午後1時", "午後2時半", [(time(13), time(14, 30))]),
        ("午後12時30分", "午後2時", [(time(12, 30), time(14))]),
        ("9時", "17時", [(time(9), time(17))]),
        ("13時", "-", [(time(13), None)]),
        ("PM2:00", "PM4:00", [(time(14), time(16))]),
        ("10:00～12:00", "", [(time(10), time(12))]),
        ("10:00～12:00\n13:00～15:00", "", [(time(10), time(12)), (time(13), time(15))]),
        ("①10：00～11：00\n②10：30～11：30", "-", [(time(10), time(11)), (time(10, 30), time(11, 30))]),
        ("第1部10:00\n第2部14:00", "第1部11:00\n第2部15:00", [(time(10), time(11)), (time(14), time(15))]),
        ("(1)10:00\n(2)14:00", "(1)11:00\n(2)15:00", [(time(10), time(11)), (time(14), time(15))]),
        ("10:00～", "12:00まで", [(time(10), time(12))]),
        ("9:00", "17:00（入館は16:30まで）", [(time(9), time(17))]),
        ("終日", "-", [(None, None)]),
        ("-", "-", [(None, None)]),
    ],
)
def test_hours_that_are_read(start: str, end: str, expected: list[tuple[time | None, time | None]]) -> None:
    assert sessions(start, end) == expected


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("6時", "-", "hour_ambiguous"),
        ("1時", "3時", "hour_ambiguous"),
        ("10時", "3時", "hour_ambiguous"),
        ("1:30", "3:00", "hour_implausible"),
        ("午前0時", "-", "hour_implausible"),
        ("25:00", "-", "time_not_understood"),
        ("午後13時", "-", "time_not_understood"),
        ("9:60", "-", "time_not_understood"),
        ("13:00", "13:00", "end_before_start"),
        ("18:00", "9:00", "end_before_start"),
        ("22:00", "24:00", "time_not_understood"),
        ("-", "17:00", "start_time_missing"),
        ("10:00\n14:00", "12:00", "sessions_unclear"),
        ("①10:00\n②14:00", "①12:00\n③16:00", "sessions_unclear"),
        ("①10:00\n②14:00", "12:00\n16:00", "sessions_unclear"),
        ("10:00\n11:00", "12:00\n13:00", "sessions_unclear"),
        ("14:00\n10:00", "-", "sessions_unclear"),
        ("10:00頃", "-", "time_not_understood"),
        ("9:00（日曜は10:00まで）", "17:00", "time_not_understood"),
        ("10:00\n13:00", "12:00\n15:00※日曜は14:00まで", "time_not_understood"),
        ("開場13:00 開演13:30", "-", "time_not_understood"),
    ],
)
def test_hours_that_are_asked_about(start: str, end: str, reason: str) -> None:
    with pytest.raises(NotUnderstood) as asked:
        read_hours(start, end)
    assert asked.value.reason_code == reason

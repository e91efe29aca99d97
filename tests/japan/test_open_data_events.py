"""The real monthly list of Takamatsu City, each row with the outcome that a person reads from it."""

import csv
import io
from collections import Counter
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.errors.problems import InvalidInput
from libs.japan.calendar import is_holiday
from libs.japan.open_data.events import UnderstoodEvent, read_events
from libs.japan.open_data.occurrences import Occurrence
from libs.japan.open_data.outcomes import Question, Refused
from libs.japan.open_data.samples import sample_path
from libs.japan.open_data.tables import read_table

DATA = sample_path("takamatsu_events_2026-08.csv").read_bytes()
RESULTS = read_events(DATA, (2026, 8))


def at(first: str, hours: str, last: str | None = None) -> Occurrence:
    """at("8-5", "9:00-17:00", "8-16"), all of 2026."""
    opens, _, closes = hours.partition("-")
    return Occurrence(day(first), day(last or first), clock(opens), clock(closes))


def day(text: str) -> date:
    month, number = map(int, text.split("-"))
    return date(2026, month, number)


def clock(text: str) -> time | None:
    return time.fromisoformat(text.zfill(5)) if text else None


ONE_DAY = {
    3: ("8-12", "13:30-14:20"),
    5: ("8-15", "13:00-15:00"),
    7: ("8-16", "11:00-12:00"),
    8: ("8-16", "13:00-16:00"),
    9: ("8-19", "13:30-15:00"),
    11: ("8-20", "18:30-"),
    12: ("8-21", "18:30-"),
    13: ("8-22", "14:00-15:00"),
    15: ("8-22", "10:30-11:00"),
    16: ("8-22", "13:30-15:00"),
    18: ("8-23", "15:30-16:30"),
    19: ("8-23", "10:00-12:00"),
    20: ("8-23", "10:00-12:00"),
    21: ("8-23", "11:00-13:30"),
    22: ("8-23", "14:00-"),
    23: ("8-26", "13:30-15:30"),
    24: ("8-28", "18:30-20:00"),
    26: ("8-29", "13:30-15:00"),
    33: ("9-5", "13:30-15:00"),
    34: ("9-5", "13:30-15:00"),
    35: ("9-5", "10:00-12:00"),
    36: ("9-6", "10:00-11:30"),
    37: ("9-9", "10:30-12:30"),
    38: ("9-11", "13:30-14:30"),
    39: ("9-17", "10:00-11:30"),
    40: ("9-20", "10:00-11:30"),
    47: ("10-7", "13:30-15:30"),
}
SEVERAL = {
    1: (
        at("8-5", "9:00-22:00", "8-8"),
        at("8-9", "9:00-17:00"),
        at("8-11", "9:00-17:00"),
        at("8-12", "9:00-22:00", "8-15"),
        at("8-16", "9:00-17:00"),
    ),
    2: (at("8-11", "9:00-17:00", "9-23"),),
    4: (at("8-13", "13:00-18:00", "8-15"),),
    10: (at("8-19", "14:00-16:00"), at("8-19", "18:30-20:30")),
    14: (at("8-22", "9:00-17:00", "12-27"),),
    25: (at("8-29", "10:00-12:00"), at("8-29", "13:00-15:00")),
    27: (at("8-30", "10:00-"), at("8-30", "14:00-")),
    28: (at("8-30", "9:45-10:45"), at("8-30", "12:00-13:00")),
    29: (
        at("7-1", "9:00-17:00", "7-3"),
        at("7-6", "9:00-17:00", "7-10"),
        at("7-13", "9:00-17:00", "7-17"),
        at("7-21", "9:00-17:00", "7-24"),
        at("7-27", "9:00-17:00", "7-31"),
        at("8-3", "9:00-17:00", "8-7"),
        at("8-10", "9:00-17:00"),
        at("8-12", "9:00-17:00", "8-14"),
        at("8-17", "9:00-17:00", "8-21"),
        at("8-24", "9:00-17:00", "8-28"),
        at("8-31", "9:00-17:00"),
    ),
    31: (at("8-29", "18:00-"), at("9-5", "18:00-")),
    32: tuple(at(each, "18:00-19:00") for each in ("9-4", "9-18", "10-2", "10-16")),
    42: (at("7-28", "-", "9-23"),),
    44: (at("9-27", "13:00-14:00"), at("9-27", "14:45-15:45")),
    48: (at("10-11", "13:00-14:00"), at("10-11", "14:45-15:45")),
    49: (at("10-25", "13:00-14:00"), at("10-25", "14:45-15:45")),
}
FRIDAY_AND_SATURDAY_LATE = {41: ("7-18", "9-23"), 45: ("7-4", "9-27"), 46: ("7-4", "9-27")}
ASKED = {
    6: ("開催日", "start_date_missing"),
    17: ("開始時間", "sessions_or_days"),
    30: ("開始時間", "hour_ambiguous"),
    43: ("開催日", "start_date_missing"),
    50: ("開催日", "no_fixed_date"),
    51: ("開催日", "no_fixed_date"),
}


def event(number: int) -> UnderstoodEvent:
    found = RESULTS[number - 1]
    assert isinstance(found, UnderstoodEvent)
    return found


def codes(number: int) -> set[str]:
    return {note.code for note in event(number).notes}


def test_each_of_the_51_rows_has_one_result_in_order() -> None:
    assert [result.row for result in RESULTS] == list(range(2, 53))
    assert Counter(type(result) for result in RESULTS) == {UnderstoodEvent: 45, Question: 6}
    expected = [*ONE_DAY, *SEVERAL, *FRIDAY_AND_SATURDAY_LATE, *ASKED]
    assert sorted(expected) == list(range(1, 52))


@pytest.mark.parametrize("number", ONE_DAY)
def test_rows_of_one_day(number: int) -> None:
    assert event(number).occurrences == (at(*ONE_DAY[number]),)


@pytest.mark.parametrize("number", SEVERAL)
def test_rows_of_several_days_or_sessions(number: int) -> None:
    assert event(number).occurrences == SEVERAL[number]


@pytest.mark.parametrize("number", FRIDAY_AND_SATURDAY_LATE)
def test_exhibitions_that_close_later_on_friday_and_saturday(number: int) -> None:
    found = event(number).occurrences
    first, last = map(day, FRIDAY_AND_SATURDAY_LATE[number])
    covered = [
        date.fromordinal(n)
        for each in found
        for n in range(each.first_day.toordinal(), each.last_day.toordinal() + 1)
    ]
    assert covered == [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    for each in found:
        late = each.first_day.weekday() in (4, 5)
        assert (each.opens, each.closes) == (time(9, 30), time(19) if late else time(17))
        assert (each.last_day.weekday() in (4, 5)) is late


@pytest.mark.parametrize("number", ASKED)
def test_rows_that_are_asked_about(number: int) -> None:
    found = RESULTS[number - 1]
    assert isinstance(found, Question)
    assert (found.column, found.reason_code) == ASKED[number]
    assert found.ja
    assert found.en


def test_what_was_filled_in_or_is_not_stated_is_noted() -> None:
    assert "closed_days_not_stated" in codes(14)
    assert "closed_days_not_stated" not in codes(1)
    assert "holidays_left_out" in codes(29)
    assert "session_numbers_missing" in codes(10)
    assert "hours_not_stated" in codes(42)
    assert "end_time_not_stated" in codes(11)
    assert "year_filled_in" in codes(3)
    assert "year_filled_in" not in codes(16)
    assert {n for n in range(1, 52) if n not in ASKED and "fee_or_capacity_misplaced" in codes(n)} == {
        5,
        13,
        18,
    }
    assert is_holiday(date(2026, 8, 11))


def test_numbers_are_taken_only_where_the_cell_says_nothing_else() -> None:
    fees = {n: event(n).details.fee_yen for n in (3, 9, 20, 35, 37, 2, 18, 5)}
    assert fees == {3: 0, 9: 500, 20: 300, 35: None, 37: None, 2: None, 18: None, 5: None}
    persons = {n: event(n).capacity for n in (3, 9, 16, 18, 19, 28, 36, 44, 47, 5, 25)}
    assert persons == {
        3: 220, 9: 20, 16: None, 18: 70, 19: 12, 28: None, 36: None, 44: None, 47: 80, 5: None, 25: None,
    }  # fmt: skip
    assert event(28).details.capacity_text == (
        "各回14組(1組2名まで、保護者除く)\n※材料は各組1つずつです。人数分ではありませんので、ご了承ください。"
    )
    assert event(1).details.capacity_text is None


def test_the_rest_of_a_row_comes_along() -> None:
    found = event(31)
    assert found.title == "プロスポーツを応援！ （カマタマーレ讃岐）"
    assert found.place == "四国化成ＭＥＧＬＩＯスタジアム （香川県立丸亀競技場）"
    assert found.details.url == "https://www.kamatamare.jp/"
    assert found.details.telephone is None
    assert event(3).details.telephone == "087-811-6222"
    assert (event(3).details.latitude, event(3).details.longitude) == (34.34541065906359, 134.05404503449154)


@pytest.mark.parametrize("encoding", ["cp932", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_every_encoding_of_the_real_file_gives_the_same_results(encoding: str) -> None:
    text = DATA.decode()
    for outside_cp932, within in (("\u24c7", "R"), ("\u301c", "\uff5e")):
        text = text.replace(outside_cp932, within)
    assert read_events(text.encode(encoding), (2026, 8)) == read_events(text.encode(), (2026, 8))


def test_in_another_year_the_weekdays_disagree_and_nothing_is_guessed() -> None:
    results = read_events(DATA, (2027, 8))
    assert len(results) == 51
    understood = [result.row - 1 for result in results if isinstance(result, UnderstoodEvent)]
    assert understood == [16, 33]  # the two rows that name their year
    asked = {each.row - 1: each.reason_code for each in results if isinstance(each, Question)}
    assert {row for row, reason in asked.items() if reason != "weekday_mismatch"} == {43, 50, 51}


def test_a_row_moved_by_one_cell_is_refused_and_the_others_stay() -> None:
    lines = (
        "行事名,開催日,開始時間\n茶話会,8月5日（水）,10:00\n,茶話会,8月5日（水）,10:00\n,8月6日（木）,10:00\n"
    )
    taken, shifted, nameless = read_events(lines.encode(), (2026, 8))
    assert isinstance(taken, UnderstoodEvent)
    assert isinstance(shifted, Refused)
    assert isinstance(nameless, Refused)
    assert (shifted.reason_code, nameless.reason_code) == ("too_many_cells", "title_missing")


@pytest.mark.parametrize("month", [(2026, 13), (2026, 0), (26, 8)])
def test_a_list_needs_its_month(month: tuple[int, int]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_events(DATA, month)
    assert refused.value.field == "month"


CELL = st.text(
    st.sampled_from(
        "0123589年月日時分(（水祝金)）～~-、・※①②:：午後まで令和元以外平休館のみ毎週第を除くは\n "
    ),
    max_size=14,
)


@given(CELL, CELL, CELL)
def test_any_cells_give_one_result_and_no_day_without_its_reason(days: str, opens: str, closes: str) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(
        [["行事名", "開催日", "開始時間", "終了時間"], ["茶話会", days, opens, closes]]
    )
    (found,) = read_events(text.getvalue().encode(), (2026, 8))
    if isinstance(found, UnderstoodEvent):
        assert all(each.first_day <= each.last_day for each in found.occurrences)
        assert found.occurrences
    else:
        assert isinstance(found, Question)


def test_every_row_of_the_table_has_a_result() -> None:
    assert len(read_table(DATA).rows) == len(RESULTS)


SUISHO = (
    "イベント名,イベント名_カナ,開始日,終了日,開始時間,終了時間,開始日時特記事項,"
    "説明,料金(基本),料金(詳細),場所名称,住所,定員"
)


def recommended(
    when: str, rest: str = "居場所,500,,まなび館,東新町1-1,30"
) -> UnderstoodEvent | Question | Refused:
    (found,) = read_events(f"{SUISHO}\n茶話会,サワカイ,{when},{rest}\n".encode("cp932"), (2026, 8))
    return found


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-08-05,2026-08-05,10:00,12:00,", (at("8-5", "10:00-12:00"),)),
        ("2026/8/5,2026/8/5,１０：００,12:00,雨天中止", (at("8-5", "10:00-12:00"),)),
        ("令和8年8月5日,令和8年8月7日,10:00,,", (at("8-5", "10:00-", "8-7"),)),
        (
            "2026-08-07,2026-08-12,10:00,12:00,平日のみ",
            (at("8-7", "10:00-12:00"), at("8-10", "10:00-12:00"), at("8-12", "10:00-12:00")),
        ),
        (
            "2026-08-07,2026-08-09,10:00,12:00,日曜は11:00まで",
            (at("8-7", "10:00-12:00", "8-8"), at("8-9", "10:00-11:00")),
        ),
    ],
)
def test_the_recommended_columns_are_understood(when: str, expected: tuple[Occurrence, ...]) -> None:
    found = recommended(when)
    assert isinstance(found, UnderstoodEvent)
    assert found.occurrences == expected
    assert (found.details.kana, found.details.address, found.capacity) == ("サワカイ", "東新町1-1", 30)
    assert found.details.fee_yen == 500


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("2026-08-05,,10:00,12:00,", "end_date_missing"),
        (",2026-08-05,10:00,12:00,", "start_date_missing"),
        ("2026-08-05,2026-08-04,10:00,12:00,", "period_implausible"),
        ("2026-08-05,2026-08-05,10:00,12:00,講師の都合により変更あり", "time_not_understood"),
        ("2026-08-05,2026-08-05,10:00,9:00,", "end_before_start"),
        ("2016-08-05,2016-08-05,10:00,12:00,", "date_far_from_list"),
    ],
)
def test_what_the_recommended_columns_leave_open_is_asked(when: str, reason: str) -> None:
    found = recommended(when)
    assert isinstance(found, Question)
    assert found.reason_code == reason

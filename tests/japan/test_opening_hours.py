"""Opening hours: expanded as an independent reader of RRULE does, and said as a notice on a door."""

import datetime as dt

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.errors.problems import InvalidInput
from libs.japan.calendar import JST
from libs.japan.hours_in_words import in_english, in_japanese
from libs.japan.opening_hours import Clock, Hours, OtherDay, rule

FIRST, LAST = dt.date(2026, 4, 1), dt.date(2027, 3, 31)
OFFICE = rule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "9:00", "17:00", "hours")
WEEKDAY = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
WEEKLY = st.lists(WEEKDAY, min_size=1, max_size=4, unique=True).map(
    lambda days: f"FREQ=WEEKLY;BYDAY={','.join(days)}"
)
NTH = st.tuples(st.sampled_from(["1", "2", "3", "4", "5", "-1"]), WEEKDAY).map("".join)
MONTHLY = st.lists(NTH, min_size=1, max_size=3, unique=True).map(
    lambda days: f"FREQ=MONTHLY;BYDAY={','.join(days)}"
)
ON_DAY = st.lists(st.integers(1, 31), min_size=1, max_size=3, unique=True).map(
    lambda days: f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, days))}"
)


@settings(max_examples=50)
@given(
    st.one_of(WEEKLY, MONTHLY, ON_DAY, st.just("FREQ=DAILY")),
    st.integers(1, 4),
    st.dates(FIRST, dt.date(2026, 9, 30)),
)
def test_days_are_those_of_another_reader(text: str, interval: int, start: dt.date) -> None:
    full = f"{text};INTERVAL={interval}"
    ours = Hours((rule(full, "10:00", "12:00", "hours", starts_on=start),)).spans(FIRST, LAST)
    begins = dt.datetime.combine(start, dt.time(10), JST)
    until = dt.datetime.combine(LAST, dt.time(23), JST)
    theirs = rrulestr(f"{full};WKST=MO", dtstart=begins).between(begins, until, inc=True)
    assert [span[0] for span in ours] == theirs


def test_closed_days_and_other_hours_come_before_the_rules() -> None:
    hours = Hours(
        (OFFICE, rule("FREQ=MONTHLY;BYDAY=2SA", "22:00", "1:00", "hours")),
        (
            OtherDay(dt.date(2026, 12, 28), None, "大掃除"),
            OtherDay(dt.date(2026, 12, 31), Clock.read("10:00", "12:00", "hours")),
        ),
        closed_on_holidays=True,
        closed_at_year_end=True,
    )
    starts = [f"{span[0]:%m-%d %H}" for span in hours.spans(dt.date(2026, 12, 24), dt.date(2027, 1, 12))]
    # 12-28 closed by itself, 12-31 open by itself, 01-11 成人の日; 01-09 is the second Saturday
    assert starts == [
        "12-24 09",
        "12-25 09",
        "12-31 10",
        "01-04 09",
        "01-05 09",
        "01-06 09",
        "01-07 09",
        "01-08 09",
        "01-09 22",
        "01-12 09",
    ]
    night = hours.spans(dt.date(2027, 1, 9), dt.date(2027, 1, 9))
    assert [f"{ends:%m-%d %H:%M}" for _, ends in night] == ["01-10 01:00"]
    assert in_japanese(hours) == (
        "月～金曜 9:00～17:00。毎月第2土曜 22:00～1:00。祝日休み。12月29日～1月3日休み。"
        "令和8年12月28日休み(大掃除)。令和8年12月31日 10:00～12:00"
    )
    assert in_english(hours).startswith("Mon–Fri 9:00–17:00; 2nd Sat of the month 22:00–1:00; closed on")


def test_spans_that_meet_are_one() -> None:
    evening, night = (rule("FREQ=DAILY", *clock, "hours") for clock in (("17:00", "24:00"), ("0:00", "1:00")))
    found = Hours((OFFICE, evening, night)).spans(dt.date(2026, 11, 30), dt.date(2026, 12, 1))
    assert [f"{begins:%d %H}-{ends:%d %H}" for begins, ends in found] == [
        "30 00-30 01",
        "30 09-01 01",
        "01 09-02 00",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,TH", "火・木曜 9:00～12:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "隔週水曜 9:00～12:00(令和8年4月1日から)"),
        ("FREQ=MONTHLY;BYDAY=1WE,3WE", "毎月第1・第3水曜 9:00～12:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "毎月最終金曜 9:00～12:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,25", "毎月15日・25日 9:00～12:00"),
        ("RRULE:FREQ=DAILY", "毎日 9:00～12:00"),
    ],
)
def test_a_rule_in_words(text: str, said: str) -> None:
    start = FIRST if "INTERVAL" in text else None
    assert in_japanese(Hours((rule(text, "09:00", "12:00", "hours", starts_on=start),))) == said


@pytest.mark.parametrize(
    ("text", "opens", "detail"),
    [
        ("FREQ=YEARLY", "9:00", "not_a_rule"),
        ("FREQ=WEEKLY", "9:00", "not_a_rule"),
        ("FREQ=WEEKLY;BYDAY=1MO", "9:00", "not_a_rule"),
        ("FREQ=MONTHLY;BYDAY=XX", "9:00", "not_a_rule"),
        ("FREQ=MONTHLY;BYDAY=MO", "9:00", "not_a_rule"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "9:00", "not_a_rule"),
        ("FREQ=WEEKLY;BYDAY=MO;FREQ=DAILY", "9:00", "not_a_rule"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "9:00", "not_a_rule"),
        ("FREQ=WEEKLY;BYDAY=MO;INTERVAL=0", "9:00", "not_a_rule"),
        ("FREQ=WEEKLY;BYDAY=MO;INTERVAL=2", "9:00", "needs_a_start"),
        ("FREQ=DAILY", "25:00", "not_a_time"),
        ("FREQ=DAILY", "24:30", "not_a_time"),
        ("FREQ=DAILY", "12:00", "no_time_between"),
    ],
)
def test_what_is_no_rule_is_refused(text: str, opens: str, detail: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rule(text, opens, "12:00", "hours")
    assert refused.value.detail == detail

"""Remarks on the days of a period: ※10日（月）以外, ※平日のみ, (毎週金曜日), (第1、3金曜日), 月曜休館."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Final

from libs.japan.calendar import is_holiday
from libs.japan.open_data.outcomes import NotUnderstood
from libs.japan.open_data.single_dates import (
    DATE,
    WEEKDAYS,
    DateParts,
    check_against_calendar,
    weekday_mismatch,
)

Span = tuple[date, date]
DayFilter = Callable[[date], bool]
"""Whether the event is on that day."""

_ONE_DAY: Final = timedelta(days=1)
_EXCEPT = re.compile(r"(?P<what>.+?)(?P<how>以外|を除く|は除く|除く|は?お?休(?:館日?|業日?|室日?|み)?)")
_ONLY = re.compile(r"(?P<what>.+?)のみ(?:開催)?")
_WEEKLY = re.compile(rf"毎週(?P<days>[{WEEKDAYS}](?:[・、,]?[{WEEKDAYS}])*)曜日?")
_MONTHLY = re.compile(rf"(?:毎月)?(?P<weeks>第?[1-5]週?(?:[・、,]第?[1-5]週?)*)の?(?P<day>[{WEEKDAYS}])曜日?")
_JOINT = re.compile(r"[・、,\n]|及び|および|と")
_KIND = re.compile(rf"(?P<day>[{WEEKDAYS}])(?:曜日?)?|(?P<holiday>祝日|祝|休日)|(?P<weekdays>平日)")


def read_filter(remark: str, spans: list[Span]) -> DayFilter:
    """Raises `NotUnderstood` where the remark isn't surely about these days."""
    text = remark.strip().rstrip("。")
    if found := _MONTHLY.fullmatch(text):
        return _of_month(found, spans)
    if found := _WEEKLY.fullmatch(text):
        return _of_week(frozenset(map(WEEKDAYS.index, re.sub("[・、,]", "", found["days"]))), spans)
    if found := _ONLY.fullmatch(text):
        return days_named(found["what"])
    if found := _EXCEPT.fullmatch(text):
        return _except(found["what"], spans, closing="休" in found["how"])
    raise _unknown_remark()


def days_named(text: str) -> DayFilter:
    """平日, 日曜及び休日, 金、土, 土日祝 as a test on days. 平日 are Monday to Friday without holidays."""
    weekdays: set[int] = set()
    holidays = working = False
    for part in _kinds(text):
        weekdays |= {WEEKDAYS.index(part["day"])} if part["day"] else set()
        holidays |= part["holiday"] is not None
        working |= part["weekdays"] is not None

    def named(day: date) -> bool:
        free = is_holiday(day)
        on_working_day = working and day.weekday() < 5 and not free  # noqa: PLR2004 - Saturday is 5
        return day.weekday() in weekdays or (holidays and free) or on_working_day

    return named


def apply_filters(spans: list[Span], filters: list[DayFilter]) -> tuple[Span, ...]:
    """The runs of days that pass every filter. Raises `NotUnderstood` where none is left."""
    if not filters:
        return tuple(spans)
    kept = [day for day in _days(spans) if all(passes(day) for passes in filters)]
    if not kept:
        raise NotUnderstood(
            "no_day_left",
            "除外する日を引くと開催日が残りません。ご確認ください。",
            "No day is left after the exceptions. Check them.",
        )
    return tuple(_runs(kept))


def _except(what: str, spans: list[Span], *, closing: bool) -> DayFilter:
    """月曜休館 says nothing sure of a Monday that is a holiday: most halls close a day later then."""
    if not DATE.match(what):
        excluded = days_named(what)
        if closing and any(excluded(day) and is_holiday(day) for day in _days(spans)):
            raise _unknown_remark()
        return lambda day: not excluded(day)
    dates = frozenset(_excluded_date(found, spans) for found in _dates_in(what))
    return lambda day: day not in dates


def _dates_in(text: str) -> Iterable[re.Match[str]]:
    place = 0
    while place < len(text):
        found = DATE.match(text, place)
        if found is None:
            raise _unknown_remark()
        yield found
        joint = _JOINT.match(text, found.end())
        place = joint.end() if joint else found.end()


def _excluded_date(found: re.Match[str], spans: list[Span]) -> date:
    parts = DateParts.of(found)
    candidates = [day for day in _days(spans) if _fits(parts, day)]
    if len(candidates) != 1:
        raise _unknown_remark()
    check_against_calendar(parts, candidates[0])
    return candidates[0]


def _fits(parts: DateParts, day: date) -> bool:
    return day.day == parts.day and parts.month in (None, day.month) and parts.year in (None, day.year)


def _of_week(weekdays: frozenset[int], spans: list[Span]) -> DayFilter:
    """Narrows a period; on single days it is a check of each."""
    for first, last in spans:
        if first == last and first.weekday() not in weekdays:
            raise weekday_mismatch(first)
    return lambda day: day.weekday() in weekdays


def _of_month(found: re.Match[str], spans: list[Span]) -> DayFilter:
    weekday = WEEKDAYS.index(found["day"])
    weeks = frozenset(map(int, re.findall("[1-5]", found["weeks"])))
    of_week = _of_week(frozenset({weekday}), spans)
    for first, last in spans:
        if first == last and _week(first) not in weeks:
            raise weekday_mismatch(first)
    return lambda day: of_week(day) and _week(day) in weeks


def _week(day: date) -> int:
    return (day.day + 6) // 7


def _kinds(text: str) -> list[re.Match[str]]:
    kinds: list[re.Match[str]] = []
    for part in filter(None, _JOINT.split(text)):
        place = 0
        while place < len(part):
            found = _KIND.match(part, place)
            if found is None:
                raise _unknown_remark()
            kinds.append(found)
            place = found.end()
    if not kinds:
        raise _unknown_remark()
    return kinds


def _days(spans: Iterable[Span]) -> Iterable[date]:
    for first, last in spans:
        for offset in range((last - first).days + 1):
            yield first + offset * _ONE_DAY


def _runs(days: list[date]) -> Iterable[Span]:
    first = before = days[0]
    for day in days[1:]:
        if day - before > _ONE_DAY:
            yield first, before
            first = day
        before = day
    yield first, before


def _unknown_remark() -> NotUnderstood:
    return NotUnderstood(
        "date_remark_not_understood",
        "開催日の注記を読み取れません。実際に開催する日をすべて入力してください。",
        "The remark on the days can't be read. List the days on which it takes place.",
    )

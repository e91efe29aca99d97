"""The Japanese calendar: eras (和暦), fiscal years (年度) and working days (開庁日), all in JST.

Dates are stored in the western calendar; eras are for reading what people type and for showing.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import jpholiday

from libs.errors.problems import InvalidInput

JST: Final = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class Era:
    """An era from its first day; the next era's first day ends it (一世一元, 元号法)."""

    name: str
    initial: str
    first_day: date

    @property
    def first_year(self) -> int:
        return self.first_day.year


ERAS: Final = (
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("昭和", "S", date(1926, 12, 25)),
)
"""Newest first; earlier eras are no part of the product's data."""

_ERA_DATE = re.compile(
    r"(?P<era>令和|平成|昭和|[RHS])\s*(?P<year>元|[0-9]{1,2})\s*(?:年|[./-])\s*"
    r"(?P<month>[0-9]{1,2})\s*(?:月|[./-])\s*(?P<day>[0-9]{1,2})\s*日?",
    re.IGNORECASE,
)


def era_of(day: date) -> Era:
    """Raises `InvalidInput` (detail before_showa) for days before 1926-12-25."""
    for era in ERAS:
        if day >= era.first_day:
            return era
    raise _no_era(
        "before_showa", "昭和より前の日付は扱えません。", "Dates before 1926-12-25 are not handled."
    )


def era_date(day: date) -> str:
    """令和8年8月5日; the first year of an era is 元年."""
    return f"{era_year(day)}{day.month}月{day.day}日"


def era_year(day: date) -> str:
    """令和8年: the year as it is called on that day."""
    era = era_of(day)
    return f"{era.name}{_year_in(era, day.year)}年"


def parse_era_date(text: str) -> date:
    """The day of 令和8年8月5日, R8.8.5, ㍻31年4月30日, 令和元年5月1日.

    Raises `InvalidInput` with `detail` not_an_era_date, no_such_day, or outside_era (平成31年5月1日 was
    already 令和).
    """
    found = _ERA_DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise _no_era(
            "not_an_era_date", "「令和8年8月5日」の形で入力してください。", "Write it like 令和8年8月5日."
        )
    era = next(era for era in ERAS if found["era"].upper() in (era.name, era.initial))
    year = 1 if found["year"] == "元" else int(found["year"])
    return _day_in_era(era, year, int(found["month"]), int(found["day"]))


def fiscal_year(day: date) -> int:
    """The 年度, April to March, named by its April's year (地方自治法208条): 2026-03-31 is in 2025."""
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1


def fiscal_year_name(year: int) -> str:
    """令和7年度 for 2025. 2019 is 令和元年度 as a whole, though its April was 平成31年."""
    return f"{era_year(date(year, 5, 1))}度"


def fiscal_year_days(year: int) -> tuple[date, date]:
    """Its first and last day."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def is_holiday(day: date) -> bool:
    """A national holiday (国民の祝日に関する法律), substitute holidays included."""
    return day in _holidays(day.year)


def is_working_day(day: date, closed: frozenset[date] = frozenset()) -> bool:
    """Not Saturday or Sunday, holiday, 12-29 to 01-03, nor one of the days the tenant is `closed`."""
    return not (day.weekday() in _WEEKEND or _is_year_end(day) or is_holiday(day) or day in closed)


def add_working_days(start: date, n: int, closed: frozenset[date] = frozenset()) -> date:
    """The n-th working day after `start`, which itself doesn't count (初日不算入, 民法140条).

    Negative `n` goes back; 0 gives `start`, or the next working day where `start` is none.
    """
    day = start
    if n == 0:
        while not is_working_day(day, closed):
            day += timedelta(days=1)
        return day
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        day += step
        while not is_working_day(day, closed):
            day += step
    return day


_WEEKEND: Final = (5, 6)
_DECEMBER_29: Final = (12, 29)
_JANUARY_3: Final = (1, 3)


def _is_year_end(day: date) -> bool:
    """地方自治法4条の2 and the ordinances made under it."""
    month_day = (day.month, day.day)
    return month_day >= _DECEMBER_29 or month_day <= _JANUARY_3


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(day for day, _ in jpholiday.year_holidays(year))


def _year_in(era: Era, year: int) -> str:
    ordinal = year - era.first_year + 1
    return "元" if ordinal == 1 else str(ordinal)


def _day_in_era(era: Era, year: int, month: int, day: int) -> date:
    try:
        found = date(era.first_year + year - 1, month, day)
    except ValueError as error:
        raise _no_era(
            "no_such_day", "存在しない日付です。ご確認ください。", "There is no such day."
        ) from error
    if found < ERAS[-1].first_day or era_of(found) != era:
        raise _outside(era)
    return found


def _outside(era: Era) -> InvalidInput:
    return _no_era(
        "outside_era",
        f"この日付は{era.name}の期間にありません。元号と年をご確認ください。",
        f"This day is not within the era {era.name}. Check era and year.",
    )


def _no_era(detail: str, ja: str, en: str) -> InvalidInput:
    return InvalidInput("date", ja, en, detail=detail)

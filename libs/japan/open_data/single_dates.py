"""One date within a phrase: its parts, its year where none is written, its check against the calendar."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from libs.errors.problems import InvalidInput
from libs.japan.calendar import is_holiday, parse_era_date
from libs.japan.open_data.outcomes import NotUnderstood

WEEKDAYS: Final = "月火水木金土日"
_WEEKDAY = (
    rf"(?:\((?P<weekday>[{WEEKDAYS}])(?:曜日?)?(?:[・、,/]?(?P<holiday>祝日|祝|休日|休|振休|振替休日))?\))?"
)
DATE = re.compile(
    r"(?:(?P<iso_year>[0-9]{4})[-/.](?P<iso_month>[0-9]{1,2})[-/.](?P<iso_day>[0-9]{1,2})(?![0-9])"
    r"|(?:(?P<era>(?:令和|平成|[RH])(?:元|[0-9]{1,2}))年|(?P<year>[0-9]{4})年)?"
    r"(?:(?P<month>[0-9]{1,2})月|(?P<slash_month>[0-9]{1,2})/(?=[0-9]{1,2}(?![0-9])))?"
    rf"(?P<day>[0-9]{{1,2}})(?(slash_month)|日)){_WEEKDAY}"
)
_MONTHS_BEFORE, _MONTHS_AFTER = 5, 6
_LEAST_MONTHS_BACK = 2


@dataclass(frozen=True, slots=True)
class ListMonth:
    """The month that a list of events is published for; dates without a year are near it."""

    year: int
    month: int

    def distance(self, year: int, month: int) -> int:
        """In months, negative before."""
        return (year - self.year) * 12 + month - self.month

    def year_of(self, month: int) -> int:
        """The year in which that month lies from 5 before to 6 after this one: there is exactly one."""
        years = (self.year - 1, self.year, self.year + 1)
        return next(y for y in years if -_MONTHS_BEFORE <= self.distance(y, month) <= _MONTHS_AFTER)


@dataclass(frozen=True, slots=True)
class DateParts:
    """What the text says of a date; None is unsaid."""

    year: int | None
    month: int | None
    day: int
    weekday: int | None
    holiday: bool

    @classmethod
    def of(cls, found: re.Match[str]) -> "DateParts":
        month = found["iso_month"] or found["month"] or found["slash_month"]
        return cls(
            year=_year(found),
            month=int(month) if month else None,
            day=int(found["iso_day"] or found["day"]),
            weekday=WEEKDAYS.index(found["weekday"]) if found["weekday"] else None,
            holiday=found["holiday"] is not None,
        )


def read_date(parts: DateParts, month: ListMonth, before: date | None) -> date:
    """The date; what is unsaid is taken from the date `before` it, else from the list's month."""
    if parts.month is None and before is None:
        raise NotUnderstood(
            "month_missing", "月が書かれていません。月を入力してください。", "The month is missing. Add it."
        )
    month_number = parts.month or (before.month if before else month.month)
    if not 1 <= month_number <= 12:  # noqa: PLR2004 - months of a year
        raise _no_such_day()
    found = _day(_chosen_year(parts, month_number, month, before), month_number, parts.day)
    check_against_calendar(parts, found)
    if not -12 <= month.distance(found.year, found.month) <= 18:  # noqa: PLR2004 - months, see the text
        raise _far_away()
    return found


def check_against_calendar(parts: DateParts, found: date) -> None:
    """The weekday and the 祝 that are written must be the date's own."""
    if parts.weekday is not None and parts.weekday != found.weekday():
        raise weekday_mismatch(found)
    if parts.holiday and not is_holiday(found):
        raise NotUnderstood(
            "holiday_mismatch",
            f"{found.month}月{found.day}日は祝日ではありません。日付をご確認ください。",
            f"{found.isoformat()} is no public holiday, though the cell says so. Check the date.",
        )


def weekday_mismatch(found: date) -> NotUnderstood:
    right = WEEKDAYS[found.weekday()]
    return NotUnderstood(
        "weekday_mismatch",
        f"{found.year}年{found.month}月{found.day}日は{right}曜日です。日付か曜日のどちらが正しいかご確認ください。",
        f"{found.isoformat()} is a {found:%A}, the cell says otherwise. Check which is right.",
    )


def _chosen_year(parts: DateParts, month_number: int, month: ListMonth, before: date | None) -> int:
    """12月20日～1月10日 goes into the next year; 9月2日、8月7日 is a slip that the order shows."""
    if parts.year is not None:
        return parts.year
    if before is None:
        return month.year_of(month_number)
    into_next_year = month_number - before.month < -_LEAST_MONTHS_BACK
    return before.year + 1 if into_next_year else before.year


def _year(found: re.Match[str]) -> int | None:
    if found["era"]:
        try:
            return parse_era_date(f"{found['era']}年{found['month'] or 0}月{found['day']}日").year
        except InvalidInput as problem:
            raise _no_such_day() from problem
    year = found["iso_year"] or found["year"]
    return int(year) if year else None


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _no_such_day() from error


def _no_such_day() -> NotUnderstood:
    return NotUnderstood(
        "no_such_day", "存在しない日付です。日付をご確認ください。", "There is no such day. Check the date."
    )


def _far_away() -> NotUnderstood:
    return NotUnderstood(
        "date_far_from_list",
        "一覧の月から12か月以上前か、18か月より後の日付です。年をご確認ください。",
        "The date is more than 12 months before or 18 months after the list's month. Check the year.",
    )

"""The 開催日 cell: 「8月5日（水）～8月16日（日）※10日（月）以外」 to the days it names.

The year comes from the list's month where the cell has none, and every weekday or 祝 that the cell states
must agree with the date: a disagreement is asked about, never settled by guessing.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from libs.japan.open_data.day_filters import DayFilter, apply_filters, read_filter
from libs.japan.open_data.outcomes import NotUnderstood
from libs.japan.open_data.single_dates import DATE, DateParts, ListMonth, read_date

_LONGEST_PERIOD: Final = timedelta(days=400)
_RANGE = re.compile(r"\s*(?:~|から|-)\s*")
_SEPARATOR = r"\s*(?:[、,・]|及び|および|と|\n)\s*"
_NEXT = re.compile(rf"{_SEPARATOR}(?=[0-9]|令和|平成|[RH])")
_UNTIL = re.compile(r"\s*まで")
_REMARK = re.compile(
    r"\s*(?:※(?P<starred>[^※]+)|\((?P<bracketed>[^()]*(?:\([^()]*\)[^()]*)*)\)"
    r"|の?(?P<weekly>毎[週月][^※(]+))",
    re.DOTALL,
)
_NO_DATE = re.compile(r"随時|通年|未定|日程調整|要調整|決定")


@dataclass(frozen=True, slots=True)
class Days:
    """Runs of days (first, last), in order. `whole_period` when a period was given without exceptions."""

    runs: tuple[tuple[date, date], ...]
    whole_period: bool
    without_year: bool

    @property
    def count(self) -> int:
        return sum((last - first).days + 1 for first, last in self.runs)


def read_days(cell: str, month: ListMonth) -> Days:
    """Raises `NotUnderstood` for anything that is not surely one set of days."""
    text = normalised(cell)
    if not text or text in "-－":
        raise NotUnderstood(
            "date_missing", "開催日が空です。日付を入力してください。", "There is no date. Add it."
        )
    return _Reader(text, month).read()


def normalised(cell: str) -> str:
    """NFKC with every wave dash as ~ and every dash as -, spaces within lines removed."""
    text = unicodedata.normalize("NFKC", cell).translate(_WAVES_AND_DASHES)
    return "\n".join(filter(None, ("".join(line.split()) for line in text.splitlines())))


_WAVES_AND_DASHES: Final = {ord("〜"): "~", ord("∼"): "~"} | dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"
)


class _Reader:
    """Reads the phrase from left to right; each method consumes what it understands."""

    def __init__(self, text: str, month: ListMonth) -> None:
        self.text = text
        self.place = 0
        self.month = month
        self.without_year = False
        self.before: date | None = None

    def read(self) -> Days:
        if self._take(_RANGE):
            raise _no_start()
        spans = [self._span()]
        while self._take(_NEXT):
            spans.append(self._span())
        filters = self._filters(spans)
        if self.text[self.place :].strip():
            raise _unclear()
        _refuse_disorder(spans)
        runs = apply_filters(spans, filters)
        whole = not filters and any(first < last for first, last in spans)
        return Days(runs, whole_period=whole, without_year=self.without_year)

    def _span(self) -> tuple[date, date]:
        first = self._date()
        if self._take(_UNTIL):
            raise _no_start()
        if not self._take(_RANGE):
            return first, first
        if not DATE.match(self.text, self.place):
            raise _no_end()
        last = self._date()
        self._take(_UNTIL)
        if last < first or last - first > _LONGEST_PERIOD:
            raise _bad_period()
        return first, last

    def _date(self) -> date:
        found = DATE.match(self.text, self.place)
        if found is None:
            raise _no_fixed_date() if _NO_DATE.search(self.text) else _unclear()
        self.place = found.end()
        parts = DateParts.of(found)
        self.without_year |= parts.year is None
        self.before = read_date(parts, self.month, self.before)
        return self.before

    def _filters(self, spans: list[tuple[date, date]]) -> list[DayFilter]:
        filters: list[DayFilter] = []
        while found := _REMARK.match(self.text, self.place):
            self.place = found.end()
            filters.append(read_filter(found[found.lastgroup or 0], spans))
        return filters

    def _take(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self.text, self.place)
        if found is None:
            return False
        self.place = found.end()
        return True


def _refuse_disorder(spans: list[tuple[date, date]]) -> None:
    for (_, last), (first, _) in pairwise(spans):
        if first <= last:
            raise NotUnderstood(
                "days_out_of_order",
                "開催日の並びが前後しているか、重なっています。ご確認ください。",
                "The days are out of order or overlap. Check them.",
            )


def _no_start() -> NotUnderstood:
    return NotUnderstood(
        "start_date_missing",
        "終了日だけが書かれています。開始日を入力してください。",
        "Only the last day is given. Add the first day.",
    )


def _no_end() -> NotUnderstood:
    return NotUnderstood(
        "end_date_missing",
        "開始日だけが書かれています。終了日を入力してください。",
        "Only the first day of a period is given. Add the last day.",
    )


def _bad_period() -> NotUnderstood:
    return NotUnderstood(
        "period_implausible",
        "終了日が開始日より前か、期間が400日を超えています。日付をご確認ください。",
        "The last day is before the first, or the period is longer than 400 days. Check the dates.",
    )


def _no_fixed_date() -> NotUnderstood:
    return NotUnderstood(
        "no_fixed_date",
        "日程が決まっていません。決まった日付を入力するか、相談窓口などの案内として登録してください。",
        "No day is fixed. Give the day, or register it as a standing offer.",
    )


def _unclear() -> NotUnderstood:
    return NotUnderstood(
        "date_not_understood",
        "開催日を日付として読み取れません。「8月5日（水）」の形で入力してください。",
        "The date cell can't be read as dates. Write it like 8月5日（水）.",
    )

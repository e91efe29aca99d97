"""A start cell that lists its own days: 「8月16日（日）午後6時」 under a 開催日 like 「8・9月の試合日程」."""

import re
from datetime import date, time

from libs.japan.open_data.clock_times import TIME, not_a_time, read_clock, sure_time
from libs.japan.open_data.date_phrases import normalised
from libs.japan.open_data.single_dates import DATE, DateParts, ListMonth, read_date

_MONTHS_ONLY = re.compile(r"(?:[0-9]{1,2}月?[・、,~])*[0-9]{1,2}月の?(?:試合|開催|公演)?日程")
_TEAM = re.compile(r"\s*【[^【】]*】\s*")
_GAP = re.compile(r"\s*")


def names_months_only(date_cell: str) -> bool:
    """Whether the 開催日 cell leaves the days to another cell."""
    return _MONTHS_ONLY.fullmatch(normalised(date_cell)) is not None


def read_dated_times(date_cell: str, start_cell: str, month: ListMonth) -> list[tuple[date, time]]:
    """Day and start of each; all of the cell must be read. Raises `NotUnderstood` otherwise."""
    months = {int(number) for number in re.findall("[0-9]+", normalised(date_cell))}
    text = normalised(start_cell)
    listed: list[tuple[date, time]] = []
    place = 0
    while place < len(text):
        place = _after(_TEAM, text, place)
        day, place = _date_at(text, place, month)
        at, place = _time_at(text, _after(_GAP, text, place))
        place = _after(_GAP, text, place)
        listed.append((day, at))
    if not listed or not {day.month for day, _ in listed} <= months:
        raise not_a_time()
    return listed


def _after(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _date_at(text: str, place: int, month: ListMonth) -> tuple[date, int]:
    found = DATE.match(text, place)
    if found is None:
        raise not_a_time()
    return read_date(DateParts.of(found), month, None), found.end()


def _time_at(text: str, place: int) -> tuple[time, int]:
    found = TIME.match(text, place)
    if found is None:
        raise not_a_time()
    return sure_time(read_clock(found)), found.end()

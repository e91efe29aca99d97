"""Repeating days by a rule of iCalendar (RFC 5545, 3.3.10), as far as series of events need it.

FREQ is DAILY, WEEKLY or MONTHLY, with INTERVAL, BYDAY (in months with a number, as in 2WE or -1FR), and
either COUNT or UNTIL. Days are those of Japan.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from services.platform.events.times import wrong

MOST: Final = 60
YEARS_AHEAD: Final = 3
DAY: Final = dt.timedelta(days=1)
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY: Final = re.compile(r"(?P<nth>[+-]?[1-5])?(?P<day>MO|TU|WE|TH|FR|SA|SU)")
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "BYDAY", "COUNT", "UNTIL"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """`days` are (nth in the month or 0, weekday from Monday)."""

    frequency: str
    interval: int
    days: tuple[tuple[int, int], ...]
    count: int | None
    until: dt.date | None


def days_of(text: str, first: dt.date) -> list[dt.date]:
    """The days from `first` on, which is the first itself. Raises InvalidInput for `rule`."""
    rule = _parsed(text)
    last = rule.until or first.replace(year=first.year + YEARS_AHEAD, day=min(first.day, 28))
    found: list[dt.date] = []
    for day in takewhile(lambda day: day <= last, _repeated(rule, first)):
        if rule.count is not None and len(found) >= rule.count:
            break
        if len(found) >= MOST:
            raise _unfit(f"{MOST}回まで", f"at most {MOST} times")
        found.append(day)
    if not found or found[0] != first:
        raise _unfit("最初の開催日が規則に合わない", "the first day is none of the rule")
    return found


def _repeated(rule: _Rule, first: dt.date) -> Iterator[dt.date]:
    step = 0
    while True:
        yield from (day for day in sorted(_in_period(rule, first, step)) if day >= first)
        step += rule.interval


def _in_period(rule: _Rule, first: dt.date, step: int) -> list[dt.date]:
    if rule.frequency == "DAILY":
        return [first + step * DAY]
    if rule.frequency == "WEEKLY":
        monday = first - first.weekday() * DAY + 7 * step * DAY
        weekdays = [weekday for _, weekday in rule.days] or [first.weekday()]
        return [monday + weekday * DAY for weekday in weekdays]
    year, month = divmod(first.year * 12 + first.month - 1 + step, 12)
    return _in_month(rule, year, month + 1, first.day)


def _in_month(rule: _Rule, year: int, month: int, number: int) -> list[dt.date]:
    """A month without such a day has none."""
    length = calendar.monthrange(year, month)[1]
    if not rule.days:
        return [dt.date(year, month, number)] if number <= length else []
    found: list[dt.date] = []
    for nth, weekday in rule.days:
        of_weekday = [
            dt.date(year, month, day)
            for day in range(1, length + 1)
            if dt.date(year, month, day).weekday() == weekday
        ]
        index = nth - 1 if nth > 0 else nth
        if -len(of_weekday) <= index < len(of_weekday):
            found.append(of_weekday[index])
    return found


def _parsed(text: str) -> _Rule:
    pairs = [part.partition("=") for part in text.strip().upper().removeprefix("RRULE:").split(";") if part]
    parts = {name: value for name, _, value in pairs}
    if len(parts) != len(pairs) or not parts.keys() <= _PARTS:
        raise _unfit("使えない項目がある", "it has a part that is not taken here")
    frequency = parts.get("FREQ", "")
    if frequency not in {"DAILY", "WEEKLY", "MONTHLY"} or ("COUNT" in parts) == ("UNTIL" in parts):
        raise _unfit("FREQとCOUNTかUNTILが要る", "it needs FREQ, and one of COUNT and UNTIL")
    days = tuple(_weekday(each, frequency) for each in parts.get("BYDAY", "").split(",") if each)
    return _Rule(
        frequency,
        _number(parts.get("INTERVAL", "1")),
        days,
        _number(parts["COUNT"]) if "COUNT" in parts else None,
        _date(parts["UNTIL"]) if "UNTIL" in parts else None,
    )


def _weekday(text: str, frequency: str) -> tuple[int, int]:
    found = _BYDAY.fullmatch(text)
    if found is None or (found["nth"] is not None) != (frequency == "MONTHLY") or frequency == "DAILY":
        raise _unfit("BYDAYが正しくない", "BYDAY is not right")
    return int(found["nth"] or 0), _DAYS.index(found["day"])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 366):  # noqa: PLR2004 - a year of days
        raise _unfit("数が正しくない", "a number is not right")
    return int(text)


def _date(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day of Japan
    except ValueError:
        raise _unfit("UNTILの日付が正しくない", "the day of UNTIL is not right") from None


def _unfit(ja: str, en: str) -> Exception:
    return wrong(
        "rule",
        "RULE",
        f"くり返しの規則を確かめてください({ja})。例: FREQ=MONTHLY;BYDAY=2WE;COUNT=6",
        f"Check the rule: {en}. For example FREQ=MONTHLY;BYDAY=2WE;COUNT=6",
    )

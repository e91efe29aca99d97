"""Opening hours by RRULE with closed days and exceptions: when a place is open, and how that is said.

Of RFC 5545's recurrence rules those that a notice on a door can say: weekly by weekday, every other week,
monthly by the first Wednesday or by the 15th, daily. All times are Japan's, which has one offset.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from libs.errors.problems import InvalidInput
from libs.japan.calendar import JST, is_holiday

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_INTERVAL: Final = 12
LONGEST_MONTH: Final = 31
_DAY: Final = dt.timedelta(days=1)
_BYDAY: Final = re.compile(r"(-1|[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")
_PARTS: Final = {
    "DAILY": {"INTERVAL"},
    "WEEKLY": {"INTERVAL", "BYDAY"},
    "MONTHLY": {"INTERVAL", "BYDAY", "BYMONTHDAY"},
}

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class Clock:
    """A span in minutes from midnight; where it does not end after it begins, it ends the next day."""

    opens: int
    closes: int

    @classmethod
    def read(cls, opens: str, closes: str, field: str) -> "Clock":
        """Raises InvalidInput (detail not_a_time, no_time_between)."""
        found = cls(_minutes(opens, field), _minutes(closes, field))
        if found.opens in (found.closes, _MINUTES):
            raise _wrong(
                field, "no_time_between", "開く時刻と閉まる時刻が同じです。", "It opens when it closes."
            )
        return found

    def on(self, day: dt.date) -> Span:
        midnight = dt.datetime.combine(day, dt.time(), JST)
        closes = self.closes if self.closes > self.opens else self.closes + _MINUTES
        return midnight + dt.timedelta(minutes=self.opens), midnight + dt.timedelta(minutes=closes)

    def __str__(self) -> str:
        return f"{_shown(self.opens)}～{_shown(self.closes)}"


_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Rule:
    """On which days, and when. `starts_on` anchors what comes every other week or month."""

    freq: str
    interval: int
    by_day: tuple[tuple[int, int], ...]
    by_month_day: tuple[int, ...]
    clock: Clock
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None

    def falls_on(self, day: dt.date) -> bool:
        if (self.starts_on and day < self.starts_on) or (self.ends_on and day > self.ends_on):
            return False
        return self._in_turn(day) and self._on_day(day)

    def _in_turn(self, day: dt.date) -> bool:
        """Whether it is the day's, week's or month's turn, counted from where the rule starts."""
        if self.interval == 1 or self.starts_on is None:
            return True
        start = self.starts_on
        if self.freq == "MONTHLY":
            passed = (day.year - start.year) * 12 + day.month - start.month
        elif self.freq == "WEEKLY":
            passed = (_monday(day) - _monday(start)).days // 7
        else:
            passed = (day - start).days
        return passed % self.interval == 0

    def _on_day(self, day: dt.date) -> bool:
        if self.by_month_day and day.day not in self.by_month_day:
            return False
        return not self.by_day or any(_is_nth(day, nth, weekday) for nth, weekday in self.by_day)


@dataclass(frozen=True, slots=True)
class OtherDay:
    """Another day than the rules say: closed, or open at other hours."""

    on: dt.date
    clock: Clock | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """All that is said of when a place is open."""

    rules: tuple[Rule, ...] = ()
    exceptions: tuple[OtherDay, ...] = ()
    closed_on_holidays: bool = False
    closed_at_year_end: bool = False

    def spans(self, first: dt.date, last: dt.date) -> list[Span]:
        """When it is open on the days from `first` to `last`, merged and in order."""
        found = sorted(span for day in _days(first, last) for span in self._on(day))
        merged: list[Span] = []
        for begins, ends in found:
            if merged and begins <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
            else:
                merged.append((begins, ends))
        return merged

    def _on(self, day: dt.date) -> list[Span]:
        others = [each for each in self.exceptions if each.on == day]
        if others:
            return [each.clock.on(day) for each in others if each.clock is not None]
        if (self.closed_on_holidays and is_holiday(day)) or (self.closed_at_year_end and is_year_end(day)):
            return []
        return [rule.clock.on(day) for rule in self.rules if rule.falls_on(day)]


def rule(  # noqa: PLR0913 - what a notice says in one line
    rrule: str,
    opens: str,
    closes: str,
    field: str,
    *,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Rule:
    """The rule of RRULE text ("FREQ=MONTHLY;BYDAY=1WE,3WE") and clock times ("9:00", "24:00").

    Raises InvalidInput with `detail` not_a_rule, not_a_time, no_time_between, needs_a_start or ends_before.
    """
    parts = _parts(rrule, field)
    freq, interval = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    if not 1 <= interval <= MOST_INTERVAL:
        raise _no_rule(field)
    if interval > 1 and starts_on is None:
        raise _wrong(
            field,
            "needs_a_start",
            "隔週・隔月などの繰り返しには、最初の日を入力してください。",
            "What comes every other week or month needs its first day.",
        )
    if starts_on and ends_on and ends_on < starts_on:
        raise _wrong(field, "ends_before", "終わりの日が最初の日より前です。", "It ends before it starts.")
    by_day = tuple(_by_day(each, freq, field) for each in _listed(parts.get("BYDAY")))
    by_month_day = tuple(_month_day(each, field) for each in _listed(parts.get("BYMONTHDAY")))
    if (freq == "WEEKLY" and not by_day) or (freq == "MONTHLY" and not (by_day or by_month_day)):
        raise _no_rule(field)
    return Rule(freq, interval, by_day, by_month_day, Clock.read(opens, closes, field), starts_on, ends_on)


def is_year_end(day: dt.date) -> bool:
    """12-29 to 01-03, when offices are closed."""
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


def _parts(rrule: str, field: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in rrule.strip().upper().removeprefix("RRULE:").split(";")]
    parts = {name: value for name, _, value in pairs}
    allowed = _PARTS.get(parts.get("FREQ", ""))
    if allowed is None or len(parts) != len(pairs) or parts.keys() - allowed - {"FREQ"}:
        raise _no_rule(field)
    if not re.fullmatch(r"[0-9]{1,2}", parts.get("INTERVAL", "1")):
        raise _no_rule(field)
    return parts


def _listed(text: str | None) -> list[str]:
    return text.split(",") if text is not None else []


def _by_day(text: str, freq: str, field: str) -> tuple[int, int]:
    found = _BYDAY.fullmatch(text)
    if found is None or bool(found[1]) is not (freq == "MONTHLY"):
        raise _no_rule(field)
    return int(found[1] or 0), WEEKDAYS.index(found[2])


def _month_day(text: str, field: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= LONGEST_MONTH:
        raise _no_rule(field)
    return int(text)


def _is_nth(day: dt.date, nth: int, weekday: int) -> bool:
    """Whether the day is the month's nth such weekday; 0 is any, -1 the last."""
    if day.weekday() != weekday:
        return False
    if nth == -1:
        return (day + 7 * _DAY).month != day.month
    return nth in (0, (day.day + 6) // 7)


def _monday(day: dt.date) -> dt.date:
    return day - day.weekday() * _DAY


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += _DAY


def _minutes(text: str, field: str) -> int:
    found = _CLOCK.fullmatch(text.strip())
    if found is None or (minutes := int(found[1]) * 60 + int(found[2])) > _MINUTES:
        raise _wrong(field, "not_a_time", "時刻は 9:00 のように入力してください。", "Write a time like 9:00.")
    return minutes


def _shown(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _no_rule(field: str) -> InvalidInput:
    return _wrong(
        field,
        "not_a_rule",
        "繰り返しは FREQ=WEEKLY;BYDAY=MO,WE や FREQ=MONTHLY;BYDAY=1WE,3WE の形で入力してください。",
        "Write the recurrence like FREQ=WEEKLY;BYDAY=MO,WE or FREQ=MONTHLY;BYDAY=1WE,3WE.",
    )


def _wrong(field: str, detail: str, ja: str, en: str) -> InvalidInput:
    return InvalidInput(field, ja, en, detail=detail)

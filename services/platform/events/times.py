"""When an event takes place: what people enter, checked and brought to UTC."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from libs.errors.problems import InvalidInput
from libs.japan.calendar import JST

MOST_OCCURRENCES: Final = 100
MOST_DAYS: Final = 366
YEARS: Final = range(2000, 2100)
DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Times:
    """When an event takes place once, or on `days` days in a row at the same hours.

    Times carry an offset. All day is the Japanese calendar day of `starts_at`, and has no `ends_at`;
    otherwise None is an end that is not stated.
    """

    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    all_day: bool = False
    days: int = 1

    @property
    def last_end(self) -> dt.datetime | None:
        """The stated end on the last day."""
        return None if self.ends_at is None else self.ends_at + (self.days - 1) * DAY

    @property
    def over_at(self) -> dt.datetime:
        """The end on the last day, or that day's midnight in Japan."""
        last_start = (self.starts_at + (self.days - 1) * DAY).astimezone(JST)
        return self.last_end or _midnight(last_start + DAY)


def checked_times(given: Sequence[Times]) -> tuple[Times, ...]:
    """In order of time, in UTC. Raises InvalidInput for `occurrences`."""
    if not 1 <= len(given) <= MOST_OCCURRENCES:
        raise wrong(
            "occurrences",
            "NUMBER_OF_OCCURRENCES",
            f"開催日時を1件から{MOST_OCCURRENCES}件まで入力してください。",
            f"Give 1 to {MOST_OCCURRENCES} occurrences.",
        )
    found = sorted((_checked(each) for each in given), key=lambda each: (each.starts_at, each.over_at))
    if any(first == second for first, second in pairwise(found)):
        raise wrong(
            "occurrences",
            "SAME_OCCURRENCE",
            "同じ開催日時が二度入っています。一つにしてください。",
            "The same occurrence is there twice. Keep one.",
        )
    return tuple(found)


def span_of(times: Sequence[Times]) -> dict[str, Any]:
    """The columns that say from when to when all of it lasts."""
    last = max(times, key=lambda each: each.over_at)
    return {"starts_at": times[0].starts_at, "ends_at": last.last_end, "over_at": last.over_at}


def moment(given: dt.datetime, field: str) -> dt.datetime:
    """The time in UTC. Raises InvalidInput without an offset, or outside of `YEARS`."""
    if given.utcoffset() is None:
        raise wrong(
            field,
            "OFFSET_REQUIRED",
            "時差付きで入力してください(例: 2026-08-05T10:00:00+09:00)。",
            "Give the time with its offset, as in 2026-08-05T10:00:00+09:00.",
        )
    if given.year not in YEARS:
        raise wrong(
            field,
            "YEAR",
            f"{YEARS[0]}年から{YEARS[-1]}年までの日時を入力してください。",
            f"Give a time from {YEARS[0]} to {YEARS[-1]}.",
        )
    return given.astimezone(dt.UTC)


def wrong(field: str, detail: str, ja: str, en: str) -> InvalidInput:
    """A refusal of one input field."""
    return InvalidInput(field, ja, en, detail=detail)


def _checked(given: Times) -> Times:
    if not 1 <= given.days <= MOST_DAYS:
        raise wrong(
            "occurrences",
            "DAYS",
            f"続く日数は1から{MOST_DAYS}までにしてください。",
            f"'days' must be from 1 to {MOST_DAYS}.",
        )
    start = moment(given.starts_at, "occurrences")
    if given.all_day:
        return _whole_days(given, start)
    end = None if given.ends_at is None else moment(given.ends_at, "occurrences")
    if end is not None and end <= start:
        raise wrong(
            "occurrences",
            "END_BEFORE_START",
            "終了は開始より後の日時にしてください。",
            "The end must come after the start.",
        )
    if end is not None and given.days > 1 and end - start > DAY:
        raise wrong(
            "occurrences",
            "DAYS_OVERLAP",
            "毎日くり返す時間は24時間以内にしてください。",
            "Hours that repeat each day cannot be longer than a day.",
        )
    return Times(start, end, all_day=False, days=given.days)


def _whole_days(given: Times, start: dt.datetime) -> Times:
    if given.ends_at is not None:
        raise wrong(
            "occurrences",
            "ALL_DAY_WITH_END",
            "終日の場合、終了は入力せず、続く日数を入力してください。",
            "Leave the end out for all day; give the number of days.",
        )
    return Times(_midnight(start.astimezone(JST)), None, all_day=True, days=given.days)


def _midnight(local: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(local.date(), dt.time.min, JST).astimezone(dt.UTC)

"""Times of day as people write them: 9：00, 午後6時, 13時30分, 正午; and which of them are surely meant."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from libs.japan.open_data.outcomes import HoursNotUnderstood

TIME = re.compile(
    r"(?:(?P<noon>正午)|(?P<half>午前|午後|[AaPp][Mm])?(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-5][0-9])|時(?:(?P<minutes>[0-5]?[0-9])分|(?P<thirty>半))?)(?![0-9:]))"
)
_EARLIEST_HOUR: Final = 6
_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Clock:
    """`sure` is False for 6時 and the like, which people write for the evening too."""

    at: time
    sure: bool


def read_clock(found: re.Match[str]) -> Clock:
    """Raises `NotUnderstood` for hours that don't exist or at which nothing is held (before 6)."""
    if found["noon"]:
        return Clock(time(_NOON), sure=True)
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if hour > (_NOON if half else 23):
        raise not_a_time()
    if half in ("午後", "pm"):
        hour = hour % _NOON + _NOON
    minute = 30 if found["thirty"] else int(found["minute"] or found["minutes"] or 0)
    if hour < _EARLIEST_HOUR and (half or found["minute"]):
        raise _implausible()
    return Clock(time(hour, minute), sure=bool(half or found["minute"]) or hour >= _NOON)


def sure_pair(start: Clock, end: Clock | None) -> tuple[time, time | None]:
    """A start like 9時 is sure when it ends at 12 or later by the same clock (9時～17時)."""
    if end is None:
        return sure_time(start), None
    if not start.sure and (start.at.hour < _EARLIEST_HOUR or end.at.hour < _NOON):
        raise ambiguous_hour()
    if sure_time(end) <= start.at:
        raise HoursNotUnderstood(
            "end_before_start",
            "終了時間が開始時間以前です。時間をご確認ください。",
            "The end is not after the start. Check the times.",
        )
    return start.at, end.at


def sure_time(clock: Clock) -> time:
    if not clock.sure:
        raise ambiguous_hour()
    return clock.at


def ambiguous_hour() -> HoursNotUnderstood:
    return HoursNotUnderstood(
        "hour_ambiguous",
        "午前か午後かが分かりません。「18:00」のように24時間表記で入力してください。",
        "It isn't said whether the hour is before or after noon. Write it like 18:00.",
    )


def not_a_time() -> HoursNotUnderstood:
    return HoursNotUnderstood(
        "time_not_understood",
        "時間を読み取れません。「13:30」の形で入力してください。",
        "The time can't be read. Write it like 13:30.",
    )


def _implausible() -> HoursNotUnderstood:
    return HoursNotUnderstood(
        "hour_implausible",
        "午前6時より前の時間です。午後の時間ではないかご確認ください。",
        "The time is before six in the morning. Check whether the afternoon is meant.",
    )

"""Telephone lines and when they answer, by Japan's clock. They are the municipality's data, never ours."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from libs.errors.problems import InvalidInput
from libs.japan.calendar import JST, is_holiday
from libs.japan.text import clean

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY: Final = "holiday"
"""A span without it is closed on national holidays; one with it is open on them, whatever day it is."""
MOST_LINES: Final = 30
MOST_SPANS: Final = 14
_SHORT: Final = 100
_NUMBER: Final = re.compile(r"[#*]?[0-9]+(?:-[0-9]+)*")
_DAY_NAMES: Final[Mapping[str, str]] = dict(zip((*DAYS, HOLIDAY), "月火水木金土日祝", strict=True))
_DAY_NAMES_EN: Final[Mapping[str, str]] = dict(
    zip((*DAYS, HOLIDAY), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "holidays"), strict=True)
)


class Span(msgspec.Struct, frozen=True):
    """Open on these days from `opens` to `closes`; where that is not later, until the next day."""

    days: tuple[str, ...]
    opens: time
    closes: time

    @property
    def lasts(self) -> timedelta:
        length = _minutes(self.closes) - _minutes(self.opens)
        return length if length > timedelta() else length + timedelta(days=1)


class Line(msgspec.Struct, frozen=True):
    """One number with the times at which somebody answers; `first_on` and `last_on` bound a campaign."""

    name: str
    number: str
    note: str = ""
    spans: tuple[Span, ...] = ()
    first_on: date | None = None
    last_on: date | None = None

    @property
    def dialled(self) -> str:
        """As a link dials it (RFC 3966): # would begin a fragment."""
        return "tel:" + self.number.replace("-", "").replace("#", "%23")


@dataclass(frozen=True, slots=True)
class Answering:
    """A line at one moment: open until when, or closed."""

    line: Line
    until: datetime | None

    @property
    def is_open(self) -> bool:
        return self.until is not None


def checked(lines: Sequence[Line]) -> list[Line]:
    """Raises InvalidInput naming the line."""
    if len(lines) > MOST_LINES:
        raise InvalidInput("lines", f"{MOST_LINES}件までです。", f"At most {MOST_LINES}.")
    return [_checked(line, f"lines[{place}]") for place, line in enumerate(lines)]


def answering(lines: Sequence[Line], now: datetime) -> list[Answering]:
    """Those that answer now first, otherwise as the municipality ordered them."""
    judged = [Answering(line, _open_until(line, now.astimezone(JST))) for line in lines]
    return sorted(judged, key=lambda each: not each.is_open)


def times(line: Line, *, english: bool) -> str:
    """When it answers, in words."""
    names = _DAY_NAMES_EN if english else _DAY_NAMES
    said = [
        f"{(' ' if english else '・').join(names[day] for day in span.days)} "
        f"{span.opens:%H:%M}{'–' if english else '〜'}{span.closes:%H:%M}"
        for span in line.spans
    ]
    return (", " if english else "、").join(said)


def stored(lines: Sequence[Line]) -> Any:  # noqa: ANN401 - JSON
    return msgspec.to_builtins(list(lines))


def loaded(kept: Any) -> list[Line]:  # noqa: ANN401 - JSON
    return msgspec.convert(kept, list[Line], strict=False)


def _open_until(line: Line, now: datetime) -> datetime | None:
    """A span that began yesterday may last until today."""
    ends = [
        began + span.lasts
        for span in line.spans
        for day in (now.date() - timedelta(days=1), now.date())
        if _on(line, span, day)
        and (began := datetime.combine(day, span.opens, JST)) <= now < began + span.lasts
    ]
    return max(ends, default=None)


def _on(line: Line, span: Span, day: date) -> bool:
    if (line.first_on and day < line.first_on) or (line.last_on and day > line.last_on):
        return False
    return HOLIDAY in span.days if is_holiday(day) else DAYS[day.weekday()] in span.days


def _checked(line: Line, field: str) -> Line:
    number = unicodedata.normalize("NFKC", line.number).strip()
    if not _NUMBER.fullmatch(number):
        raise InvalidInput(
            f"{field}.number",
            "電話番号は 0743-00-0000 や #9999 のように入力してください。",
            "Write the number like 0743-00-0000 or #9999.",
        )
    name = clean(line.name, f"{field}.name", _SHORT)
    if not name or not line.spans or len(line.spans) > MOST_SPANS or not all(s.days for s in line.spans):
        raise InvalidInput(
            field,
            "名称と、つながる曜日・時間を入力してください。",
            "Give its name, and the days and times at which somebody answers.",
            detail="REQUIRED",
        )
    return msgspec.structs.replace(
        line, name=name, number=number, note=clean(line.note, f"{field}.note", _SHORT)
    )


def _minutes(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)

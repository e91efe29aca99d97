"""The 開始時間 and 終了時間 cells to sessions: 「①10：00\\n②14：00」, 「22：00\\n※日曜は17：00まで」."""

import re
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from typing import Final

from libs.japan.open_data.clock_times import TIME, Clock, not_a_time, read_clock, sure_pair, sure_time
from libs.japan.open_data.date_phrases import normalised
from libs.japan.open_data.day_filters import DayFilter, days_named
from libs.japan.open_data.outcomes import HoursNotUnderstood, NotUnderstood

_CIRCLED: Final = {ord("①") + n: f"<{n + 1}>" for n in range(20)}
_LABEL = re.compile(
    r"(?:<(?P<circled>[0-9]+)>|第?(?P<ordinal>[0-9]+)(?:回目?|部)[:)]?|\((?P<bracketed>[0-9]+)\))"
)
_OPEN_END = re.compile(r"~|から|より")
_UNTIL = re.compile(r"まで")
_REMARK = re.compile(r"\s*(?:※(?P<starred>[^※]+)|\((?P<bracketed>[^()]+)\))")
_CLOSES = re.compile(rf"(?P<days>[^0-9]+?)は(?P<time>{TIME.pattern})まで?")
_ADMISSION = re.compile(r"(?:最終)?(?:入館|入場|入室|受付)[^。]*")
_NEXT_LINE = re.compile(r"\n(?!※|\((?![0-9]+\)))")  # a line that is a remark belongs to the one before
_NOTHING: Final = frozenset({"", "-", "ー", "なし", "無し"})
_ALL_DAY: Final = frozenset({"終日"})


@dataclass(frozen=True, slots=True)
class Session:
    """Within one day; None is not stated."""

    number: int | None
    opens: time | None
    closes: time | None


@dataclass(frozen=True, slots=True)
class Hours:
    """The sessions of each day, and on which days another closing time holds."""

    sessions: tuple[Session, ...]
    closing_rules: tuple[tuple[DayFilter, time], ...] = ()
    admission_remarks: tuple[str, ...] = ()

    def closes_on(self, day: date, usual: time | None) -> time | None:
        """Raises `NotUnderstood` where two rules name different times for the day."""
        times = {at for on_day, at in self.closing_rules if on_day(day)}
        if len(times) > 1:
            raise not_a_time()
        return times.pop() if times else usual


@dataclass(slots=True)
class _Cell:
    """What one cell says: (number, start, end) for each line, then remarks."""

    times: list[tuple[int | None, Clock, Clock | None]] = field(
        default_factory=list[tuple[int | None, Clock, Clock | None]]
    )
    rules: list[tuple[DayFilter, time]] = field(default_factory=list[tuple[DayFilter, time]])
    admission: list[str] = field(default_factory=list[str])


def read_hours(start_cell: str, end_cell: str) -> Hours:
    """Raises `NotUnderstood` for anything that is not surely one set of sessions."""
    if normalised(start_cell) in _ALL_DAY and normalised(end_cell) in _ALL_DAY | _NOTHING:
        return Hours((Session(None, None, None),))
    starts, ends = _read_cell(start_cell), _read_cell(end_cell)
    if starts.rules:
        raise not_a_time()
    sessions = _paired(starts, ends)
    if ends.rules and len(sessions) > 1:
        raise not_a_time()
    return Hours(tuple(sessions), tuple(ends.rules), tuple(starts.admission + ends.admission))


def _paired(starts: _Cell, ends: _Cell) -> list[Session]:
    if not starts.times:
        if ends.times:
            raise _start_missing()
        return [Session(None, None, None)]
    if not ends.times:
        sessions = [Session(number, *sure_pair(start, end)) for number, start, end in starts.times]
    else:
        sessions = _matched(starts, ends)
    _refuse_unclear_order(sessions)
    return sessions


def _matched(starts: _Cell, ends: _Cell) -> list[Session]:
    numbers = [number for number, _, _ in starts.times]
    has_own_ends = any(end for cell in (starts, ends) for _, _, end in cell.times)
    if has_own_ends or numbers != [number for number, _, _ in ends.times]:
        raise _unequal()
    return [
        Session(number, *sure_pair(start, end))
        for (number, start, _), (_, end, _) in zip(starts.times, ends.times, strict=True)
    ]


def _refuse_unclear_order(sessions: list[Session]) -> None:
    """Sessions without numbers are taken as such only when each begins after the one before has ended."""
    if len({session.number for session in sessions if session.number is not None}) == len(sessions):
        return
    for earlier, later in pairwise(sessions):
        end = earlier.closes or earlier.opens
        numbered = earlier.number is not None or later.number is not None
        if numbered or end is None or later.opens is None or later.opens < end:
            raise _unequal()


def _read_cell(cell: str) -> _Cell:
    text = normalised(cell.translate(_CIRCLED))
    found = _Cell()
    if text in _NOTHING:
        return found
    for line in _NEXT_LINE.split(text):
        _read_line(line, found)
    return found


def _read_line(line: str, cell: _Cell) -> None:
    place = 0
    if label := _LABEL.match(line):
        place = label.end()
    number = int(label[label.lastgroup or 0]) if label else None
    start, place = _time_at(line, place)
    end: Clock | None = None
    if joint := _OPEN_END.match(line, place):
        place = joint.end()
        if TIME.match(line, place):
            end, place = _time_at(line, place)
    cell.times.append((number, start, end))
    _read_remarks(line[_skip(_UNTIL, line, place) :], cell)


def _time_at(line: str, place: int) -> tuple[Clock, int]:
    found = TIME.match(line, place)
    if found is None:
        raise not_a_time()
    return read_clock(found), found.end()


def _skip(pattern: re.Pattern[str], line: str, place: int) -> int:
    found = pattern.match(line, place)
    return found.end() if found else place


def _read_remarks(text: str, cell: _Cell) -> None:
    place = 0
    while found := _REMARK.match(text, place):
        place = found.end()
        _read_remark((found["starred"] or found["bracketed"]).strip(), cell)
    if text[place:].strip():
        raise not_a_time()


def _read_remark(remark: str, cell: _Cell) -> None:
    if _ADMISSION.fullmatch(remark):
        cell.admission.append(remark)
    elif found := _CLOSES.fullmatch(remark):
        cell.rules.append((_days(found["days"]), sure_time(read_clock(found))))
    else:
        raise not_a_time()


def _days(text: str) -> DayFilter:
    try:
        return days_named(text)
    except NotUnderstood as unknown:
        raise not_a_time() from unknown


def _start_missing() -> HoursNotUnderstood:
    return HoursNotUnderstood(
        "start_time_missing",
        "終了時間だけが書かれています。開始時間を入力してください。",
        "Only the end is given. Add the start.",
    )


def _unequal() -> HoursNotUnderstood:
    return HoursNotUnderstood(
        "sessions_unclear",
        "各回の開始時間と終了時間の組み合わせが分かりません。回ごとに入力してください。",
        "Which start belongs to which end is not clear. Give both for each session.",
    )

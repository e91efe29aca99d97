"""The cells of a row that say when, in each layout, to occurrences."""

from typing import Final

from libs.japan.open_data import occurrence_texts
from libs.japan.open_data.clock_times import not_a_time
from libs.japan.open_data.date_phrases import Days, normalised, read_days
from libs.japan.open_data.dated_times import names_months_only, read_dated_times
from libs.japan.open_data.occurrences import Occurrence, occurrences
from libs.japan.open_data.outcomes import Note, NotUnderstood
from libs.japan.open_data.single_dates import ListMonth
from libs.japan.open_data.time_phrases import Hours, read_hours

_WEEK: Final = 7
_WHATEVER_THE_WEATHER: Final = frozenset({"雨天決行", "小雨決行", "雨天中止", "荒天中止", "荒天時中止"})
_NOTHING: Final = frozenset({"", "-"})


def read_times(cells: dict[str, str], month: ListMonth, notes: list[Note]) -> tuple[Occurrence, ...]:
    """Raises `NotUnderstood`; adds to `notes` what was filled in and what is not stated."""
    start, end = cells.get("opens", ""), cells.get("closes", "")
    phrase = _phrase(cells)
    if occurrence_texts.is_said(cells.get("remark", "")):
        return _listed(cells["remark"], phrase, month)
    if names_months_only(phrase):
        return _from_start_cell(phrase, start, end, month, notes)
    days, hours = _with_remark(phrase, start, end, cells.get("remark", ""), month)
    found = occurrences(days, hours)
    _note_days(days, phrase, notes)
    _note_hours(hours, found, notes)
    return found


def _listed(remark: str, phrase: str, month: ListMonth) -> tuple[Occurrence, ...]:
    """Every day by itself; the columns for the first and the last must say the same."""
    found = occurrence_texts.read(remark)
    days = read_days(phrase, month)
    if (days.runs[0][0], days.runs[-1][1]) != (found[0].first_day, max(each.last_day for each in found)):
        raise NotUnderstood(
            "dates_disagree",
            "開始日・終了日と、特記事項の開催日時が一致しません。どちらが正しいか確かめてください。",
            "First and last day do not agree with the days of the remark. Check which is right.",
        )
    return found


def _phrase(cells: dict[str, str]) -> str:
    """The 開催日 cell, or 開始日 and 終了日 as such a cell would say them."""
    if "days" in cells:
        return cells["days"]
    first, last = cells["first_day"], cells["last_day"]
    if normalised(first) in _NOTHING:
        raise NotUnderstood(
            "start_date_missing", "開始日を入力してください。", "The first day is missing. Add it."
        )
    if normalised(last) in _NOTHING:
        raise NotUnderstood(
            "end_date_missing",
            "終了日を入力してください。1日だけの場合は開始日と同じ日付です。",
            "The last day is missing. For one day, it is the same as the first.",
        )
    return first if normalised(first) == normalised(last) else f"{first}~{last}"


def _with_remark(phrase: str, start: str, end: str, remark: str, month: ListMonth) -> tuple[Days, Hours]:
    """開始日時特記事項 may be about the days (平日のみ) or about the hours (日曜は17:00まで)."""
    plain = normalised(remark).removeprefix("※")
    if plain in _NOTHING | _WHATEVER_THE_WEATHER:
        return read_days(phrase, month), read_hours(start, end)
    try:
        return read_days(f"{phrase}\n※{plain}", month), read_hours(start, end)
    except NotUnderstood as unclear:
        if unclear.reason_code != "date_remark_not_understood":
            raise
        return read_days(phrase, month), read_hours(start, f"{end}\n※{plain}")


def _from_start_cell(
    phrase: str, start: str, end: str, month: ListMonth, notes: list[Note]
) -> tuple[Occurrence, ...]:
    if normalised(end) not in _NOTHING:
        raise not_a_time()
    listed = read_dated_times(phrase, start, month)
    notes += [_DAYS_FROM_START_CELL, _YEAR_FILLED_IN, _END_NOT_STATED]
    return tuple(Occurrence(day, day, at) for day, at in sorted(listed))


def _note_days(days: Days, phrase: str, notes: list[Note]) -> None:
    if days.without_year:
        notes.append(_YEAR_FILLED_IN)
    if days.whole_period and days.count >= _WEEK:
        notes.append(_CLOSED_DAYS_NOT_STATED)
    if "平日" in phrase:
        notes.append(_HOLIDAYS_LEFT_OUT)


def _note_hours(hours: Hours, found: tuple[Occurrence, ...], notes: list[Note]) -> None:
    numbers = [session.number for session in hours.sessions if session.number is not None]
    if numbers and numbers != list(range(1, len(numbers) + 1)):
        notes.append(_NUMBERS_MISSING)
    if any(each.opens is None for each in found):
        notes.append(_HOURS_NOT_STATED)
    elif any(each.closes is None for each in found):
        notes.append(_END_NOT_STATED)
    notes += [Note("admission", remark, f"Admission: {remark}") for remark in hours.admission_remarks]


_YEAR_FILLED_IN: Final = Note(
    "year_filled_in",
    "年の記載がないため、一覧の年月から補いました。",
    "The year was filled in from the month of the list.",
)
_CLOSED_DAYS_NOT_STATED: Final = Note(
    "closed_days_not_stated",
    "期間中の休館日の記載がありません。毎日開催とは限りません。",
    "Days off within the period are not stated; it may not be on every day.",
)
_HOLIDAYS_LEFT_OUT: Final = Note(
    "holidays_left_out",
    "「平日」から国民の祝日を除きました。",
    "National holidays were left out of the weekdays (平日).",
)
_NUMBERS_MISSING: Final = Note(
    "session_numbers_missing",
    "各回の番号が①から続いていません。書かれている回だけを取り込みました。",
    "The session numbers don't run from 1. Only the sessions given were taken.",
)
_HOURS_NOT_STATED: Final = Note("hours_not_stated", "時間の記載がありません。", "No hours are stated.")
_END_NOT_STATED: Final = Note("end_time_not_stated", "終了時間の記載がありません。", "The end is not stated.")
_DAYS_FROM_START_CELL: Final = Note(
    "days_from_start_cell",
    "開始時間欄に書かれた日付と時間を取り込みました。",
    "Days and times were taken from the start cell.",
)

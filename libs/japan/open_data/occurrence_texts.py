"""All occurrences of an event in one cell, for columns that know one beginning and one end only.

「開催日時：2026年8月5日(水)10:00～12:00／2026年8月6日(木)～2026年8月7日(金)10:00～」 is read back exactly; a
weekday that is not that day's is a question, like everywhere.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, time
from typing import Final

from libs.japan.open_data.occurrences import Occurrence
from libs.japan.open_data.outcomes import NotUnderstood

MARK: Final = "開催日時："
_BETWEEN: Final = "／"
_WEEKDAYS: Final = "月火水木金土日"
_DAY: Final = r"(?P<{0}y>\d{{4}})年(?P<{0}m>\d{{1,2}})月(?P<{0}d>\d{{1,2}})日\((?P<{0}w>[月火水木金土日])\)"
_ONE: Final = re.compile(
    _DAY.format("a")
    + "(?:~"
    + _DAY.format("b")
    + r")?(?:(?P<opens>\d{1,2}:\d{2})~(?P<closes>\d{1,2}:\d{2})?)?"
)


def said(occurrences: Sequence[Occurrence]) -> str:
    return MARK + _BETWEEN.join(_said(each) for each in occurrences)


def is_said(cell: str) -> bool:
    return _plain(cell).startswith(_plain(MARK))


def read(cell: str) -> tuple[Occurrence, ...]:
    """Raises NotUnderstood for what is not in this form, no such day, or a weekday of another day."""
    listed = _plain(cell).removeprefix(_plain(MARK)).split(_plain(_BETWEEN))
    return tuple(_read(each) for each in listed)


def _said(each: Occurrence) -> str:
    days = _day(each.first_day)
    if each.last_day != each.first_day:
        days += f"～{_day(each.last_day)}"
    if each.opens is None:
        return days
    return f"{days}{each.opens:%H:%M}～" + ("" if each.closes is None else f"{each.closes:%H:%M}")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日({_WEEKDAYS[day.weekday()]})"


def _read(text: str) -> Occurrence:
    found = _ONE.fullmatch(text)
    if found is None:
        raise _unclear()
    first = _checked(found, "a")
    last = first if found["by"] is None else _checked(found, "b")
    opens, closes = _clock(found["opens"]), _clock(found["closes"])
    if last < first or (opens is not None and closes is not None and closes <= opens):
        raise _unclear()
    return Occurrence(first, last, opens, closes)


def _checked(found: "re.Match[str]", part: str) -> date:
    try:
        day = date(int(found[f"{part}y"]), int(found[f"{part}m"]), int(found[f"{part}d"]))
    except ValueError:
        raise _unclear() from None
    if _WEEKDAYS[day.weekday()] != found[f"{part}w"]:
        raise NotUnderstood(
            "weekday_mismatch",
            f"{day.year}年{day.month}月{day.day}日は{found[f'{part}w']}曜日ではありません。日付を確かめてください。",
            f"{day} is another day of the week. Check the date.",
        )
    return day


def _clock(text: str | None) -> time | None:
    if text is None:
        return None
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        raise _unclear() from None


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("〜", "~")


def _unclear() -> NotUnderstood:
    return NotUnderstood(
        "date_remark_not_understood",
        "開催日時の一覧を読み取れません。例: 開催日時：2026年8月5日(水)10:00～12:00",
        "The list of days was not understood. For example: 開催日時：2026年8月5日(水)10:00～12:00",
    )

"""Events from open data: a city's free-form monthly list, 推奨データセット「イベント一覧」 and its successor.

Every row becomes exactly one result. An event is understood only when its days and hours are read in full and
agree with the calendar; whatever else the row says becomes a `Question`, never a guess.
"""

from dataclasses import dataclass, replace
from typing import Final

from libs.errors.problems import InvalidInput
from libs.japan.open_data.columns import find_columns
from libs.japan.open_data.event_columns import HEADINGS, MORE
from libs.japan.open_data.event_details import Details, read_details
from libs.japan.open_data.event_times import read_times
from libs.japan.open_data.occurrences import Occurrence
from libs.japan.open_data.outcomes import Note, NotUnderstood, Question, Refused
from libs.japan.open_data.single_dates import ListMonth
from libs.japan.open_data.tables import Row, read_table
from libs.japan.text import clean

_REQUIRED: Final = (("title", "days", "opens"), ("title", "first_day", "last_day", "opens"))
_MAX_LENGTH = 4000
_MAX_TITLE = 300
_LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class UnderstoodEvent:
    """`row` is the row of the sheet; `notes` tell what was normalised, left out, or is not stated."""

    row: int
    title: str
    occurrences: tuple[Occurrence, ...]
    details: Details
    notes: tuple[Note, ...]
    identifier: str | None = None
    """The publisher's own number of it, never given to another; None in a list that only counts rows."""

    @property
    def place(self) -> str | None:
        return self.details.place

    @property
    def description(self) -> str | None:
        return self.details.description

    @property
    def fee(self) -> str | None:
        """As written; `details.fee_yen` where it is one amount."""
        return self.details.fee

    @property
    def capacity(self) -> int | None:
        """Persons; None where the source names none, or groups, or an approximate number."""
        return self.details.capacity


EventResult = UnderstoodEvent | Question | Refused


def read_events(data: bytes, month: tuple[int, int]) -> tuple[EventResult, ...]:
    """One result for each row that isn't blank, in order. `month` is the (year, month) the list is for.

    Raises `InvalidInput` for a file that is no such table, or no such month.
    """
    table = read_table(data)
    columns = find_columns(table, {**HEADINGS, **MORE}, _REQUIRED)
    list_month = _list_month(*month)
    results = (_result(row, columns, list_month) for row in table.rows)
    # 団体コード + NO, or an ID: a bare № of a city's own list begins anew each month
    if "code" in columns or columns.get("number") == "id":
        return tuple(_identified(each) for each in results)
    return tuple(results)


def _identified(result: EventResult) -> EventResult:
    if not isinstance(result, UnderstoodEvent):
        return result
    return replace(result, identifier=dict(result.details.more).get("number"))


def _list_month(year: int, month: int) -> ListMonth:
    if not 1 <= month <= _LAST_MONTH or not 1950 <= year <= 2100:  # noqa: PLR2004 - years with known holidays
        raise InvalidInput(
            "month",
            "一覧の年と月が正しくありません。",
            "The year and month of the list are not valid.",
            detail="no_such_month",
        )
    return ListMonth(year, month)


def _result(row: Row, columns: dict[str, str], month: ListMonth) -> EventResult:
    if row.surplus:
        return _too_many_cells(row.number)
    try:
        cells = {
            item: clean(row.cell(name), item, _MAX_LENGTH, multiline=True) for item, name in columns.items()
        }
    except InvalidInput as problem:
        return Refused(row.number, problem.detail or problem.code, problem.ja, problem.en)
    return _event(row.number, cells, columns, month)


def _event(row: int, cells: dict[str, str], columns: dict[str, str], month: ListMonth) -> EventResult:
    notes: list[Note] = []
    title = " ".join(cells["title"].split())
    if not title or len(title) > _MAX_TITLE:
        return _no_title(row)
    if title != cells["title"]:
        notes.append(_TITLE_JOINED)
    try:
        when = read_times(cells, month, notes)
    except NotUnderstood as unclear:
        return unclear.about(row, columns.get(unclear.item) or columns["first_day"])
    return UnderstoodEvent(row, title, when, read_details(cells, notes), tuple(notes))


_TITLE_JOINED: Final = Note(
    "title_joined",
    "行事名の改行と続いた空白を1つの空白にしました。",
    "Line breaks and runs of spaces in the title became one space.",
)


def _no_title(row: int) -> Refused:
    return Refused(
        row,
        "title_missing",
        f"行事名がないか、{_MAX_TITLE}文字を超えています。直してからもう一度取り込んでください。",
        f"The title is missing or longer than {_MAX_TITLE} characters. Mend it and import again.",
    )


def _too_many_cells(row: int) -> Refused:
    return Refused(
        row,
        "too_many_cells",
        "見出しより多くの値があります。列のずれがないかご確認ください。",
        "The row has more cells than headings. Check whether its columns have shifted.",
    )

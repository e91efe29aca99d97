"""A row of an answer as cells: codes in words, dates as asked for, and what is withheld said to be so."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from libs.japan.calendar import ERAS, JST, era_date
from libs.serving.exports.asked import Asked, Dates
from libs.serving.exports.declared import Column
from libs.serving.service import Language

WITHHELD: Final = {"ja": "非公開", "en": "(withheld)"}
"""As `hiddenFields` says: by policy alone, whether or not there is a value."""
_YES: Final = {"ja": ("いいえ", "はい"), "en": ("no", "yes")}
_BETWEEN: Final = {"ja": "、", "en": "; "}
Cell = str | int | float | dt.date | dt.datetime | None


@dataclass(frozen=True, slots=True)
class Cells:
    """Makes the cells of one export in one language."""

    columns: Sequence[Column]
    language: Language
    dates: Dates

    @classmethod
    def of(cls, asked: Asked) -> "Cells":
        return cls(asked.export.columns, asked.language, asked.dates)

    def header(self) -> list[str]:
        return [column.ja if self.language == "ja" else column.en for column in self.columns]

    def row(self, node: Mapping[str, Any]) -> list[Cell]:
        return [self._cell(column, node) for column in self.columns]

    def _cell(self, column: Column, node: Mapping[str, Any]) -> Cell:
        found: Any = node
        for name in column.names:
            if found is None:
                return None
            if name in found.get("hiddenFields", ()):
                return WITHHELD[self.language]
            found = found[name]
        return self._value(column, found)

    def _value(self, column: Column, value: Any) -> Cell:  # noqa: ANN401 - of a JSON answer
        if isinstance(value, list):
            texts = [str(self._value(column, each)) for each in cast("list[Any]", value)]
            return _BETWEEN[self.language].join(texts)
        return None if value is None else self._single(column, value)

    def _single(self, column: Column, value: Any) -> Cell:  # noqa: ANN401 - likewise
        match column.kind:
            case "number":
                return value
            case "yes":
                return _YES[self.language][bool(value)]
            case "day":
                return self._day(dt.date.fromisoformat(value))
            case "moment":
                return self._moment(dt.datetime.fromisoformat(value).astimezone(JST))
            case "text":
                return self._text(column, str(value))

    def _text(self, column: Column, value: str) -> str:
        words = column.words.get(value.lower())
        return value if words is None else words[self.language == "en"]

    def _day(self, day: dt.date) -> Cell:
        return era_date(day) if self.dates == "era" and day >= ERAS[-1].first_day else day

    def _moment(self, moment: dt.datetime) -> Cell:
        """In Japan's time, to the minute, without its offset: as people there write it."""
        if self.dates == "era":
            return f"{self._day(moment.date())} {moment:%H:%M}"
        return moment.replace(tzinfo=None, second=0, microsecond=0)

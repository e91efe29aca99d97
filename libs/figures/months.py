"""A month of figures: a calendar month in Japan."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Self

from libs.errors.problems import InvalidInput
from libs.japan.calendar import JST

_SHAPE: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_FIRST_YEAR: Final = 2020
_LAST_YEAR: Final = 2199


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """Known by its first day; written 2026-08."""

    first_day: date

    @classmethod
    def parse(cls, text: str, field: str = "month") -> Self:
        """Raises InvalidInput for anything but year and month, from 2020."""
        found = _SHAPE.fullmatch(text)
        if found is None or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
            raise InvalidInput(
                field,
                "月は「2026-08」の形で指定してください。",
                "Write the month like 2026-08.",
                detail="MONTH",
            )
        return cls(date(int(found[1]), int(found[2]), 1))

    @classmethod
    def of(cls, instant: datetime) -> Self:
        """The month that it is in Japan at this instant."""
        return cls(instant.astimezone(JST).date().replace(day=1))

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first_day, time(), JST)

    @property
    def ends(self) -> datetime:
        """The first instant after it."""
        return self.next.begins

    @property
    def next(self) -> Self:
        return self.later(1)

    def later(self, months: int) -> Self:
        """So many months on; negative goes back."""
        count = self.first_day.year * 12 + self.first_day.month - 1 + months
        return type(self)(date(count // 12, count % 12 + 1, 1))

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}"

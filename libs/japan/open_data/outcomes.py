"""What becomes of a row: understood, asked about, or refused. Each row becomes exactly one of them."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Note:
    """Something changed or noticed on the way; `code` is machine-readable."""

    code: str
    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Question:
    """The row can't be taken surely as it stands: `reason_code` says why, the texts what to answer.

    `row` is the row of the sheet, `column` the heading of the cell in question.
    """

    row: int
    column: str
    reason_code: str
    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The row is no record of this kind, or lacks what a record can't be without."""

    row: int
    reason_code: str
    ja: str
    en: str


class NotUnderstood(Exception):
    """Raised while reading one cell; the reader of the row turns it into a `Question`."""

    item: ClassVar[str] = "days"

    def __init__(self, reason_code: str, ja: str, en: str) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code
        self.ja = ja
        self.en = en

    def about(self, row: int, column: str) -> Question:
        return Question(row, column, self.reason_code, self.ja, self.en)


class HoursNotUnderstood(NotUnderstood):
    """The same for the time cells."""

    item: ClassVar[str] = "opens"

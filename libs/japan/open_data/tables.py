"""CSV bytes to rows that still know which row of the sheet they were."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from libs.errors.problems import InvalidInput
from libs.japan.open_data.encodings import decode

MAX_ROWS = 20_000
MAX_COLUMNS = 200
QUOTE = "'"
FORMULA = re.compile("[=+@\\-].|[\t\r]")
"""What a spreadsheet takes for a formula; written with a quote in front of it, read without."""
_FIELD = "file"
_NO_CELLS: list[str] = []


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row's number in the sheet (the header is 1); `surplus` are cells under no heading."""

    number: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()

    def cell(self, column: str | None) -> str:
        """The trimmed cell, empty where the table has no such column."""
        text = self.cells.get(column, "").strip() if column else ""
        return text.removeprefix(QUOTE) if FORMULA.match(text.removeprefix(QUOTE)) else text


@dataclass(frozen=True, slots=True)
class Table:
    """Headings are NFKC, casefolded and without spaces. Every record is in `rows` or in `blank_rows`."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    blank_rows: tuple[int, ...]
    encoding: str


def read_table(data: bytes) -> Table:
    """The table of a CSV (or tab-separated) file.

    Raises `InvalidInput` for what `decode` refuses and with `detail` broken_quotes, too_many_rows,
    too_many_columns, no_header, duplicate_column.
    """
    decoded = decode(data)
    records = _records(decoded.text)
    header = tuple(heading_key(cell) for cell in next(records, _NO_CELLS))
    _refuse_header(header)
    rows: list[Row] = []
    blank: list[int] = []
    for number, record in enumerate(records, start=2):
        if any(cell.strip() for cell in record):
            rows.append(_row(number, header, record))
        else:
            blank.append(number)
    return Table(header, tuple(rows), tuple(blank), decoded.encoding)


def heading_key(heading: str) -> str:
    """料金（基本） and 料金(基本), № and No are the same heading."""
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split())


def _records(text: str) -> Iterator[list[str]]:
    first_line = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first_line and "," not in first_line else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for count in range(MAX_ROWS + 2):
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise _broken_quotes(count + 1) from error
        if record is None:
            return
        _refuse_width(record)
        yield record
    raise _too_many_rows()


def _row(number: int, header: tuple[str, ...], record: list[str]) -> Row:
    padded = record + [""] * (len(header) - len(record))
    cells = {name: cell for name, cell in zip(header, padded, strict=False) if name}
    stray = [cell for place, cell in enumerate(record) if place >= len(header) or not header[place]]
    return Row(number, cells, tuple(cell for cell in stray if cell.strip()))


def _refuse_header(header: tuple[str, ...]) -> None:
    named = [name for name in header if name]
    if not named:
        raise InvalidInput(
            _FIELD,
            "1行目に列の見出しがありません。見出しを付けてください。",
            "The first row has no headings. Add them.",
            detail="no_header",
        )
    if len(set(named)) < len(named):
        raise InvalidInput(
            _FIELD,
            "同じ見出しの列が2つ以上あります。見出しを変えるか、列を1つにしてください。",
            "Two columns have the same heading. Rename or remove one.",
            detail="duplicate_column",
        )


def _refuse_width(record: list[str]) -> None:
    if len(record) > MAX_COLUMNS:
        raise InvalidInput(
            _FIELD,
            f"列が多すぎます（{MAX_COLUMNS}列まで）。",
            f"Too many columns (at most {MAX_COLUMNS}).",
            detail="too_many_columns",
        )


def _too_many_rows() -> InvalidInput:
    return InvalidInput(
        _FIELD,
        f"行が多すぎます。{MAX_ROWS}行以下に分けてください。",
        f"Too many rows. Split the file into parts of at most {MAX_ROWS} rows.",
        detail="too_many_rows",
    )


def _broken_quotes(row: int) -> InvalidInput:
    return InvalidInput(
        _FIELD,
        f'{row}行目付近の引用符（"）が正しく閉じていません。直してからもう一度お試しください。',
        f"The quotes near row {row} are not closed properly. Mend them and try again.",
        detail="broken_quotes",
    )

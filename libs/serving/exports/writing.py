"""The cells as a file: CSV or XLSX, written page by page into something that keeps little in memory."""

import codecs
import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from typing import IO, Any, Final, Protocol

import xlsxwriter

from libs.serving.exports.asked import Asked
from libs.serving.exports.cells import Cell

IN_MEMORY: Final = 1_000_000
"""Bytes of a file before it goes to the disk, where it has no name."""
UNWRITABLE: Final = "〓"
"""Stands for a character that CP932 has not, as printers have long shown one that they lacked."""
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_UNSAID: Final = re.compile(r"[\[\]:*?/\\]")
_MOST_CHARACTERS: Final = 32_767
_NAME_LENGTH: Final = 31
_WIDTH: Final = 18
_ERRORS: Final = "tsunagari-unwritable"
# the same dashes, tildes and bars at the code points that CP932's converters of Windows expect
_WINDOWS: Final = str.maketrans("〜−–‖¢£¬", "～－－∥￠￡￢")


class Writer(Protocol):
    """Takes the header, then rows; `finish` answers the file, read from its start."""

    media: bytes
    replaced: int

    def write(self, rows: Sequence[Sequence[Cell]]) -> None: ...

    def finish(self) -> IO[bytes]: ...

    def close(self) -> None: ...


def writer(asked: Asked, header: Sequence[str]) -> Writer:
    return XlsxWriter(asked, header) if asked.format == "xlsx" else CsvWriter(asked, header)


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what would begin one."""
    return f"'{text}" if _FORMULA.match(text) else text


class CsvWriter:
    """RFC 4180 with CRLF: UTF-8 with its mark, or CP932 for what still expects that."""

    def __init__(self, asked: Asked, header: Sequence[str]) -> None:
        self.replaced = 0
        self._is_cp932 = asked.encoding == "cp932"
        self.media = b"text/csv; charset=%b" % (b"windows-31j" if self._is_cp932 else b"utf-8")
        self._open = ExitStack()
        self._file = self._open.enter_context(_spool())
        if not self._is_cp932:
            self._file.write(codecs.BOM_UTF8)
        self.write([header])

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([_plain(cell) for cell in row] for row in rows)
        self._file.write(self._encoded(text.getvalue()))

    def finish(self) -> IO[bytes]:
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        self._open.close()

    def _encoded(self, text: str) -> bytes:
        if not self._is_cp932:
            return text.encode()
        encoded = text.translate(_WINDOWS).encode("cp932", errors=_ERRORS)
        self.replaced += encoded.decode("cp932").count(UNWRITABLE) - text.count(UNWRITABLE)
        return encoded


class XlsxWriter:
    """One sheet, rows flushed as they come. Texts are written as texts, so none of them is ever computed."""

    media = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self, asked: Asked, header: Sequence[str]) -> None:
        self.replaced = 0
        self._open = ExitStack()
        folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="tsunagari-export-"))
        self._file = self._open.enter_context(_spool())
        self._book: Any = xlsxwriter.Workbook(self._file, {"constant_memory": True, "tmpdir": folder})
        self._open.callback(self._forget)
        title = asked.export.ja if asked.language == "ja" else asked.export.en
        self._sheet: Any = self._book.add_worksheet(_UNSAID.sub(" ", title)[:_NAME_LENGTH])
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        # what one sees as a leading apostrophe: the text stays one when the cell is edited
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._at = 0
        self._head(header)

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        for row in rows:
            for column, cell in enumerate(row):
                self._cell(column, cell)
            self._at += 1

    def finish(self) -> IO[bytes]:
        self._book.close()
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        self._open.close()

    def _forget(self) -> None:
        """A book that was never finished keeps its sheets' files open."""
        self._book.fileclosed = True
        for sheet in self._book.worksheets():
            if not sheet.row_data_fh_closed:
                sheet.row_data_fh.close()

    def _head(self, header: Sequence[str]) -> None:
        self._sheet.set_column(0, len(header) - 1, _WIDTH)
        self._sheet.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True})
        for column, text in enumerate(header):
            self._sheet.write_string(0, column, text, bold)
        self._at = 1

    def _cell(self, column: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, dt.date):
            how = self._moment if isinstance(cell, dt.datetime) else self._day
            self._sheet.write_datetime(self._at, column, cell, how)
        elif isinstance(cell, str):
            how = self._quoted if _FORMULA.match(cell) else None
            self._sheet.write_string(self._at, column, cell[:_MOST_CHARACTERS], how)
        else:
            self._sheet.write_number(self._at, column, cell)


def _spool() -> "tempfile.SpooledTemporaryFile[bytes]":
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return safe(cell) if isinstance(cell, str) else str(cell)


def _unwritable(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - only encoding asks
    return UNWRITABLE * (error.end - error.start), error.end


codecs.register_error(_ERRORS, _unwritable)

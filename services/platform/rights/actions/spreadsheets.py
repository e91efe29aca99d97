"""CSV that a spreadsheet opens as text: no cell is ever a formula (OWASP, CSV injection)."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK: Final = "\ufeff"
"""By which Excel knows that it is UTF-8."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180, each cell quoted; what would begin a formula gets an apostrophe before it."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([_safe(each) for each in row] for row in rows)
    return BYTE_ORDER_MARK + written.getvalue()


def _safe(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULAS) else text

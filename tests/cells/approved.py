"""The field table as it is committed: what people approved, whatever the code says now."""

from functools import cache
from pathlib import Path

from tests.cells.table import Cell, parse

APPROVED = Path(__file__).with_name("approved_field_table.txt")


@cache
def approved() -> dict[Cell, str]:
    """Every cell with its state."""
    return parse(APPROVED.read_text(encoding="utf-8"))

"""What commands print: tables for people, one JSON document with --json, refusals on standard error."""

import sys
from collections.abc import Mapping, Sequence

import msgspec
from rich.console import Console
from rich.table import Table

from libs.errors.problems import Problem

Rows = Sequence[Mapping[str, object]]


def show(rows: Rows, *, json: bool, title: str) -> None:
    """Prints the rows as a table, or as a JSON list."""
    if json:
        sys.stdout.write(msgspec.json.encode(list(rows)).decode() + "\n")
        return
    table = Table(title=title, title_justify="left")
    for name in rows[0] if rows else ():
        table.add_column(name)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console().print(table if rows else f"{title}: 0")


def complain(problem: Problem) -> None:
    """A refusal with what to do next, in both languages."""
    sys.stderr.write(f"{problem.code}: {problem.ja}\n{problem.en}\n")

"""What was measured, as JSON with the raw rounds and as a table to read."""

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from tests.bench.targets import SAID, TARGETS, Target, value_of

FOLDER: Final = Path(".tsunagari")
JSON: Final = FOLDER / "bench.json"
MARKDOWN: Final = FOLDER / "bench.md"
NOT_MEASURED: Final = "–"


def environment(options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.platform(terse=True),
        **options,
    }


def write(figures: Mapping[str, Any]) -> None:
    FOLDER.mkdir(exist_ok=True)
    JSON.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
    MARKDOWN.write_text(markdown(figures), encoding="utf-8")


def markdown(figures: Mapping[str, Any]) -> str:
    rows = [_row(target, figures) for target in TARGETS]
    lines = ["| figure | to reach | measured | reached |", "|---|---|---|---|"]
    lines += [f"| `{key}` | {bound} | {value} | {reached} |" for key, bound, value, reached in rows]
    lines += ["", *(f"- `{key}`: {value:g}" for key, value in _said(figures))]
    lines += ["", *(f"- `{name}` was left out: {why}" for name, why in figures.get("left_out", {}).items())]
    lines += [f"- `{name}` FAILED: {why[:300]}" for name, why in figures.get("failed", {}).items()]
    said = ", ".join(f"{name}: {value}" for name, value in figures["environment"].items())
    return "\n".join([*lines, "", f"Environment: {said}", ""])


def show(figures: Mapping[str, Any]) -> None:
    table = Table("figure", "to reach", "measured", "reached", title=str(JSON), title_justify="left")
    for target in TARGETS:
        if target.value(figures) is not None:
            table.add_row(*_row(target, figures))
    for key, value in _said(figures):
        table.add_row(key, NOT_MEASURED, f"{value:g}", NOT_MEASURED)
    Console().print(table)


def _said(figures: Mapping[str, Any]) -> list[tuple[str, float]]:
    found = ((key, value_of(key, figures)) for key in SAID)
    return [(key, value) for key, value in found if value is not None]


def _row(target: Target, figures: Mapping[str, Any]) -> tuple[str, str, str, str]:
    value = target.value(figures)
    if value is None:
        return target.key, target.text, NOT_MEASURED, NOT_MEASURED
    return target.key, target.text, f"{value:g}", "yes" if target.reached(value) else "no"

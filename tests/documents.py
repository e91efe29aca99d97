"""Generated documents are current, and what the prose names exists. `--write` writes the former anew."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROSE = ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "deploy/**/*.md")
# `libs/…`, `services/…` and the like in backticks or links are promises
NAMED_PATH = re.compile(
    r"[`(]((?:libs|services|tests|migrations|deploy|docs|requirements)/[\w./\-]*[\w/]|Makefile|pyproject\.toml)[`)]"
)
NAMED_TARGET = re.compile(r"`make (\w+)")
NAMED_VARIABLE = re.compile(r"\bTSUNAGARI_[A-Z_]+\b")


def main() -> int:
    """0 where all is current; else 1, and what to do."""
    problems = _write() if "--write" in sys.argv else _compare()
    problems += [*_missing_paths(), *_missing_targets(), *_unknown_variables()]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


def _generated() -> dict[str, Callable[[], str]]:
    from libs.policy.rules import Policy
    from services.platform.app import registry
    from services.platform.relations import RELATIONS
    from services.platform.schema import build_schema as platform
    from services.secretariat.schema import build_schema as secretariat
    from tests.cells.table import render
    from tests.channels.matrix import render as render_matrix

    return {
        "services/platform/schema.graphql": lambda: platform().as_str() + "\n",
        "services/secretariat/schema.graphql": lambda: secretariat().as_str() + "\n",
        "tests/cells/approved_field_table.txt": lambda: render(registry(), Policy.baseline(), RELATIONS),
        "tests/channels/approved_matrix.txt": render_matrix,
    }


def _write() -> list[str]:
    for name, make in _generated().items():
        (ROOT / name).write_text(make(), encoding="utf-8")
    return []


def _compare() -> list[str]:
    return [
        f"{name} is not current: run `make schema` and review the difference"
        for name, make in _generated().items()
        if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != make()
    ]


def _prose() -> dict[Path, str]:
    files = [path for pattern in PROSE for path in ROOT.glob(pattern)]
    return {path: path.read_text(encoding="utf-8") for path in files}


def _missing_paths() -> list[str]:
    return [
        f"{path.relative_to(ROOT)} names {named}, which is not there"
        for path, text in _prose().items()
        for named in NAMED_PATH.findall(text)
        if not (ROOT / named).exists()
    ]


def _missing_targets() -> list[str]:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    return [
        f"{path.relative_to(ROOT)} names `make {named}`, which is no target"
        for path, text in _prose().items()
        for named in NAMED_TARGET.findall(text)
        if named not in targets
    ]


def _unknown_variables() -> list[str]:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("libs", "services", "tests")
        for path in (ROOT / folder).rglob("*.py")
    )
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(NAMED_VARIABLE.findall(code + makefile))
    suffixes = set(re.findall(r'"([A-Z][A-Z_]+)"', code))
    return [
        f"{path.relative_to(ROOT)} names {named}, which nothing reads"
        for path, text in _prose().items()
        for named in sorted(set(NAMED_VARIABLE.findall(text)))
        if named not in known and named.removeprefix("TSUNAGARI_") not in suffixes
    ]


if __name__ == "__main__":
    sys.exit(main())

"""Peers that run on Node.js: where it is missing, the run says loudly what was not tried."""

import shutil
import sys
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[1] / "node" / "node_modules"


def needs_node(package: str) -> pytest.MarkDecorator:
    """Skips, and says so on the terminal, where node or the package is missing."""
    missing = shutil.which("node") is None or not (MODULES / package).is_dir()
    if missing:
        sys.stderr.write(f"\n*** NOT RUN: tests that need Node.js and npm's {package} ***\n")
    return pytest.mark.skipif(missing, reason=f"NOT RUN: needs node and `npm ci` in tests/node ({package})")

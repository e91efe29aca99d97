"""`make test DB=containers` on a machine where it cannot run says what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def test_without_an_engine_it_says_what_to_do(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    # a home of its own: a developer's testcontainers properties would come before DOCKER_HOST
    asked = {
        "TSUNAGARI_TEST_DB": "containers",
        "DOCKER_HOST": f"unix://{tmp_path}/none",
        "HOME": str(tmp_path),
    }
    given = {name: value for name, value in os.environ.items() if name != "TSUNAGARI_TEST_DATABASE"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", "tests/stage"],
        cwd=pytestconfig.rootpath,
        env=given | asked,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == pytest.ExitCode.USAGE_ERROR, run.stderr
    assert run.stderr.startswith("ERROR: No Docker engine answers")
    assert "Start Docker, or name its address in DOCKER_HOST" in run.stderr
    assert "Traceback" not in run.stderr

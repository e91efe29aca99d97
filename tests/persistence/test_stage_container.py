"""`make test DB=containers` on a machine where it cannot run says what to do."""

from pathlib import Path

import pytest
from testcontainers.core.config import testcontainers_config

from tests.stage.container import container


def test_without_an_engine_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # a developer's own properties would come before DOCKER_HOST
    monkeypatch.setattr(testcontainers_config, "tc_properties", {})
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with (
        pytest.raises(pytest.UsageError, match=r"(?s)No Docker engine answers.*Start Docker.*DOCKER_HOST"),
        container(),
    ):
        pass

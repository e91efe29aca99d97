"""Commands refuse with the next step and exit code 2; code 1 is a check's finding and nothing else."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from libs.persistence.roles import APP, ONBOARDING, OWNER, WORKER
from services.operator.demo.place import Place
from services.operator.environment import VARIABLES
from tests.stage.founded import Founded, founded
from tests.stage.server import url_of

ROOT = Path(__file__).parents[2]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`tsunagari` as a process of its own, with no setting but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TSUNAGARI_")}
    return subprocess.run(
        [sys.executable, "-m", "services.operator", *words],
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def settings(stage: Founded) -> dict[str, str]:
    return {VARIABLES[role]: url_of(stage.name, role) for role in (APP, OWNER, ONBOARDING, WORKER)}


def refused(done: subprocess.CompletedProcess[str], code: str) -> None:
    assert done.returncode == 2, done
    assert done.stderr.startswith(f"{code}: ")
    assert len(done.stderr.splitlines()) == 2, "one line in Japanese, one in English"


@pytest.mark.parametrize(
    "url",
    ["garbage", "postgresql://tsunagari_app:secret-word@127.0.0.1:1/x"],
)
@pytest.mark.parametrize(
    ("words", "role"),
    [(("audit", "verify"), APP), (("migrate",), OWNER), (("tenant", "list"), ONBOARDING)],
)
def test_an_unusable_database_is_no_finding(words: tuple[str, ...], role: str, url: str) -> None:
    done = run(*words, **{VARIABLES[role]: url})
    refused(done, "DATABASE")
    assert "secret-word" not in done.stderr


async def test_the_chain_of_an_unknown_platform_is_not_whole() -> None:
    async with founded() as stage:
        await stage.found("nara", "292010")
        assert run("audit", "verify", "nara", **settings(stage)).returncode == 0
        refused(run("audit", "verify", "naara", **settings(stage)), "NOT_FOUND")


async def test_a_tampered_chain_is_found_with_code_1() -> None:
    async with founded() as stage:
        await stage.found("nara", "292010")
        await stage.admin.execute("UPDATE tsunagari.audit_entry SET action = 'forged'")
        done = run("audit", "verify", "--json", **settings(stage))
        assert done.returncode == 1
        assert '"whole":false' in done.stdout


async def test_a_wrong_password_role_or_database_is_told() -> None:
    async with founded() as stage:
        good = settings(stage)
        login = VARIABLES[ONBOARDING]
        wrong_password = url_of(stage.name, ONBOARDING).replace(
            "tsunagari_onboarding:", "tsunagari_onboarding:x"
        )
        for url in (wrong_password, url_of("tsunagari_nowhere", ONBOARDING)):
            refused(run("tenant", "list", **{**good, login: url}), "DATABASE")
        other = {**good, login: good[VARIABLES[APP]]}
        await stage.found("nara", "292010")
        refused(run("tenant", "suspend", "nara", **other), "DATABASE")
        assert run("tenant", "suspend", "nara", **good).returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("referral.nothing", "--kind", "npo"),
        ("organisation.name", "--kind", "martian"),
        ("organisation.name", "surely", "--kind", "npo"),
        ("organisation", "--action", "fly", "--kind", "npo"),
    ],
)
def test_an_unnamed_right_is_not_withheld_but_unknown(words: tuple[str, ...]) -> None:
    refused(run("policy", "explain", *words), "INVALID_INPUT")


def test_a_named_right_is_explained() -> None:
    of_a_member = run("policy", "explain", "organisation.name", "tenant", "admitted", "--kind", "npo")
    assert (of_a_member.returncode, "tenant+admitted" in of_a_member.stdout) == (0, True)
    assert run("policy", "explain", "organisation.name", "tenant", "--kind", "npo").returncode == 1


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("demo", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path / "data"))
    refused(done, "INVALID_INPUT")
    assert not (tmp_path / "data").exists()


def test_an_unusable_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    refused(run("demo", "--port", str(port), "--data", str(tmp_path / "file" / "data")), "INVALID_INPUT")


def test_leaving_a_second_demo_running_spares_the_first(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path)
    place.make()
    place.write_privately(place.demo_file, "{}")
    command = [sys.executable, "-c", "import time; time.sleep(60)", "services.operator"]
    with subprocess.Popen(command) as first:
        (tmp_path / "demo.pid").write_text(str(first.pid), encoding="utf-8")
        refused(run("demo", "--no-wait", "--data", str(tmp_path)), "WRONG_STATE")
        first.kill()
    assert place.demo_file.exists()

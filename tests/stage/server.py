"""One PostgreSQL for the whole run: embedded, in a container, or a given one; a template, and its clones."""

import asyncio
import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from libs.persistence.connections import connect
from libs.persistence.embedded.server import start
from libs.persistence.roles import OWNER, ROLES, ensure_database, ensure_roles
from migrations.upgrade import upgrade

ADMIN = "TSUNAGARI_TEST_ADMIN"
TEMPLATE = "TSUNAGARI_TEST_TEMPLATE"
ROLES_LOCK = 7_340_181
MEMORY_NEEDED = 4 << 30


@contextmanager
def running_server() -> Generator[None]:
    """Sets ADMIN for this process and its workers. What was started here is gone afterwards."""
    given = os.environ.get("TSUNAGARI_TEST_DATABASE")
    if given:
        os.environ[ADMIN] = given
        yield
    elif os.environ.get("TSUNAGARI_TEST_DB") == "containers":
        from tests.stage.container import container  # loads Docker's client: only where it is asked for

        with container() as os.environ[ADMIN]:
            yield
    else:
        with _embedded() as os.environ[ADMIN]:
            yield


@contextmanager
def _embedded() -> Generator[str]:
    folder = Path(tempfile.mkdtemp(prefix="tsunagari-test-", dir=_in_memory()))
    folder.chmod(0o755)  # as root, the server runs as a user who must get in; then nothing lands elsewhere
    server = start(folder / "postgres", durable=False, settings={"max_connections": "200"})
    try:
        yield server.url()
    finally:
        server.stop()
        shutil.rmtree(folder)


def _in_memory() -> str | None:
    """A file system in memory, where there is one: a clone of 600 files took 0.02 s there, 0.4 s on disk."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > MEMORY_NEEDED
    return str(memory) if roomy else None


@contextmanager
def migrated_template() -> Generator[None]:
    """An empty database of the newest schema, from which every test's own is cloned."""
    name = f"tsunagari_template_{uuid.uuid4().hex[:12]}"
    asyncio.run(_create(name))
    try:
        upgrade(url_of(name, OWNER))
        os.environ[TEMPLATE] = name
        yield
    finally:
        asyncio.run(_drop(name))


@asynccontextmanager
async def cloned(template: str) -> AsyncGenerator[str]:
    """A database of one's own, for the time of a test."""
    name = f"tsunagari_test_{uuid.uuid4().hex[:16]}"
    admin = await connect(os.environ[ADMIN])
    try:
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {OWNER}')
        yield name
    finally:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.close()


def url_of(database: str, role: str | None = None) -> str:
    """The server's URL for a database, as one of the product's roles or, without, as the server's admin."""
    parts = urlsplit(os.environ[ADMIN])
    login = parts.netloc
    if role is not None:
        host = parts.netloc.rpartition("@")[2]
        login = f"{role}:{quote(role_password(role))}@{host}"
    return urlunsplit((parts.scheme, login, f"/{database}", parts.query, ""))


def role_password(role: str) -> str:
    """The same for every run on one server, so that parallel runs do not lock each other out."""
    return hashlib.sha256(f"{os.environ[ADMIN]}{role}".encode()).hexdigest()[:24]


async def _create(name: str) -> None:
    admin = await connect(os.environ[ADMIN])
    # roles belong to the whole server: runs that start together would trip over each other's
    await admin.execute(f"SELECT pg_advisory_lock({ROLES_LOCK})")
    await ensure_roles(admin, {role: role_password(role) for role in ROLES})
    await ensure_database(admin, name)
    await admin.close()


async def _drop(name: str) -> None:
    admin = await connect(os.environ[ADMIN])
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.close()

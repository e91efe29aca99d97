"""One PostgreSQL for the whole test run: embedded, in a container, or a given one; a template, and its clones."""

import asyncio
import hashlib
import os
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from libs.persistence.embedded.server import EmbeddedServer, start
from libs.persistence.roles import OWNER, ROLES, ensure_database, ensure_roles
from migrations.upgrade import upgrade

ADMIN = "TSUNAGARI_TEST_ADMIN"
TEMPLATE = "TSUNAGARI_TEST_TEMPLATE"


def start_server() -> EmbeddedServer | None:
    """Sets ADMIN for this process and its workers; answers the server to be stopped at the end, if it is ours."""
    given = os.environ.get("TSUNAGARI_TEST_DATABASE")
    if given:
        os.environ[ADMIN] = given
        return None
    folder = Path(tempfile.mkdtemp(prefix="tsunagari-test-"))
    server = start(folder / "postgres", durable=False, settings={"max_connections": "200"})
    os.environ[ADMIN] = server.url()
    return server


def make_template() -> None:
    """An empty database of the newest schema, from which every test's own is cloned."""
    name = f"tsunagari_template_{uuid.uuid4().hex[:12]}"
    asyncio.run(_create(name))
    upgrade(url_of(name, OWNER))
    os.environ[TEMPLATE] = name


def drop_template() -> None:
    asyncio.run(_drop(os.environ[TEMPLATE]))


@asynccontextmanager
async def cloned(template: str) -> AsyncIterator[str]:
    """A database of one's own, for the time of a test."""
    name = f"tsunagari_test_{uuid.uuid4().hex[:16]}"
    admin = await asyncpg.connect(os.environ[ADMIN])
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
        login = f"{role}:{quote(_password(role))}@{host}"
    return urlunsplit((parts.scheme, login, f"/{database}", parts.query, ""))


def _password(role: str) -> str:
    """The same for every run on one server, so that parallel runs do not lock each other out."""
    return hashlib.sha256(f"{os.environ[ADMIN]}{role}".encode()).hexdigest()[:24]


async def _create(name: str) -> None:
    admin = await asyncpg.connect(os.environ[ADMIN])
    await ensure_roles(admin, {role: _password(role) for role in ROLES})
    await ensure_database(admin, name)
    await admin.close()


async def _drop(name: str) -> None:
    admin = await asyncpg.connect(os.environ[ADMIN])
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.close()

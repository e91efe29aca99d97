"""The one PostgreSQL of a run, with fsync on, and its filled databases, kept between runs."""

import asyncio
import os
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

from libs.persistence.connections import Connection, connect
from libs.persistence.embedded.server import start
from libs.persistence.roles import OWNER, ROLES, ensure_database, ensure_roles
from migrations.upgrade import upgrade
from tests.bench import costs
from tests.bench.filling import fill, recipe
from tests.bench.nation import City
from tests.stage.server import ADMIN, role_password, url_of
from tests.stage.tokens import FOLDER

# a machine's share for a database of a few gigabytes; no checkpoint falls into one round and not the next
SETTINGS: Final = {
    "shared_buffers": "2GB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "max_connections": "300",
}
SMALL_SETTINGS: Final = {**SETTINGS, "shared_buffers": "256MB", "max_wal_size": "1GB"}


@contextmanager
def ground(folder: Path, settings: dict[str, str] | None = None) -> Generator[None]:
    """The server of this folder, its roles, and the keys that tokens and cases are made with."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("keys", "case-keys"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    os.environ[FOLDER] = str(folder / "keys")
    server = start(folder / "postgres", durable=True, settings=settings or SETTINGS)
    try:
        costs.watch(server)
        os.environ[ADMIN] = server.url()
        asyncio.run(_make_roles())
        yield
    finally:
        server.stop()


async def filled(name: str, cities: Sequence[City], console: Console, *, fresh: bool = False) -> str:
    """The database of these cities: as it was left by an earlier run of the same recipe, or made now."""
    database = f"{name}_{recipe()}"
    admin = await connect(os.environ[ADMIN])
    try:
        await _drop_outdated(admin, name, keep=None if fresh else database)
        if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            await _make(admin, database, cities, console)
        size = await admin.fetchval("SELECT pg_size_pretty(pg_database_size($1))", database)
        console.print(f"{database}: {len(cities)} tenants, {size}")
    finally:
        await admin.close()
    return database


async def _make_roles() -> None:
    admin = await connect(os.environ[ADMIN])
    await ensure_roles(admin, {role: role_password(role) for role in ROLES})
    await admin.close()


async def _drop_outdated(admin: Connection, name: str, keep: str | None) -> None:
    for row in await admin.fetch("SELECT datname FROM pg_database WHERE datname LIKE $1", f"{name}\\_%"):
        if row["datname"] != keep:
            await admin.execute(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')


async def _make(admin: Connection, database: str, cities: Sequence[City], console: Console) -> None:
    """Under another name until it is whole, so that an interrupted run leaves nothing that looks ready."""
    began = time.monotonic()
    draft = f"{database}_draft"
    await ensure_database(admin, draft)
    await asyncio.to_thread(upgrade, url_of(draft, OWNER))
    await fill(url_of(draft), cities, console)
    await admin.execute(f'ALTER DATABASE "{draft}" RENAME TO "{database}"')
    console.print(f"{database} made in {time.monotonic() - began:.0f} s")

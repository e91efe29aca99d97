"""The models are the migrated schema, and every revision can be taken back."""

import asyncio
import os
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine

import migrations
from libs.persistence.connections import connect
from libs.persistence.roles import OWNER, SCHEMA
from migrations.metadata import metadata
from migrations.upgrade import downgrade, upgrade
from tests.isolation import catalogue
from tests.stage import server


async def test_the_models_are_the_migrated_schema() -> None:
    async with server.cloned(os.environ[server.TEMPLATE]) as name:
        assert await _differences(name) == []


async def test_a_model_that_nobody_migrated_is_seen() -> None:
    async with server.cloned(os.environ[server.TEMPLATE]) as name:
        connection = await connect(server.url_of(name))
        await connection.execute("CREATE TABLE tsunagari.stray (id uuid PRIMARY KEY)")
        await connection.execute("ALTER TABLE tsunagari.person DROP COLUMN profile")
        await connection.execute("ALTER TABLE tsunagari.person ALTER name DROP NOT NULL")
        await connection.execute("DROP INDEX tsunagari.membership_tenant_id_organisation_id_idx")
        await connection.close()
        seen = {_kind(change) for change in await _differences(name)}
    assert {"remove_table", "add_column", "modify_nullable", "add_index"} <= seen


def _kind(change: Any) -> str:
    """A change is a tuple; changes of one column come as a list."""
    first = change[0]
    return first if isinstance(first, str) else first[0]


def test_the_revisions_are_one_line() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


async def test_every_revision_goes_down_and_up_again() -> None:
    async with server.cloned(os.environ[server.TEMPLATE]) as name:
        owner = server.url_of(name, OWNER)
        connection = await connect(server.url_of(name))
        granted, violations = await catalogue.grants(connection), await catalogue.violations(connection)
        await asyncio.to_thread(downgrade, owner, "base")
        assert await connection.fetch(catalogue.TABLES, SCHEMA) == []
        await asyncio.to_thread(upgrade, owner)
        assert await catalogue.violations(connection) == violations
        assert await catalogue.grants(connection) == granted
        await connection.close()
        assert await _differences(name) == []


async def _differences(database: str) -> list[Any]:
    url = server.url_of(database, OWNER).replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        found = await connection.run_sync(_compare)
    await engine.dispose()
    return found


def _compare(connection: SyncConnection) -> list[Any]:
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_name": _ours,
            "version_table_schema": SCHEMA,
            "compare_type": True,
            "compare_server_default": True,
        },
    )
    return compare_metadata(context, metadata)


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "schema" or name == SCHEMA

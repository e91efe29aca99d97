"""Row-level security, table by table as the catalogue lists them and role by role: nothing foreign, ever."""

import os
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import pytest

from libs.persistence.connections import Connection, connect
from libs.persistence.database import Database
from libs.persistence.roles import APP, ONBOARDING, OWNER, SCHEMA
from libs.tenancy.onboarding import Coordinator, NewTenant, onboard
from libs.tenancy.viewer import account_of
from tests.isolation.catalogue import SERVICES, tenant_tables
from tests.isolation.rows import Filling
from tests.stage import server
from tests.stage.tokens import ISSUER

ROLE_WITH_RIGHTS = "SELECT has_table_privilege($1, $2, $3)"
REFUSED = -1
CLASHED = -2

COLUMNS_OF = """SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
  WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    AND attname <> ALL ($2)"""


@dataclass
class World:
    """Both cities with a row in each table, seen by the owner; and a way to log in as a role."""

    name: str
    owner: Connection
    ikoma: uuid.UUID
    takamatsu: uuid.UUID
    tables: list[str]

    @asynccontextmanager
    async def role(self, role: str) -> AsyncGenerator[Connection]:
        connection = await connect(server.url_of(self.name, role))
        try:
            yield connection
        finally:
            await connection.close()

    async def may(self, role: str, table: str, right: str) -> bool:
        return await self.owner.fetchval(ROLE_WITH_RIGHTS, role, f"{SCHEMA}.{table}", right)

    async def count(self, table: str, tenant: uuid.UUID) -> int:
        return await self.owner.fetchval(
            f"SELECT count(*) FROM {SCHEMA}.{table} WHERE tenant_id = $1", tenant
        )

    async def columns(self, table: str, *but: str) -> str:
        return await self.owner.fetchval(COLUMNS_OF, f"{SCHEMA}.{table}", list(but))


@pytest.fixture
async def world() -> AsyncGenerator[World]:
    async with server.cloned(os.environ[server.TEMPLATE]) as name:
        tenants = await _onboarded(name, {"ikoma": "292095", "takamatsu": "372013"})
        owner = await connect(server.url_of(name, OWNER))
        await Filling(owner).fill(list(tenants.values()))
        yield World(name, owner, tenants["ikoma"], tenants["takamatsu"], await tenant_tables(owner))
        await owner.close()


async def _onboarded(name: str, codes: dict[str, str]) -> dict[str, uuid.UUID]:
    database = await Database.open(server.url_of(name, ONBOARDING), name="tests")
    tenants = {
        slug: (await onboard(database, NewTenant([code], slug, Coordinator("Mori", ISSUER, slug)))).tenant_id
        for slug, code in codes.items()
    }
    await database.close()
    return tenants


async def test_every_table_holds_rows_of_both_cities(world: World) -> None:
    """Without them every check below would pass on nothing."""
    empty = [
        table
        for table in world.tables
        if not await world.count(table, world.ikoma) or not await world.count(table, world.takamatsu)
    ]
    assert empty == []
    assert len(world.tables) >= 12


@pytest.mark.parametrize("role", SERVICES)
async def test_a_role_reads_only_the_tenant_that_its_transaction_is_for(world: World, role: str) -> None:
    wrong: list[str] = []
    async with world.role(role) as connection:
        for table in world.tables:
            readable = await world.may(role, table, "SELECT")
            own = await world.count(table, world.ikoma)
            expected = {"nobody": 0, "ikoma": own, "afterwards": 0, "empty": 0, "unset": 0}
            seen = await _reads(connection, table, world.ikoma)
            if seen != (expected if readable else dict.fromkeys(expected, REFUSED)):
                wrong.append(f"{table}: {seen}, of {own} own rows")
    assert wrong == []


async def _reads(connection: Connection, table: str, tenant: uuid.UUID) -> dict[str, int]:
    """The rows seen, in order on one connection: before any tenant was set, inside one, and after it."""
    counting = f"SELECT count(*) FROM {SCHEMA}.{table}"
    foreign = f"SELECT count(*) FROM {SCHEMA}.{table} WHERE tenant_id <> '{tenant}'"
    seen = {"nobody": await _does(connection, counting)}
    seen["ikoma"] = await _does(connection, counting, tenant)
    assert await _does(connection, foreign, tenant) in (0, REFUSED), table
    seen["afterwards"] = await _does(connection, counting)
    await connection.execute("SET app.tenant_id = ''")
    seen["empty"] = await _does(connection, counting)
    await connection.execute("RESET app.tenant_id")
    seen["unset"] = await _does(connection, counting)
    return seen


@pytest.mark.parametrize("role", SERVICES)
async def test_a_row_cannot_be_written_for_another_tenant(world: World, role: str) -> None:
    wrong: list[str] = []
    async with world.role(role) as connection:
        for table in world.tables:
            if await world.may(role, table, "INSERT") and await world.may(role, table, "SELECT"):
                wrong += [f"{table}: {each}" for each in await _forged_inserts(world, connection, table)]
            elif await world.may(role, table, "INSERT"):
                wrong.append(f"{table}: {role} writes what it cannot read: say here how to try it")
    assert wrong == []


async def _forged_inserts(world: World, connection: Connection, table: str) -> list[str]:
    """Own rows again, under a new id: for oneself it is no matter of rights, for another it is."""
    columns = await world.columns(table, "tenant_id", "id")
    copy = (
        f"INSERT INTO {SCHEMA}.{table} (tenant_id, id, {columns}) OVERRIDING SYSTEM VALUE "
        f"SELECT '{{tenant}}', {{id}}, {columns} FROM {SCHEMA}.{table} LIMIT 1"
    )
    own = copy.format(tenant=world.ikoma, id="gen_random_uuid()")
    forged = copy.format(tenant=world.takamatsu, id="gen_random_uuid()")
    theirs = await world.owner.fetchval(
        f"SELECT id FROM {SCHEMA}.{table} WHERE tenant_id = $1 LIMIT 1", world.takamatsu
    )
    existing = copy.format(tenant=world.takamatsu, id=f"'{theirs}'")
    said = {
        "own": await _does(connection, own, world.ikoma) in (1, CLASHED),
        "forged": await _does(connection, forged, world.ikoma) == REFUSED,
        # a key that exists elsewhere must not answer differently from one that does not
        "existing": await _does(connection, existing, world.ikoma) == REFUSED,
        "nobody": await _does(connection, own) == 0,
    }
    return [name for name, good in said.items() if not good]


@pytest.mark.parametrize("role", SERVICES)
async def test_no_update_or_delete_reaches_another_tenant(world: World, role: str) -> None:
    wrong: list[str] = []
    async with world.role(role) as connection:
        for table in world.tables:
            for said in await _reaches(world, connection, role, table):
                wrong.append(f"{table}: {said}")  # noqa: PERF401 - awaited in between
    assert wrong == []


async def _reaches(world: World, connection: Connection, role: str, table: str) -> list[str]:
    name, mine, theirs = f"{SCHEMA}.{table}", world.ikoma, world.takamatsu
    own = await world.count(table, mine)
    updates = await world.may(role, table, "UPDATE") and await world.may(role, table, "SELECT")
    deletes = await world.may(role, table, "DELETE") and await world.may(role, table, "SELECT")
    expected = {
        f"UPDATE {name} SET id = id WHERE tenant_id = '{theirs}'": 0 if updates else REFUSED,
        f"UPDATE {name} SET id = id": own if updates else REFUSED,
        f"UPDATE {name} SET tenant_id = '{theirs}' WHERE tenant_id = '{mine}'": REFUSED,
        f"DELETE FROM {name} WHERE tenant_id = '{theirs}'": 0 if deletes else REFUSED,
    }
    said = {sql: await _does(connection, sql, mine) for sql in expected}
    said_by_nobody = await _does(connection, f"UPDATE {name} SET id = id")
    wrong = [f"{sql} → {said[sql]}" for sql in expected if said[sql] != expected[sql]]
    return wrong + [f"without a tenant it changed {said_by_nobody}"] * (said_by_nobody > 0)


async def test_a_planted_open_policy_is_found(world: World) -> None:
    """What these tests would say about the fault that they exist for."""
    await world.owner.execute(
        "ALTER POLICY tenant_isolation ON tsunagari.person USING (true) WITH CHECK (true)"
    )
    async with world.role(APP) as connection:
        with pytest.raises(AssertionError):
            await _reads(connection, "person", world.ikoma)
        assert await _forged_inserts(world, connection, "person")
        assert await _reaches(world, connection, APP, "person")


async def test_an_account_finds_only_its_own_platforms(world: World) -> None:
    async with world.role(APP) as connection:
        counting = "SELECT count(*) FROM tsunagari.account_tenant"
        every = await world.owner.fetchval(counting)
        assert every == 2
        assert await _does(connection, counting) == 0
        assert await _does(connection, counting, world.ikoma) == 0
        await connection.execute("BEGIN")
        await connection.execute(f"SET LOCAL app.account = '{account_of(ISSUER, 'ikoma')}'")
        assert await connection.fetchval(counting) == 1
        await connection.execute("COMMIT")
        assert await _does(connection, counting) == 0


@pytest.mark.parametrize(("table", "columns", "values"), [
    ("outbox", "topic, key, created_at", "'t', gen_random_uuid(), now()"),
    ("work_due", "kind, key, due_at", "'k', gen_random_uuid(), now()"),
])  # fmt: skip
async def test_a_request_leaves_work_and_notices_for_its_own_tenant_only(
    world: World, table: str, columns: str, values: str
) -> None:
    leave = f"INSERT INTO {SCHEMA}.{table} (tenant_id, {columns}) VALUES ('{{}}', {values})"
    async with world.role(APP) as connection:
        assert await _does(connection, leave.format(world.ikoma), world.ikoma) == 1
        assert await _does(connection, leave.format(world.takamatsu), world.ikoma) == REFUSED
        assert await _does(connection, leave.format(world.ikoma)) == REFUSED
        assert await _does(connection, f"SELECT count(*) FROM {SCHEMA}.{table}", world.ikoma) == REFUSED


async def test_onboarding_alone_writes_the_register(world: World) -> None:
    suspend = "UPDATE tsunagari.tenant SET status = 'suspended'"
    for role in SERVICES:
        async with world.role(role) as connection:
            assert (await _does(connection, suspend) > 0) == (role == ONBOARDING), role


async def _does(connection: Connection, sql: str, tenant: uuid.UUID | None = None) -> int:
    """The value or the number of rows of a statement in a transaction that is rolled back.

    REFUSED by privilege or row security; CLASHED where only a constraint was in the way.
    """
    await connection.execute("BEGIN")
    try:
        if tenant is not None:
            await connection.execute(f"SET LOCAL app.tenant_id = '{tenant}'")
        if sql.startswith("SELECT"):
            return await connection.fetchval(sql)
        return int((await connection.execute(sql)).rpartition(" ")[2])
    except asyncpg.InsufficientPrivilegeError:
        return REFUSED
    except asyncpg.IntegrityConstraintViolationError:
        return CLASHED
    finally:
        await connection.execute("ROLLBACK")

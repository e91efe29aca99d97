"""Connections that answer reads: whose transaction is open, and what becomes of it when things go wrong."""

import asyncio
import os
import random
import uuid
from collections.abc import AsyncGenerator

import asyncpg
import pytest

from libs.persistence import readers
from libs.persistence.connections import Connection, connect
from libs.persistence.database import Context, Database
from libs.persistence.roles import APP
from tests.stage import server

WHOSE = "SELECT nullif(current_setting('app.tenant_id', true), '')::uuid"
WHICH = "SELECT pg_backend_pid()"
IKOMA, TAKAMATSU = uuid.uuid4(), uuid.uuid4()


@pytest.fixture
async def name() -> AsyncGenerator[str]:
    async with server.cloned(os.environ[server.TEMPLATE]) as cloned:
        yield cloned


@pytest.fixture
async def database(name: str) -> AsyncGenerator[Database]:
    """One connection that reads, unwatched: what is sent here names no tenant and no table."""
    url = server.url_of(name, APP)
    opened = await Database.open(url, name="readers", size=2, connection_class=asyncpg.Connection)
    try:
        yield opened
    finally:
        await opened.close()


@pytest.fixture
async def witness(name: str) -> AsyncGenerator[Connection]:
    connection = await connect(server.url_of(name))
    try:
        yield connection
    finally:
        await connection.close()


async def _whose(database: Database, tenant: uuid.UUID | None) -> uuid.UUID | None:
    return await database.read(Context(tenant), WHOSE, [])


async def test_each_read_is_of_its_own_tenant_whoever_read_before(database: Database) -> None:
    for tenant in (IKOMA, IKOMA, TAKAMATSU, None, IKOMA, None):
        assert await _whose(database, tenant) == tenant


async def test_a_read_can_write_nothing(database: Database) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await database.read(Context(IKOMA), "CREATE TEMPORARY TABLE kept (id int)", [])
    assert await _whose(database, TAKAMATSU) == TAKAMATSU


async def test_after_a_failed_statement_the_same_connection_answers_again(database: Database) -> None:
    first = await database.read(Context(IKOMA), WHICH, [])
    with pytest.raises(asyncpg.DivisionByZeroError):
        await database.read(Context(IKOMA), "SELECT 1 / 0", [])
    assert await database.read(Context(IKOMA), WHICH, []) == first


async def test_a_transaction_that_nobody_uses_is_ended(database: Database, witness: Connection) -> None:
    backend = await database.read(Context(IKOMA), WHICH, [])
    state = None
    for _ in range(200):
        state = await witness.fetchval("SELECT state FROM pg_stat_activity WHERE pid = $1", backend)
        if state == "idle":
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"the transaction stays open: {state}")


async def test_a_read_sees_what_was_committed_while_its_transaction_was_open(
    database: Database, witness: Connection
) -> None:
    count = "SELECT count(*) FROM pg_prepared_statements"
    assert await _whose(database, IKOMA) == IKOMA
    before = await database.read(Context(IKOMA), "SELECT txid_snapshot_xmax(txid_current_snapshot())", [])
    await witness.execute("SELECT txid_current()")
    after = await database.read(Context(IKOMA), "SELECT txid_snapshot_xmax(txid_current_snapshot())", [])
    assert after > before
    assert await database.read(Context(IKOMA), count, []) > 1, "it is the same connection"


async def test_a_connection_that_the_server_ended_is_replaced(
    database: Database, witness: Connection
) -> None:
    backend = await database.read(Context(IKOMA), WHICH, [])
    for _ in range(20):
        await witness.execute("SELECT pg_terminate_backend($1)", backend)
        # whether it has heard of its end yet or not: nobody is answered with it
        await asyncio.sleep(random.choice((0, 0.001, 0.01)))
        ended, backend = backend, await database.read(Context(IKOMA), WHICH, [])
        assert backend != ended


async def test_who_waits_in_line_and_leaves_takes_nobodys_turn(database: Database) -> None:
    slow = asyncio.create_task(database.read(Context(IKOMA), "SELECT pg_sleep(0.2)::text", []))
    await asyncio.sleep(0.02)
    impatient = asyncio.create_task(_whose(database, IKOMA))
    patient = asyncio.create_task(_whose(database, TAKAMATSU))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == TAKAMATSU
    await slow
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_a_cancelled_read_leaves_nothing_of_its_tenant(database: Database) -> None:
    cut_off = asyncio.create_task(database.read(Context(IKOMA), "SELECT pg_sleep(30)::text", []))
    await asyncio.sleep(0.05)
    cut_off.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cut_off
    assert await _whose(database, None) is None


async def test_a_connection_is_replaced_before_it_has_prepared_too_much(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "STATEMENTS_IN_A_LIFE", 5)
    backends = {
        await database.read(Context(IKOMA), f"SELECT pg_backend_pid() + {number} * 0", [])
        for number in range(20)
    }
    assert len(backends) == 4

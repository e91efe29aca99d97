"""A board's changes, told to whoever watches it and may still see it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from libs.persistence.actor import SYSTEM
from tests.stage.cities import Cities
from tests.stage.groups import a_group
from tests.stage.served import Served, served
from tests.stage.tokens import token_of

WATCH = "subscription ($id: ID!) { boardChanged(id: $id) { name hiddenFields } }"
PROTOCOL = Subprotocol("graphql-transport-ws")


@asynccontextmanager
async def watching(platform: Served, who: str, group: str) -> AsyncGenerator[ClientConnection]:
    async with connect(platform.socket_url, subprotocols=[PROTOCOL]) as opened:
        payload = {"authorization": f"Bearer {token_of(who)}", "actingFor": "ikoma"}
        await _say(opened, type="connection_init", payload=payload)
        assert (await _hear(opened))["type"] == "connection_ack"
        subscription = {"query": WATCH, "variables": {"id": group}}
        await _say(opened, id="1", type="subscribe", payload=subscription)
        yield opened


async def test_ines_hears_of_each_change_of_her_board(cities: Cities) -> None:
    group = await a_group(cities, "訪問", "ines")
    async with served(cities.stage) as platform, watching(platform, "ines", group) as socket:
        for _ in range(3):
            await _until_listening(cities)
            await _change(cities, group)
            told = await _hear(socket)
            assert told["payload"] == {"data": {"boardChanged": {"name": "訪問", "hiddenFields": []}}}


async def test_somebody_removed_hears_nothing_more(cities: Cities) -> None:
    group = await a_group(cities, "訪問", "ines")
    async with served(cities.stage) as platform, watching(platform, "ines", group) as socket:
        await _until_listening(cities)
        await _change(cities, group)
        assert (await _hear(socket))["type"] == "next"
        async with cities.stage.sql() as sql:
            await sql.execute(
                "UPDATE tsunagari.membership SET until = now() WHERE person_id = "
                "(SELECT id FROM tsunagari.person WHERE subject = 'ines')"
            )
        await _change(cities, group)
        assert (await _hear(socket))["type"] == "complete"


async def test_a_board_of_another_city_cannot_be_watched(cities: Cities) -> None:
    group = await a_group(cities, "訪問", "ines")
    elsewhere = group[:-4] + "0000"
    async with served(cities.stage) as platform:
        async with watching(platform, "ines", elsewhere) as socket:
            absent = await _hear(socket)
        async with connect(platform.socket_url, subprotocols=[PROTOCOL]) as opened:
            payload = {"authorization": f"Bearer {token_of('ueda')}", "actingFor": "takamatsu"}
            await _say(opened, type="connection_init", payload=payload)
            await _hear(opened)
            asked = {"query": WATCH, "variables": {"id": group}}
            await _say(opened, id="1", type="subscribe", payload=asked)
            hidden = await _hear(opened)
    assert absent["type"] == "error"
    assert absent == hidden, "hidden must be as absent"


async def _until_listening(cities: Cities) -> None:
    """The watcher's right was read and its notice is awaited once a statement of it has been seen."""
    async with cities.stage.sql() as sql:
        while not await sql.fetchval(  # noqa: ASYNC110 - PostgreSQL has no event for it
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tsunagari-notices' "
            "AND query LIKE 'LISTEN%' AND datname = current_database()"
        ):
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)


async def _change(cities: Cities, group: str) -> None:
    async with cities.stage.sql() as sql:
        tenant = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
    async with cities.stage.database() as database, database.work(tenant, SYSTEM) as work:
        import uuid

        work.tell("board", uuid.UUID(group.partition("_")[2].rpartition("_")[2]))


async def _say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def _hear(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(10):
        heard: dict[str, Any] = json.loads(await socket.recv())
        return heard

"""Whoever watches a board or their own inbox is woken, and reads by that the group and kinds of notices."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from graphql import GraphQLObjectType

from services.platform.app import registry
from tests.channels.marks import found
from tests.channels.ways import Scene
from tests.channels.wide import selection
from tests.channels.world import World
from tests.referrals import documents as said
from tests.stage.served import Served, served
from tests.stage.tokens import token_of

WATCHING: Final = ("ines", "nao", "hana", "kato", "mori")
INBOX: Final = "{ inbox { id } }"


def _document(name: str, type_name: str) -> str:
    """With all that the type holds."""
    of = registry().schema.type_map[type_name]
    assert isinstance(of, GraphQLObjectType)
    return f"subscription ($id: ID!) {{ {name}(id: $id) {{ {selection(of, 1)} }} }}"


@dataclass
class Watching:
    """One stream and what came in it."""

    who: str
    heard: list[str] = field(default_factory=list[str])

    async def listen(self, response: httpx.Response) -> None:
        async for line in response.aiter_lines():
            if line.startswith("data:") and '"data"' in line:
                self.heard.append(line)


async def test_a_watcher_is_woken_and_told_nothing_of_the_referral(quiet_world: World) -> None:
    world = quiet_world
    async with served(world.cities.stage) as platform, AsyncExitStack() as stack:
        streams: list[Watching] = []
        for who in WATCHING:
            board = {"query": _document("boardChanged", "WorkingGroup")}
            group = world.cast.groups["open"]
            streams.append(await stack.enter_async_context(_watching(platform, who, board, group)))
        inbox = (await world.person("ines").ask(INBOX)).data["inbox"]["id"]
        asked = {"query": _document("inboxChanged", "Inbox")}
        streams.append(await stack.enter_async_context(_watching(platform, "ines", asked, inbox)))
        told = await world.tell(Scene("open_board", "sent", "zzc"))
        async with asyncio.timeout(30):
            while not all(stream.heard for stream in streams):
                noted = await world.person("hana").do(said.NOTE, id=told.referral, body="zqnote_zzc")
                assert noted["__typename"] == "NotePayload", noted
    for stream in streams:
        assert not found("\n".join(stream.heard)), stream.who


@asynccontextmanager
async def _watching(platform: Served, who: str, asked: dict[str, Any], of: str) -> AsyncGenerator[Watching]:
    """As a browser's EventSource does."""
    headers = {
        "Authorization": f"Bearer {token_of(who)}",
        "Tsunagari-Acting-For": "ikoma",
        "accept": "text/event-stream",
    }
    made, body = Watching(who), {**asked, "variables": {"id": of}}
    async with (
        httpx.AsyncClient(timeout=None) as client,
        client.stream("POST", platform.url, json=body, headers=headers) as response,
    ):
        assert response.status_code == 200, json.dumps(body)
        listening = asyncio.create_task(made.listen(response))
        yield made
        listening.cancel()

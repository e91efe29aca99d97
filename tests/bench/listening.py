"""Many listeners over graphql-transport-ws in a process of its own (`python -m tests.bench.listening`).

Reads a plan from standard input, says `ready` once every listener has heard its board's first change, listens
until standard input ends, and writes what each heard, and when, by the clock that all processes share.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PROTOCOL: Final = Subprotocol("graphql-transport-ws")
AT_ONCE: Final = 20


@dataclass(slots=True)
class Listener:
    """One person on one board; `heard`: titles of the newest posts, and when they came."""

    plan: dict[str, Any]
    heard: list[tuple[list[str], float]] = field(default_factory=list[tuple[list[str], float]])
    first: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, url: str, query: str, opening: asyncio.Semaphore, opened: asyncio.Event) -> None:
        async with opening:
            socket = await connect(url, subprotocols=[PROTOCOL], compression=None, max_queue=None)
            await _say(socket, type="connection_init", payload=self.plan["payload"])
            await socket.recv()
            subscription = {"query": query, "variables": {"id": self.plan["group"]}}
            await _say(socket, id="1", type="subscribe", payload=subscription)
        opened.set()
        try:
            async for message in socket:
                self._take(json.loads(message))
        finally:
            await socket.close()

    def _take(self, message: dict[str, Any]) -> None:
        now = time.monotonic()
        if message["type"] in {"error", "complete"}:
            raise RuntimeError(f"a listener was told to stop: {message}")
        if message["type"] == "next":
            posts = message["payload"]["data"]["boardChanged"]["posts"]["nodes"]
            self.heard.append(([post["title"] for post in posts], now))
            self.first.set()


async def main() -> None:
    plan = json.loads(sys.stdin.readline())
    listeners = [Listener(each) for each in plan["listeners"]]
    opening = asyncio.Semaphore(AT_ONCE)
    opened = [asyncio.Event() for _ in listeners]
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(each.listen(plan["url"], plan["query"], opening, event))
            for each, event in zip(listeners, opened, strict=True)
        ]
        await asyncio.gather(*(event.wait() for event in opened))
        _tell("opened")
        await asyncio.gather(*(each.first.wait() for each in listeners))
        _tell("ready")
        await asyncio.to_thread(sys.stdin.read)
        for each in running:
            each.cancel()
    json.dump([each.heard for each in listeners], sys.stdout)


def _tell(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def _say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


if __name__ == "__main__":
    asyncio.run(main())

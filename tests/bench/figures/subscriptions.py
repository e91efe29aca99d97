"""Whether everybody who watches a board hears of every change, how soon, and of nothing else."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from libs.persistence.database import Database
from libs.persistence.roles import APP
from tests.bench import costs
from tests.bench.boards import GOVERNMENT, TITLE, Board, boards, forget, keep_changing
from tests.bench.loading import WrongAnswer
from tests.bench.run import Figures, LeftOut, Run
from tests.bench.sides import Asker, Ours, worker
from tests.stage import tokens
from tests.stage.server import url_of

WATCH: Final = """subscription Board($id: ID!) { boardChanged(id: $id) {
  id name posts(first: 2) { nodes { title } } } }"""
BOARDS: Final = 50
LISTENERS: Final = 20
CHANGES: Final = 20.0
SECONDS: Final = 20.0
SETTLING: Final = 3.0
LAST_WORDS: Final = 10.0
"""Seconds for what is still on its way when the changes end."""
Heard = list[tuple[list[str], float]]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one listener: for each change the seconds until it or a later one was seen."""

    waited: list[float | None]


async def subscription(run: Run) -> Figures:
    """1,000 listeners on 50 boards of 20 tenants, 20 changes a second, for at least 20 seconds."""
    database, seconds = await run.nation(), max(SECONDS, run.options.seconds)
    watched = await boards(database, run.cities(), *((6, 5) if run.options.small else (BOARDS, LISTENERS)))
    if not watched:
        raise LeftOut("no board has enough people")
    running = await run.started(Ours(), database)
    meter, opened = costs.Meter(running.pid), await Database.open(url_of(database, APP), name="bench", size=6)
    try:
        async with worker(database, run.folder):
            heard = await _listen(running.port, watched, opened, seconds)
    finally:
        await opened.close()
        await forget(database)
    figures = _figures(watched, heard)
    received = sum(len(each) for each in heard)
    return {"subscription": figures | {"messages": received, "server_us_each": meter.spent_on(received)}}


async def _listen(port: int, watched: Sequence[Board], database: Database, seconds: float) -> list[Heard]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.listening"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**30,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(_plan(port, watched)).encode() + b"\n")
    await _said(process.stdout, b"opened\n")
    await asyncio.sleep(SETTLING)
    await asyncio.gather(*(board.change(database) for board in watched))
    await _said(process.stdout, b"ready\n")
    await keep_changing(database, watched, CHANGES, seconds)
    await asyncio.sleep(LAST_WORDS)
    process.stdin.close()
    told = await process.stdout.read()
    await process.wait()
    return json.loads(told)


async def _said(stream: asyncio.StreamReader, word: bytes) -> None:
    async with asyncio.timeout(120):
        if await stream.readline() != word:
            raise WrongAnswer("the listeners ended before they began")


def _plan(port: int, watched: Sequence[Board]) -> dict[str, Any]:
    return {
        "url": f"ws://127.0.0.1:{port}/graphql",
        "query": WATCH,
        "listeners": [
            {
                "group": f"working_group_{board.group}",
                "payload": {
                    "authorization": f"Bearer {tokens.token_of(each.subject, lifetime=3_600)}",
                    "actingFor": Asker(board.city).city.slug,
                },
            }
            for board in watched
            for each in board.seated
        ],
    }


def _figures(watched: Sequence[Board], heard: Sequence[Heard]) -> Figures:
    listening = [(board, each) for board in watched for each in board.seated]
    waited: list[float | None] = []
    for (board, person), messages in zip(listening, heard, strict=True):
        for titles, _ in messages:
            refuse_leak(person.kind, titles)
        # the first change only showed that everybody listens, and waited for the worker to start
        waited += waits(board.committed, messages)[1:]
    came = sorted(each for each in waited if each is not None)
    return {
        "delivered": round(len(came) / len(waited), 6),
        "p99_s": round(came[int(len(came) * 0.99)], 4),
        "p50_s": round(came[len(came) // 2], 4),
        "listeners": len(listening),
        "boards": len(watched),
        "tenants": len({board.city.tenant_id for board in watched}),
        "changes": sum(len(board.committed) - 1 for board in watched),
    }


def waits(committed: Sequence[float], messages: Heard) -> list[float | None]:
    """For each change: seconds from its commit until this listener was shown it or a later one."""
    found: list[float | None] = []
    place = 0
    for number, at in enumerate(committed):
        while place < len(messages) and newest(messages[place][0]) < number:
            place += 1
        found.append(max(0.0, messages[place][1] - at) if place < len(messages) else None)
    return found


def newest(titles: Sequence[str]) -> int:
    """The number of the newest change that the message shows."""
    return max((int(title.rpartition(" ")[2]) for title in titles if title.startswith(TITLE)), default=-1)


def refuse_leak(kind: str, titles: Sequence[str]) -> None:
    """Raises WrongAnswer where a message shows another kind's posts, or withholds one's own."""
    public = any(title.startswith(f"{TITLE} public") for title in titles)
    if public != (kind == GOVERNMENT):
        raise WrongAnswer(f"somebody of kind {kind} was shown {titles}")

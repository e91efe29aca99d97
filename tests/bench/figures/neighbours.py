"""Whether one tenant that floods slows the others."""

import dataclasses
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Final

import msgspec

from libs.persistence.connections import connect
from services.platform.settings import Settings
from tests.bench import questions
from tests.bench.answers import answered
from tests.bench.figures.pages import rounded
from tests.bench.loading import Asking, Measured, load, request
from tests.bench.nation import City, reference
from tests.bench.processes import Running
from tests.bench.run import Figures, LeftOut, Options, Run
from tests.bench.sides import Asker, Ours
from tests.stage.server import url_of

QUIET_TENANTS: Final = 8
FLOODING: Final = 64
PAUSE: Final = 0.02
"""Seconds that a reader of a quiet tenant looks at a page."""
BOARDS_A_SECOND: Final = 60
"""What one tenant may have; a quiet one, with one reader at a time, stays far below."""


async def noisy_neighbour(run: Run) -> Figures:
    """The same closed loop of eight tenants, alone and while a ninth sends all it can on 64 connections."""
    if "terms" not in {field.name for field in dataclasses.fields(Settings)}:
        raise LeftOut("this product has no rates by cost yet (TSUNAGARI_TENANT_COST_PER_SECOND)")
    database, (loud, *quiet) = await run.nation(), _chosen(run.cities())
    cost = await _cost(run, database, loud)
    running = await run.started(Ours(_rates(cost)), database, apart="rates")
    calm = {"quiet": replace(await _asking(database, running, quiet), connections=QUIET_TENANTS, pause=PAUSE)}
    flood = replace(await _asking(database, running, [loud]), connections=FLOODING, may_fail=True)
    contenders = {
        "quiet": partial(_round, running, calm, run.options),
        "flooded": partial(_round, running, calm | {"flood": flood}, run.options),
    }
    rounds = await run.interleaved("noisy_neighbour", contenders)
    rate = {name: median(each["quiet"].per_second for each in told) for name, told in rounds.items()}
    details = {
        "per_second": rate,
        "flood": [rounded(each["flood"]) for each in rounds["flooded"]],
        "rounds": {name: [rounded(each["quiet"]) for each in told] for name, told in rounds.items()},
    }
    return {
        "noisy_neighbour": round(rate["flooded"] / rate["quiet"], 3),
        "details": {"noisy_neighbour": details},
    }


async def _round(running: Running, kinds: dict[str, Asking], options: Options) -> dict[str, Measured]:
    return await load(running.port, kinds, options.seconds, warm_up=max(1, options.warm_up // QUIET_TENANTS))


def _rates(cost: int) -> dict[str, str]:
    return {
        "TSUNAGARI_TENANT_COST_PER_SECOND": str(cost * BOARDS_A_SECOND),
        "TSUNAGARI_TENANT_BURST_SECONDS": "1",
        "TSUNAGARI_PERSON_PERCENT": "100",
    }


def _chosen(cities: Sequence[City]) -> list[City]:
    """The reference, which floods, and others of all sizes."""
    own = reference(cities)
    others = [city for city in cities if city is not own]
    return [own, *others[:: max(1, len(others) // QUIET_TENANTS)][:QUIET_TENANTS]]


async def _asking(database: str, running: Running, cities: Sequence[City]) -> Asking:
    """Each tenant's first board, in turn."""
    side = Ours()
    asked: list[bytes] = []
    for city in cities:
        body = msgspec.json.encode((await _board(database, city)).body(side.name))
        asked.append(request(running.port, body, side.headers(Asker(city))))
    return Asking(asked, 1, needle="board")


async def _board(database: str, city: City) -> questions.Question:
    sql = await connect(url_of(database))
    try:
        return questions.board(str(await sql.fetchval(FIRST_GROUP, city.tenant_id)))
    finally:
        await sql.close()


async def _cost(run: Run, database: str, city: City) -> int:
    running, side = await run.started(Ours(), database), Ours()
    body = (await _board(database, city)).body(side.name)
    return (await answered(running.port, body, side.headers(Asker(city)))).cost


FIRST_GROUP: Final = "SELECT id FROM tsunagari.working_group WHERE tenant_id = $1 ORDER BY id LIMIT 1"

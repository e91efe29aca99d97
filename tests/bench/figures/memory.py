"""What tenants' own policies cost a process in memory."""

import asyncio
from collections.abc import Sequence

import msgspec

from tests.bench import costs, questions
from tests.bench.loading import Asking, load, request
from tests.bench.nation import City
from tests.bench.overriding import published
from tests.bench.run import Figures, Run
from tests.bench.sides import Asker, Ours

CONNECTIONS = 4
SETTLING = 2.0


async def overrides_mb(run: Run) -> Figures:
    """Resident megabytes more of a process that served every tenant under a policy of its own."""
    database, cities = await run.nation(), run.cities()
    async with published(database, cities):
        own = await _served(run, database, cities, "own policies")
    plain = await _served(run, database, cities, "baseline")
    return {
        "overrides_mb": round(own - plain, 1),
        "details": {"overrides_mb": {"own_policies": own, "baseline": plain, "tenants": len(cities)}},
    }


async def _served(run: Run, database: str, cities: Sequence[City], apart: str) -> float:
    side, question = Ours(), questions.directory()
    running = await run.started(side, database, apart=apart)
    body = msgspec.json.encode(question.body(side.name))
    asked = [request(running.port, body, side.headers(Asker(city))) for city in cities]
    kinds = {"every tenant": Asking(asked, CONNECTIONS, once=True)}
    await load(running.port, kinds, 3_600, warm_up=0)
    await asyncio.sleep(SETTLING)
    return round(costs.resident_mb(running.pid), 1)

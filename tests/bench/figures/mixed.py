"""A working day: twenty pages of a board are read for each referral that is accepted, all at once."""

from functools import partial
from itertools import chain
from statistics import median
from typing import Final

import msgspec

from tests.bench import costs
from tests.bench.accepting import Referrals, id_of, referrals
from tests.bench.figures.mutations import accepting
from tests.bench.figures.pages import board_question, rounded
from tests.bench.loading import Asking, Measured, WrongAnswer, load, request
from tests.bench.nation import reference
from tests.bench.processes import Running
from tests.bench.run import Figures, Run
from tests.bench.sides import Asker, Ours

CONNECTIONS: Final = 16
READS: Final = 20
A_SECOND: Final = 60
"""Acceptances for each second that a round should last."""
A_STATE: Final = '"state":"'
"""Right answers of both kinds have one, refusals none; whether all were accepted, the rows say."""


async def mixed(run: Run) -> Figures:
    """Requests of both kinds a second, and the time within which 99 of 100 were answered, in milliseconds."""
    database, count = await run.nation(), max(2, round(A_SECOND * run.options.seconds))
    page = msgspec.json.encode((await board_question(run)).body(Ours.name))
    async with referrals(database, run.cities()) as made:
        running = await run.started(Ours(), database)
        reading = request(running.port, page, Ours().headers(Asker(reference(run.cities()))))
        measure = partial(_round, running, made, reading, count)
        told = (await run.interleaved("mixed", {"ours": measure}))["ours"]
    per_second = median(each.per_second for each in told)
    return {
        "mixed": {
            "board_rps": round(per_second * READS / (READS + 1)),
            "accept_rps": round(per_second / (READS + 1)),
            "p99": round(median(each.p99_ms for each in told), 2),
            "connections": CONNECTIONS,
            "server_us": round(median(each.server_us for each in told)),
            "database_us": round(median(each.database_us for each in told)),
            "rounds": {"ours": [rounded(each) for each in told]},
        }
    }


async def _round(running: Running, made: Referrals, reading: bytes, count: int) -> Measured:
    """Raises WrongAnswer where something that was to be accepted was not."""
    numbers = await made.more(count)
    writing = accepting(running, made, numbers)
    asked = list(chain.from_iterable((*[reading] * READS, each) for each in writing))
    kinds = {"mixed": Asking(asked, CONNECTIONS, needle=A_STATE, once=True)}
    meter = costs.Meter(running.pid)
    told = (await load(running.port, kinds, 3_600, warm_up=0))["mixed"]
    if (found := await made.accepted(numbers)) != count:
        raise WrongAnswer(f"{found} of {count} were accepted, from {id_of(numbers.start)} on")
    return meter.read(told, told.answers)

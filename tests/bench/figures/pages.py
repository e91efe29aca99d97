"""Pages that people open, against the peers and the database's own limit."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from typing import Any

import msgspec

from libs.persistence.connections import connect
from tests.bench import costs, questions
from tests.bench.answers import answered, plain, refuse_difference
from tests.bench.explaining import plan_of
from tests.bench.limit import Statement, reads_per_second, statement_of
from tests.bench.loading import Asking, Measured, load, request
from tests.bench.nation import reference
from tests.bench.processes import Running
from tests.bench.questions import Question
from tests.bench.run import Figures, Options, Run
from tests.bench.sides import Asker, Ours, Side
from tests.stage.server import url_of

CONNECTIONS = 8
MANY = 64
CARDS = "SELECT id FROM tsunagari.referral WHERE tenant_id = $1 AND working_group_id = $2"
MEMBERSHIP = """SELECT organisation_id FROM tsunagari.membership m JOIN tsunagari.person p
  ON p.tenant_id = m.tenant_id AND p.id = m.person_id WHERE m.tenant_id = $1 AND p.subject = $2"""
GROUPS = """SELECT array_agg(working_group_id ORDER BY id) FROM tsunagari.seat
  WHERE tenant_id = $1 AND organisation_id = $2"""


@dataclass(frozen=True, slots=True)
class Ready:
    """A side that runs, and the request of the page with the length that the right answer has."""

    side: Side
    running: Running
    asking: bytes
    length: int

    async def round(self, connections: int, options: Options) -> Measured:
        kinds = {"page": Asking([self.asking], connections, length=self.length)}
        meter = costs.Meter(self.running.pid)
        warm_up = max(1, options.warm_up // connections)
        told = (await load(self.running.port, kinds, options.seconds, warm_up=warm_up))["page"]
        return meter.read(told, told.answers + warm_up * connections)


async def board_page(run: Run) -> Figures:
    return await _page(run, await board_question(run), CONNECTIONS)


async def board_page_64(run: Run) -> Figures:
    return await _page(run, await board_question(run), MANY, "board_page_64")


async def referral_by_id(run: Run) -> Figures:
    return await _page(run, await referral_question(run), CONNECTIONS)


async def directory_page(run: Run) -> Figures:
    return await _page(run, questions.directory(), CONNECTIONS)


async def my_groups(run: Run) -> Figures:
    return await _page(run, await groups_question(run), CONNECTIONS)


async def board_question(run: Run) -> Question:
    """The board of the reference tenant's first group."""
    return questions.board(str(await _first_group(run)))


async def referral_question(run: Run) -> Question:
    """The newest card of that board."""
    tenant = reference(run.cities()).tenant_id
    newest = await _one(run, f"{CARDS} ORDER BY id DESC LIMIT 1", tenant, await _first_group(run))
    return questions.referral_by_id(str(tenant), str(newest))


async def groups_question(run: Run) -> Question:
    tenant = reference(run.cities()).tenant_id
    organisation = await _one(run, MEMBERSHIP, tenant, Asker(reference(run.cities())).subject)
    groups = await _one(run, GROUPS, tenant, organisation)
    return questions.my_groups(str(organisation), [str(group) for group in groups])


async def _first_group(run: Run) -> uuid.UUID:
    groups = "SELECT id FROM tsunagari.working_group WHERE tenant_id = $1 ORDER BY id LIMIT 1"
    return await _one(run, groups, reference(run.cities()).tenant_id)


async def _one(run: Run, sql: str, *arguments: object) -> Any:
    connection = await connect(url_of(await run.nation()))
    try:
        return await connection.fetchval(sql, *arguments)
    finally:
        await connection.close()


async def _page(run: Run, question: Question, connections: int, name: str | None = None) -> Figures:
    name = name or question.name
    database, asker = await run.nation(), Asker(reference(run.cities()))
    sides = await ready(run, database, question, asker, (Ours(), *run.peers))
    statement = await statement_of(database, question, asker)
    file = run.folder / f"{name}.plan.txt"
    await asyncio.to_thread(file.write_text, await plan_of(database, statement), "utf-8")
    contenders = {one.side.name: partial(one.round, connections, run.options) for one in sides}
    contenders["limit"] = partial(limit_round, database, statement, connections, run.options.seconds)
    rounds = await run.interleaved(name, contenders)
    return {
        name: {
            **ratios(rounds),
            "connections": connections,
            "answer_bytes": {one.side.name: one.length for one in sides},
        }
    }


async def limit_round(database: str, statement: Statement, connections: int, seconds: float) -> Measured:
    """pgbench's rate in the form of the others'."""
    rate = await reads_per_second(database, statement, connections, seconds)
    return Measured(round(rate * seconds), rate, 0.0, 0.0, 0.0, 0)


def ratios(rounds: Mapping[str, Sequence[Measured]]) -> Figures:
    """Ours against each other by the medians of throughput, against the peers by that of p99 too."""
    rate = {name: median(each.per_second for each in told) for name, told in rounds.items()}
    p99 = {name: median(each.p99_ms for each in told) for name, told in rounds.items()}
    others = [name for name in rounds if name != "ours"]
    return {
        **{f"vs_{name}": round(rate["ours"] / rate[name], 3) for name in others},
        **{f"p99_vs_{name}": round(p99["ours"] / p99[name], 3) for name in others if p99[name]},
        "per_second": {name: round(each) for name, each in rate.items()},
        "p99_ms": {name: round(each, 2) for name, each in p99.items() if each},
        **{
            name: {
                side: round(median(getattr(each, name) for each in told))
                for side, told in rounds.items()
                if side != "limit"
            }
            for name in ("client_us", "server_us", "database_us")
        },
        "rounds": {name: [rounded(each) for each in told] for name, told in rounds.items()},
    }


def rounded(measured: Measured) -> dict[str, float]:
    return {name: round(value, 2) for name, value in asdict(measured).items()}


async def ready(
    run: Run, database: str, question: Question, asker: Asker, sides: Sequence[Side]
) -> list[Ready]:
    """Raises WrongAnswer where a side's answer holds other content than the first one's."""
    found: list[Ready] = []
    expected: Any = None
    for side in sides:
        running = await run.started(side, database)
        headers, body = side.headers(asker), question.body(side.name)
        answer = await answered(running.port, body, headers)
        said = plain(question.shaped(side.name, answer.data))
        if expected is None:
            expected = said
        refuse_difference(side.name, expected, said)
        asking = request(running.port, msgspec.json.encode(body), headers)
        found.append(Ready(side, running, asking, answer.length))
    return found

"""A mutation against pgbench running the same writes."""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any, Final

import msgspec

from tests.bench import costs
from tests.bench.accepting import NUMBER, Accepter, Referrals, id_of, referrals
from tests.bench.figures.pages import CONNECTIONS, rounded
from tests.bench.limit import pgbench
from tests.bench.loading import Asking, Measured, load, request
from tests.bench.processes import Running
from tests.bench.recording import Sent, recorded_on
from tests.bench.run import Figures, Run
from tests.bench.sides import Ours
from tests.bench.writing import as_script, quoted

ACCEPT: Final = """mutation Accept($input: AcceptReferralInput!) { acceptReferral(input: $input) {
  __typename ... on ReferralPayload { referral { id state version } } ... on UserError { en } } }"""
ACCEPTED: Final = "ACCEPTED"
A_SECOND: Final = 500
"""Referrals for each second that a round should last; both sides accept as many."""


async def accept_referral(run: Run) -> Figures:
    """Over HTTP, and the statements of its Work by pgbench; viewer and payload are ours to read besides."""
    database, count = await run.nation(), max(CONNECTIONS, round(A_SECOND * run.options.seconds))
    async with referrals(database, run.cities()) as made:
        writes = await recorded_writes(database, made)
        running = await run.started(Ours(), database)
        contenders = {
            "ours": partial(over_http, running, made, count),
            "limit": partial(over_pgbench, database, made, writes, count),
        }
        rounds = await run.interleaved("accept_referral", contenders)
    rate = {name: median(each.per_second for each in told) for name, told in rounds.items()}
    return {
        "accept_referral": {
            "vs_limit": round(rate["ours"] / rate["limit"], 3),
            "per_second": {name: round(each) for name, each in rate.items()},
            "server_us": round(median(each.server_us for each in rounds["ours"])),
            "database_us": round(median(each.database_us for each in rounds["ours"])),
            "statements": [each.sql for each in writes],
            "rounds": {name: [rounded(each) for each in told] for name, told in rounds.items()},
        }
    }


async def recorded_writes(database: str, made: Referrals) -> list[Sent]:
    """What the product sends for one acceptance today: recorded, so that it is never an old list."""
    number = (await made.more(1))[0]
    who = made.accepter(number).asker
    async with recorded_on(database) as (stage, recorded):
        person = stage.person(who.subject, who.city.slug)
        said = await person.do(ACCEPT, id=f"referral_{id_of(number)}", version=1)
        if said["__typename"] != "ReferralPayload":
            raise RuntimeError(f"it was not accepted: {said}")
        return recorded.last_work()


async def over_http(running: Running, made: Referrals, count: int) -> Measured:
    asked = accepting(running, made, await made.more(count))
    kinds = {"accept": Asking(asked, CONNECTIONS, needle=ACCEPTED, once=True)}
    meter = costs.Meter(running.pid)
    told = (await load(running.port, kinds, 3_600, warm_up=0))["accept"]
    return meter.read(told, told.answers)


def accepting(running: Running, made: Referrals, numbers: range) -> list[bytes]:
    """A request for each of them, by the desk that it was sent to."""
    side = Ours()
    headers = {id(one): side.headers(one.asker) for one in made.accepters}
    return [request(running.port, _body(each), headers[id(made.accepter(each))]) for each in numbers]


def _body(number: int) -> bytes:
    input_: dict[str, Any] = {"id": f"referral_{id_of(number)}", "version": 1}
    return msgspec.json.encode({"query": ACCEPT, "variables": {"input": input_}})


async def over_pgbench(database: str, made: Referrals, writes: Sequence[Sent], count: int) -> Measured:
    each = count // CONNECTIONS
    numbers = await made.more(each * CONNECTIONS)
    script = as_script(writes, _varying(made.accepter(0)))
    given = [f"-D{name}={value}" for name, value in script.given.items()]
    counted = ("-D", f"first={numbers.start}", "-D", "i=0", "-t", str(each))
    rate = await pgbench(database, _transaction(made, script.text), CONNECTIONS, *counted, *given)
    if await made.accepted(numbers) != len(numbers):
        raise RuntimeError("pgbench's writes are not those of the product: referrals are left as they were")
    return Measured(each * CONNECTIONS, rate, 0.0, 0.0, 0.0, 0)


def _transaction(made: Referrals, writes: str) -> str:
    """Each takes its client's next number; the statement that sets the tenant reads whose number it is."""
    tenants, columns = len(made.accepters), "tenant, person, organisation, sender, working_group"
    rows = ", ".join(_row(place, one) for place, one in enumerate(made.accepters))
    found = f"FROM (VALUES {rows}) AS one (place, {columns}) WHERE place = :place"
    lines = (
        f"\\set n :first + :client_id + {CONNECTIONS} * :i",
        "\\set i :i + 1",
        f"\\set place (:n / {tenants} + :n) % {tenants}",
        "BEGIN READ WRITE;",
        f"SELECT set_config('app.tenant_id', tenant, true) AS kept, {columns} {found} \\gset",
        writes,
        "COMMIT;",
    )
    return "\n".join((*lines, ""))


def _row(place: int, one: Accepter) -> str:
    ids = (one.asker.city.tenant_id, one.person, one.organisation, one.sender, one.group)
    return f"({place}, {', '.join(quoted(str(each)) for each in ids)})"


def _varying(recorded: Accepter) -> Mapping[uuid.UUID, str]:
    """What stands for the ids of the one whose acceptance was recorded."""
    return {
        id_of(0): NUMBER,
        recorded.asker.city.tenant_id: ":tenant::uuid",
        recorded.person: ":person::uuid",
        recorded.organisation: ":organisation::uuid",
        recorded.sender: ":sender::uuid",
        recorded.group: ":working_group::uuid",
    }

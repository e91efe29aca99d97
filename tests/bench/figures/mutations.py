"""A mutation against pgbench running the same writes."""

from collections.abc import Sequence
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
    side = Ours()
    headers = {id(one): side.headers(one.asker) for one in made.accepters}
    asked = [
        request(running.port, _body(number), headers[id(made.accepter(number))])
        for number in await made.more(count)
    ]
    kinds = {"accept": Asking(asked, CONNECTIONS, needle=ACCEPTED, once=True)}
    meter = costs.Meter(running.pid)
    told = (await load(running.port, kinds, 3_600, warm_up=0))["accept"]
    return meter.read(told, told.answers)


def _body(number: int) -> bytes:
    input_: dict[str, Any] = {"id": f"referral_{id_of(number)}", "version": 1}
    return msgspec.json.encode({"query": ACCEPT, "variables": {"input": input_}})


async def over_pgbench(database: str, made: Referrals, writes: Sequence[Sent], count: int) -> Measured:
    each = count // CONNECTIONS
    numbers = await made.more(each * CONNECTIONS)
    given = ("-D", f"first={numbers.start}", "-D", "i=0", "-t", str(each))
    rate = await pgbench(database, _script(made, writes), CONNECTIONS, *given)
    if await made.accepted(numbers) != len(numbers):
        raise RuntimeError("pgbench's writes are not those of the product: referrals are left as they were")
    return Measured(each * CONNECTIONS, rate, 0.0, 0.0, 0.0, 0)


def _script(made: Referrals, writes: Sequence[Sent]) -> str:
    """Each transaction takes the next number of its client, and says what its number's tenant says."""
    tenants = len(made.accepters)
    lines = [
        f"\\set n :first + :client_id + {CONNECTIONS} * :i",
        "\\set i :i + 1",
        f"\\set place (:n / {tenants} + :n) % {tenants}",
    ]
    for place, one in enumerate(made.accepters):
        lines += [
            f"\\{'elif' if place else 'if'} :place = {place}",
            _transaction(made.accepter(0), one, writes),
        ]
    return "\n".join([*lines, "\\endif", ""])


def _transaction(recorded: Accepter, one: Accepter, writes: Sequence[Sent]) -> str:
    known = {
        id_of(0): NUMBER,
        recorded.asker.city.tenant_id: quoted(str(one.asker.city.tenant_id)),
        recorded.person: quoted(str(one.person)),
        recorded.organisation: quoted(str(one.organisation)),
        recorded.group: quoted(str(one.group)),
    }
    tenant = f"SET LOCAL app.tenant_id = '{one.asker.city.tenant_id}';"
    return "\n".join(["BEGIN READ WRITE;", tenant, as_script(writes, known), "COMMIT;"])

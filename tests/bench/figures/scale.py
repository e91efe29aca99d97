"""Whether a tenant's board is as quick among 1,788 tenants as among ten."""

from functools import partial
from statistics import median

from tests.bench.figures.pages import CONNECTIONS, board_question, ready, rounded
from tests.bench.nation import reference
from tests.bench.run import Figures, Run
from tests.bench.sides import Asker, Ours


async def tenants_1788_vs_10(run: Run) -> Figures:
    """The same tenant with the same rows in two databases of one server, each with a service of its own."""
    question, asker = await board_question(run), Asker(reference(run.cities()))
    databases = {"1788": await run.nation(), "10": await run.few()}
    served = {
        name: (await ready(run, database, question, asker, (Ours(),)))[0]
        for name, database in databases.items()
    }
    contenders = {name: partial(one.round, CONNECTIONS, run.options) for name, one in served.items()}
    rounds = await run.interleaved("tenants_1788_vs_10", contenders)
    rate = {name: median(each.per_second for each in told) for name, told in rounds.items()}
    details = {
        "per_second": rate,
        "rounds": {name: [rounded(each) for each in told] for name, told in rounds.items()},
    }
    return {
        "tenants_1788_vs_10": round(rate["1788"] / rate["10"], 3),
        "details": {"tenants_1788_vs_10": details},
    }

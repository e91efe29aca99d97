"""What the policy costs a request: the decision from memory, and the first one after a change."""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from statistics import median
from typing import Any, Final

from libs.persistence.connections import connect
from libs.persistence.database import Database
from libs.persistence.roles import APP
from libs.policy.rules import Policy
from libs.reading.bounds import Limits
from libs.reading.documents import Document, Documents
from libs.reading.engine import Engine
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewer import Viewer
from libs.tenancy.viewers import Address, Viewers
from services.platform.app import registry
from services.platform.relations import RELATIONS
from tests.bench.figures.pages import board_question
from tests.bench.nation import reference
from tests.bench.overriding import ON_THE_BOARD, changes, publish, published
from tests.bench.run import Figures, LeftOut, Run
from tests.bench.sides import Asker
from tests.stage.server import url_of
from tests.stage.tokens import ISSUER

WARM: Final = 2_000
CHANGES: Final = 20


async def decision(run: Run) -> Figures:
    """Warm: grants and plan by memory. Cold: a policy never seen is loaded, and the page planned anew."""
    question, asker = await board_question(run), Asker(reference(run.cities()))
    document = Documents(registry().schema, Limits()).find(question.documents["ours"])
    async with _opened(await run.nation()) as database:
        deciding = _Deciding(database, document, question.variables["ours"], asker)
        warm = [await deciding.warm() for _ in range(run.options.rounds)]
        cold = await _cold(run, deciding, asker)
    return {
        "decision_us": round(median(warm), 2),
        **({"cold_decision_ms": round(median(cold), 2)} if cold else {}),
        "details": {"decision_us": warm, "cold_decision_ms": cold},
    }


async def _cold(run: Run, deciding: "_Deciding", asker: Asker) -> list[float]:
    """After each of many publications, the first decision."""
    sql = await connect(url_of(await run.nation()))
    times: list[float] = []
    try:
        async with published(await run.nation(), [asker.city]):
            on_the_page = [line for line in changes() if line["object"] in ON_THE_BOARD]
            for line in on_the_page[:CHANGES]:
                await publish(sql, [asker.city], iter([line]))
                times.append(await deciding.cold())
    except LeftOut as reason:
        run.console.print(f"cold_decision_ms is left out: {reason}")
    finally:
        await sql.close()
    return times


@asynccontextmanager
async def _opened(database: str) -> AsyncGenerator[Database]:
    opened = await Database.open(url_of(database, APP), name="bench", size=2)
    try:
        yield opened
    finally:
        await opened.close()


class _Deciding:
    """One page's decisions in this process, by an engine like the service's."""

    def __init__(
        self, database: Database, document: Document, variables: dict[str, Any], asker: Asker
    ) -> None:
        self._database = database
        self._asker = asker
        self._document = document
        self._variables = variables
        self._engine = Engine(registry(), RELATIONS, Policy.baseline(), database)

    async def warm(self) -> float:
        """Microseconds from viewer and document to grants and plan, the mean of many."""
        viewer = await self._viewer()
        await self._statement(viewer)
        operation = self._document.operation(None)
        what = ("operation", operation.name.value if operation.name else "")
        asked = self._document, what, self._variables, viewer
        began = time.perf_counter()
        for _ in range(WARM):
            await self._engine._plan(*asked, operation=operation)  # pyright: ignore[reportPrivateUsage] - the decision alone
        return (time.perf_counter() - began) / WARM * 1e6

    async def cold(self) -> float:
        """Milliseconds until the policy that was just published has planned the page."""
        viewer = await self._viewer()
        began = time.perf_counter()
        await self._statement(viewer)
        return (time.perf_counter() - began) * 1e3

    async def _viewer(self) -> Viewer:
        address = Address(self._asker.city.slug)
        return await Viewers(self._database).of(Identity(ISSUER, self._asker.subject, 0), address)

    async def _statement(self, viewer: Viewer) -> None:
        await self._engine.statement(self._document, self._document.operation(None), self._variables, viewer)

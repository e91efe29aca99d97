"""One short run on a small country, without Node.js: so that the bench does not rot."""

import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import pytest
from rich.console import Console

from tests.bench import questions
from tests.bench.accepting import referrals
from tests.bench.figures import pages
from tests.bench.figures.mixed import mixed
from tests.bench.figures.mutations import accept_referral, over_pgbench, recorded_writes
from tests.bench.filling import fill
from tests.bench.nation import reference
from tests.bench.run import Options, Run
from tests.bench.sides import Asker, Ours, UsualPython
from tests.stage import server

OPTIONS = Options(rounds=1, seconds=0.05, warm_up=1, tenants=2, referrals=100_000)


@pytest.fixture(scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Run]:
    """生駒市 and one more in a filled database of the test run's own server."""
    console = Console(quiet=True)
    async with server.cloned(os.environ[server.TEMPLATE]) as name, AsyncExitStack() as stack:
        folder = tmp_path_factory.mktemp("bench")
        ready = Run(OPTIONS, folder, console, stack, [UsualPython()], {"nation": name})
        await fill(server.url_of(name), ready.cities(), console)
        yield ready


async def test_the_board_page_is_measured(run: Run) -> None:
    board = (await pages.board_page(run))["board_page"]
    assert "Index Cond" in (run.folder / "board_page.plan.txt").read_text(encoding="utf-8")
    assert {"vs_usual_python", "vs_limit", "p99_vs_usual_python"} <= board.keys()
    assert {name: len(rounds) for name, rounds in board["rounds"].items()} == {
        "ours": 1,
        "usual_python": 1,
        "limit": 1,
    }


async def test_all_sides_say_the_same_on_every_page(run: Run) -> None:
    asker, sides = Asker(reference(run.cities())), (Ours(), UsualPython())
    groups, referral = await pages.groups_question(run), await pages.referral_question(run)
    for page in (referral, questions.directory(), groups):
        both = await pages.ready(run, await run.nation(), page, asker, sides)
        assert all(one.length > 100 for one in both)


async def test_pgbench_writes_what_the_product_writes(run: Run) -> None:
    figures = (await accept_referral(run))["accept_referral"]
    written = " ".join(figures["statements"])
    for table in ("referral", "referral_event", "outbox", "audit_entry"):
        assert f"tsunagari.{table}" in written


async def test_reads_and_writes_are_mixed(run: Run) -> None:
    figures = (await mixed(run))["mixed"]
    assert figures["board_rps"] > figures["accept_rps"] > 0


async def test_a_write_that_pgbench_does_not_make_is_found(run: Run) -> None:
    async with referrals(await run.nation(), run.cities()) as made:
        writes = await recorded_writes(await run.nation(), made)
        kept = [each for each in writes if not each.sql.startswith("UPDATE tsunagari.referral")]
        assert len(kept) < len(writes)
        with pytest.raises(RuntimeError, match="left as they were"):
            await over_pgbench(await run.nation(), made, kept, 8)

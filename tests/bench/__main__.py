"""`make bench`: the board page as the platform serves it, against pgbench running the same statement.

Rounds of both alternate, so that a machine whose speed drifts slows both; the median of each is compared. The
service is the one that is shipped, in a process of its own: token, viewer, policy, limits, log and metrics.
Writes `.tsunagari/bench.json`.
"""

import argparse
import asyncio
import json
import statistics
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.bench.board import Board, prepared_board
from tests.bench.limit import limit_per_second
from tests.bench.load import Measured, requests_per_second

RESULT = Path(".tsunagari/bench.json")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each, alternating")
    parser.add_argument("--seconds", type=float, default=4, help="length of a round")
    parser.add_argument("--connections", type=int, default=8, help="clients at once")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> None:
    console = Console(stderr=True)
    console.print("preparing data …")
    async with prepared_board() as board:
        served: list[Measured] = []
        limits: list[float] = []
        for _ in track(range(options.rounds), "rounds", console=console):
            served.append(await requests_per_second(board, options.connections, options.seconds))
            limits.append(await limit_per_second(board, options.connections, options.seconds))
    _tell(_figures(board, served, limits), json_only=options.json)


def _figures(board: Board, served: list[Measured], limits: list[float]) -> dict[str, dict[str, object]]:
    rates = [round_.per_second for round_ in served]
    return {
        "board_page": {
            "vs_limit": round(statistics.median(rates) / statistics.median(limits), 3),
            "requests_per_second": [round(rate) for rate in rates],
            "limit_per_second": [round(rate) for rate in limits],
            "p99_ms": round(statistics.median(round_.p99_ms for round_ in served), 2),
            "answer_bytes": board.answer_bytes,
            "cost": board.cost,
        }
    }


def _tell(figures: dict[str, dict[str, object]], *, json_only: bool) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if json_only:
        print(json.dumps(figures))  # noqa: T201 - what the command is for
        return
    table = Table("figure", "value", title=f"board page ({RESULT})", title_justify="left")
    for name, value in figures["board_page"].items():
        table.add_row(name, str(value))
    Console().print(table)


if __name__ == "__main__":
    main()

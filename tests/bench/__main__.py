"""`make bench`: speed as ratios measured in one run, written to .tsunagari/bench.json and bench.md.

Everybody works on one PostgreSQL with fsync on, under the same row security, on the same data, and answers
the same content; rounds of all alternate, and medians are compared, so that a machine whose speed drifts
slows all.
The first run makes the data, which takes some minutes; it is kept in .tsunagari/bench-data.
"""

import argparse
import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from libs.observability import logs
from libs.persistence.embedded.errors import EmbeddedServerError
from tests.bench import report
from tests.bench.figures import FIGURES
from tests.bench.ground import SETTINGS, SMALL_SETTINGS, ground
from tests.bench.loading import WrongAnswer
from tests.bench.run import FEW, Figures, LeftOut, Options, Run
from tests.bench.sides import NODE, PostGraphile, Side, UsualPython

DATA = Path(".tsunagari/bench-data")
SMALL_DATA = Path(".tsunagari/bench-data-small")


def main() -> None:
    said = _parser().parse_args()
    options = Options(
        rounds=said.rounds, seconds=said.seconds, tenants=FEW if said.small else None, fresh=said.fresh
    )
    console = Console(stderr=True)
    data, settings = (SMALL_DATA, SMALL_SETTINGS) if options.small else (DATA, SETTINGS)
    try:
        with ground(data, settings), (data / "bench.log").open("a", encoding="utf-8") as log:
            logs.configure(log, "INFO")
            figures = asyncio.run(measured(options, said.only or list(FIGURES), data, console))
    except EmbeddedServerError as error:
        raise SystemExit(str(error)) from None
    report.write(figures)
    if said.json:
        print(json.dumps(figures, ensure_ascii=False))  # noqa: T201 - what the option is for
    else:
        report.show(figures)
    if "failed" in figures:
        raise SystemExit(1)


async def measured(options: Options, names: list[str], folder: Path, console: Console) -> Figures:
    """The figures of these names, each on the servers that it needs."""
    figures: Figures = {"environment": report.environment(asdict(options)), "details": {}}
    details = figures["details"]
    async with AsyncExitStack() as stack:
        run = Run(options, folder, console, stack, peers(console))
        for name in names:
            try:
                found = await FIGURES[name](run)
                details.update(found.pop("details", {}))
                figures.update(found)
            except LeftOut as reason:
                console.print(f"{name} is left out: {reason}")
                figures.setdefault("left_out", {})[name] = str(reason)
            except WrongAnswer as fault:  # the others are worth knowing all the same
                console.print(f"{name} failed: {fault}", style="bold red")
                figures.setdefault("failed", {})[name] = str(fault)
    return figures


def peers(console: Console) -> list[Side]:
    """PostGraphile where npm could bring it, and the usual Python stack."""
    if NODE.exists():
        return [PostGraphile(), UsualPython()]
    console.print("PostGraphile is left out: install Node.js with npm and run this again", style="bold red")
    return [UsualPython()]


def _parser() -> argparse.ArgumentParser:
    summary, _, more = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(prog="make bench", description=summary, epilog=more)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each, alternating")
    parser.add_argument("--seconds", type=float, default=4, help="length of a round")
    parser.add_argument(
        "--only",
        action="append",
        choices=sorted(FIGURES),
        metavar="FIGURE",
        help=f"one of {', '.join(FIGURES)}",
    )
    parser.add_argument("--small", action="store_true", help="ten tenants instead of 1,788, for tuning")
    parser.add_argument("--fresh", action="store_true", help="make the data anew")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


if __name__ == "__main__":
    main()

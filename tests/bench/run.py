"""One run of the bench: its options, its databases, the servers that it has started."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from rich.console import Console
from rich.progress import Progress

from tests.bench.ground import filled
from tests.bench.nation import City, nation
from tests.bench.processes import Running
from tests.bench.sides import Side

FEW: Final = 10

_Told = TypeVar("_Told")
Round = Callable[[], Awaitable[_Told]]


class LeftOut(Exception):
    """A figure cannot be measured here: why."""


@dataclass(frozen=True, slots=True)
class Options:
    """`tenants` None: all 1,788; `referrals`: what all of them would have; `warm_up`: requests before those
    that are measured."""

    rounds: int = 5
    seconds: float = 4.0
    warm_up: int = 64
    tenants: int | None = None
    referrals: int = 1_000_000
    fresh: bool = False

    @property
    def small(self) -> bool:
        return self.tenants is not None


@dataclass
class Run:
    """What every figure gets. Servers are started when first asked for, and live until the run ends."""

    options: Options
    folder: Path
    console: Console
    stack: AsyncExitStack
    peers: Sequence[Side]
    databases: dict[str, str] = field(default_factory=dict[str, str])
    _running: dict[tuple[str, str, str], Running] = field(default_factory=dict[tuple[str, str, str], Running])

    def cities(self) -> list[City]:
        """The tenants of the big database."""
        return nation(tenants=self.options.tenants, referrals=self.options.referrals)

    def few_cities(self) -> list[City]:
        """Ten of them, each as in the whole."""
        return nation(tenants=FEW, referrals=self.options.referrals)

    async def nation(self) -> str:
        """The database that everything is measured on; with --small it has ten tenants only."""
        return await self._database("nation", self.cities())

    async def few(self) -> str:
        return await self._database("few", self.few_cities())

    async def started(self, side: Side, database: str, *, apart: str = "") -> Running:
        """The side's process on this database; `apart` tells one with other settings from the usual one."""
        key = (side.name, database, apart)
        if key not in self._running:
            self._running[key] = await self.stack.enter_async_context(side.start(database, self.folder))
        return self._running[key]

    async def interleaved(self, title: str, contenders: Mapping[str, Round[_Told]]) -> dict[str, list[_Told]]:
        """Everybody's rounds in turn, so that a machine whose speed drifts slows all of them."""
        told: dict[str, list[_Told]] = {name: [] for name in contenders}
        with Progress(*Progress.get_default_columns(), console=self.console) as progress:
            task = progress.add_task(title, total=self.options.rounds * len(contenders))
            for _ in range(self.options.rounds):
                for name, measure in contenders.items():
                    progress.update(task, description=f"{title}: {name}")
                    told[name].append(await measure())
                    progress.advance(task)
        return told

    async def _database(self, name: str, cities: list[City]) -> str:
        if name not in self.databases:
            fresh = self.options.fresh
            self.databases[name] = await filled(name, cities, self.console, fresh=fresh)
        return self.databases[name]


Figures = dict[str, Any]
"""What stands in bench.json: a value by its key, figures by theirs, and under `details` how they came."""

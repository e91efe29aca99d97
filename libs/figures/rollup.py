"""From what platforms submitted to the lines of a release: platforms, prefectures, the nation."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from libs.figures.disclosure import Figure, disclosed, total
from libs.figures.measures import CELLS, MEASURES, Cell

Submitted = Mapping[uuid.UUID, Mapping[Cell, int]]


@dataclass(frozen=True, slots=True)
class Platform:
    """A tenant, its kind and the six-digit codes that it stands for."""

    tenant_id: uuid.UUID
    kind: str
    codes: Sequence[str]

    @property
    def prefecture(self) -> str | None:
        """Where it counts. Joint figures are never split: beyond one prefecture they count for the nation."""
        prefectures = {code[:2] for code in self.codes}
        return prefectures.pop() if len(prefectures) == 1 and self.kind != "national" else None


@dataclass(frozen=True, slots=True)
class Line:
    """One published figure and its place."""

    level: str
    prefecture: str | None
    tenant_id: uuid.UUID | None
    cell: Cell
    figure: Figure


def lines(platforms: Sequence[Platform], submitted: Submitted) -> list[Line]:
    """All lines of a release, totals first. A prefecture without a platform has none."""
    own = [line for platform in platforms for line in _of_platform(platform, submitted)]
    prefectures = sorted({line.prefecture for line in own if line.prefecture is not None})
    return [
        *_totals("nation", None, own),
        *(
            line
            for code in prefectures
            for line in _totals("prefecture", code, [each for each in own if each.prefecture == code])
        ),
        *own,
    ]


def _of_platform(platform: Platform, submitted: Submitted) -> Iterable[Line]:
    counts = submitted.get(platform.tenant_id, {})
    for cell in CELLS:
        figure = disclosed(MEASURES[cell.measure].unit, counts.get(cell))
        yield Line("tenant", platform.prefecture, platform.tenant_id, cell, figure)


def _totals(level: str, prefecture: str | None, own: Sequence[Line]) -> Iterable[Line]:
    by_cell: dict[Cell, list[Figure]] = {}
    for line in own:
        by_cell.setdefault(line.cell, []).append(line.figure)
    for cell, figures in by_cell.items():
        yield Line(level, prefecture, None, cell, total(figures))

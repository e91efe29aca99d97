"""Every cell of the approved field table is read from PostgreSQL by the compiled engine.

A field counts as open where its value is the one that the row has, as withheld where it is null though there
is a value and `hiddenFields` names it, as absent where the row is not found.
"""

from typing import Final

import pytest

from services.platform.app import registry
from tests.cells.approved import approved
from tests.cells.reading import exercise_of

TYPES: Final = sorted(registry().stored)

UNPROVEN: Final = {
    "Referral": {("postedAt", basis) for basis in ("council", "council+opened", "sitting", "vital")}
}
"""Withheld where there is no value either: what was never posted, and is not void, has no day of posting."""


@pytest.mark.parametrize("type_name", TYPES)
async def test_every_cell_reads_as_approved(type_name: str) -> None:
    async with exercise_of(type_name) as exercise:
        outcome = await exercise.outcome()
    assert outcome.differences() == []
    assert {(cell.field, cell.standing) for cell in outcome.unproven} == UNPROVEN.get(type_name, set())
    assert len(outcome.states) == _due(type_name)


def test_the_queries_together_exercise_more_than_they_must() -> None:
    assert sum(_due(type_name) for type_name in TYPES) > 44_000


def _due(type_name: str) -> int:
    """How many cells of the table are to be read."""
    return sum(cell.type_name == type_name for cell in approved())

"""Random documents over the product's schema, by people of every kind and seat."""

import os
import random

import pytest

from tests.oracle.asking import SEED, asked_on
from tests.reading.asking import Reading

EVERYDAY = int(os.environ.get("TSUNAGARI_ORACLE_CASES", "1000"))
SOAKED = int(os.environ.get("TSUNAGARI_SOAK_CASES", "100000"))
POPULATIONS = 10
FIRST = int(os.environ.get("TSUNAGARI_ORACLE_SEED", "1"))
PARTS = 2
"""Everyday's cases are asked in parts, by as many workers."""


async def compare(asked: Reading, seed: int) -> bool:
    """Asks what the seed draws, of the person that it draws; False where the document was no valid one."""
    randomness = random.Random(seed)
    drawn = asked.drawn(randomness)
    if drawn is None:
        return False
    who = randomness.choice(list(asked.viewers))
    try:
        await asked.same(drawn.text, who, drawn.variables)
    except Exception as error:
        error.add_note(f"TSUNAGARI_ORACLE_SEED={seed} TSUNAGARI_ORACLE_POPULATION={asked.seed}")
        raise
    return True


async def compare_many(asked: Reading, first: int, cases: int) -> int:
    """So many cases that were valid; the seed after the last one."""
    seed = first
    while cases:
        cases -= await compare(asked, seed)
        seed += 1
    return seed


@pytest.mark.parametrize("part", range(PARTS))
async def test_generated_documents_answer_as_graphql_core_does(asked: Reading, part: int) -> None:
    await compare_many(asked, FIRST + part * 1_000_000, EVERYDAY // PARTS)


@pytest.mark.soak
@pytest.mark.parametrize("population", range(POPULATIONS))
async def test_many_generated_documents_over_several_populations(population: int) -> None:
    """Each population is another seed's: TSUNAGARI_SOAK_CASES in all."""
    first = int(os.environ.get("TSUNAGARI_ORACLE_SEED", random.SystemRandom().randrange(10**9)))
    print(f"TSUNAGARI_ORACLE_SEED={first} population {population}: {SOAKED // POPULATIONS} cases")  # noqa: T201 - the seed
    async with asked_on(SEED + 2 * population) as asked:
        await compare_many(asked, first, SOAKED // POPULATIONS)

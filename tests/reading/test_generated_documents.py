"""Random documents by people of every kind: the compiled answer is graphql-core's, to the order of keys."""

import os
import random

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.reading.asking import Reading
from tests.reading.drawing import Drawing

SOAKED = int(os.environ.get("TSUNAGARI_SOAK_CASES", "20000"))
QUICK = settings(
    max_examples=300,
    phases=[Phase.generate],  # shrinking takes minutes; a failing document is printed whole
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
LONG = settings(QUICK, max_examples=SOAKED, derandomize=False)


async def same_for(reading: Reading, randomness: random.Random) -> None:
    """Draws a document that is in order (two fields under one name may clash) and somebody who asks it."""
    document = reading.drawn(randomness)
    assume(document is not None)
    assert document is not None
    await reading.same(document.text, randomness.choice(list(reading.viewers)), document.variables)


@QUICK
@given(seed=st.integers(0, 2**64 - 1))
async def test_generated_documents_answer_as_graphql_core_does(reading: Reading, seed: int) -> None:
    await same_for(reading, random.Random(seed))


@pytest.mark.soak
@LONG
@given(seed=st.integers(0, 2**64 - 1))
async def test_many_generated_documents_answer_as_graphql_core_does(reading: Reading, seed: int) -> None:
    await same_for(reading, random.Random(seed))


async def test_the_generator_reaches_everything(reading: Reading) -> None:
    """A harness that drew only little could not find much."""
    texts = " ".join(
        Drawing(random.Random(seed), reading.schema, reading.ground).document().text for seed in range(300)
    )
    for wanted in (
        "@skip(if: $",
        "@include(if: true)",
        "fragment F",
        "... on Node",
        "... on Post",
        "a" * 70,
        "after: $",
        'before: "',
        "order: KIND",
        "kinds: [",
        ": null",
        "totalCount",
        "edges",
        "pageInfo",
        "subject",
        "about",
        "holder",
        "news",
        "__schema",
        "Boolean = true",
        "f59",
    ):
        assert wanted in texts, wanted

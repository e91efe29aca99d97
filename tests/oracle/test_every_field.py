"""Each field of each type, of rows of both tenants, for everybody: as graphql-core answers it in memory."""

import random

import pytest
from graphql import GraphQLObjectType

from tests.oracle import oddities, whole
from tests.oracle.asking import reference
from tests.oracle.seeing import OBJECT_OF
from tests.reading.asking import Reading

ROWS = whole.AT_ONCE


@pytest.mark.parametrize("type_name", OBJECT_OF)
async def test_every_field_is_answered_as_in_memory(asked: Reading, type_name: str) -> None:
    text = whole.document(asked.schema, type_name)
    randomness = random.Random(type_name)
    ours, theirs = whole.ids_of(type_name, asked.world), whole.ids_of(type_name, asked.elsewhere)
    ids = randomness.sample(ours, min(ROWS - 2, len(ours))) + theirs[:2]
    for variables in whole.in_parts(ids):
        for who in asked.viewers:
            await asked.same(text, who, variables)


async def test_every_field_shows_something_to_somebody(asked: Reading) -> None:
    """What is never seen is never compared."""
    reached = reference().reached
    reached.clear()
    for type_name in OBJECT_OF:
        text = whole.document(asked.schema, type_name)
        for variables in whole.in_parts(whole.ids_of(type_name, asked.world)):
            for who in ("government of all roles", "npo caseworker", "npo coordinator", "company desk"):
                asked.expected(text, who, variables)
    unseen: list[tuple[str, str]] = []
    for of in map(asked.schema.type_map.get, OBJECT_OF):
        assert isinstance(of, GraphQLObjectType)
        fields = [(of.name, name) for name in of.fields]
        unseen += [each for each in fields if each not in reached and not oddities.is_left_out(*each)]
    assert unseen == []

"""An oracle that knows less than the schema, or decides otherwise than casbin, could find nothing."""

import random

import pytest
from graphql import GraphQLObjectType

from libs.policy.rules import Policy
from libs.policy.vocabulary import READ
from libs.reading.declare import ById, Current, Feed, Many
from services.platform.app import registry
from tests.oracle import lists, oddities
from tests.oracle.asking import reference
from tests.oracle.facts import FACTS_OF, Judge
from tests.oracle.reference import masked
from tests.oracle.seeing import OBJECT_OF, PREFIX_OF, TABLE_OF
from tests.reading.asking import Reading

SAMPLED = 120
MOST_LEFT_OUT = 8


def test_the_oracle_names_types_roots_and_lists_as_the_schema_does() -> None:
    """A new one makes this fail until the oracle answers it too."""
    stored = registry().stored
    assert {name: each.table.name for name, each in stored.items()} == TABLE_OF
    assert {name: each.object for name, each in stored.items()} == OBJECT_OF
    assert {name: each.prefix for name, each in stored.items()} == PREFIX_OF
    declared = list(registry().fields())
    assert {(of, each.name) for of, each in declared if isinstance(each.declaration, Many | Feed)} == set(
        lists.LISTS
    )
    assert {each.name for _, each in declared if isinstance(each.declaration, Current)} == set(lists.CURRENT)
    by_id = {each.name: each.declaration.target for _, each in declared if isinstance(each.declaration, ById)}
    assert by_id == lists.BY_ID


def test_what_the_oracle_leaves_out_is_there_and_does_not_grow() -> None:
    for of, name in oddities.LEFT_OUT:
        types = [of] if of != "*" else list(OBJECT_OF)
        assert any(name in getattr(registry().schema.type_map[each], "fields", {}) for each in types), name
    assert len(oddities.LEFT_OUT) <= MOST_LEFT_OUT


@pytest.mark.parametrize("object", FACTS_OF)
def test_casbin_opens_what_the_oracle_opens(asked: Reading, object: str) -> None:
    """For some of the rows, of every object and for people of every kind."""
    randomness = random.Random(object)
    type_name = next(name for name, known in OBJECT_OF.items() if known == object)
    of = reference().schema.type_map[type_name]
    assert isinstance(of, GraphQLObjectType)
    assert masked(of)
    rows = asked.world.all(TABLE_OF[type_name])
    groups = sorted(
        {group for name, group in Policy.baseline().groups.items() if name.startswith(f"{object}.")}
    )
    for _ in range(SAMPLED // len(FACTS_OF)):
        viewer = asked.viewers[randomness.choice(list(asked.viewers))]
        row, group = randomness.choice(rows), randomness.choice(groups)
        judge = Judge(asked.world, viewer)
        held = frozenset({"everyone", *viewer.facts, *judge.held(object, row)})
        casbins = Policy.baseline().explain(viewer.kinds, viewer.roles, group, READ, held)
        assert judge.opens_group(object, group, row) is casbins.allowed, (viewer, row, group)

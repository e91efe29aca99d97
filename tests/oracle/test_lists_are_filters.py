"""A list is all rows whose single-row answer is visible, filtered: every list of the schema, for everybody.

The rows come from memory; whether one is visible, and which of its fields, is the product's own answer by id.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLEnumType

from libs.reading.fields import named_type
from tests.oracle.answered import Answered, Listed, answered_to, fields_of
from tests.oracle.lists import LISTS, Rows, matching
from tests.oracle.reference import policy_name
from tests.oracle.seeing import PREFIX_OF, TABLE_OF, Thing
from tests.reading.asking import Reading
from tests.reading.paging import in_order

WHO = (
    "npo desk",
    "npo coordinator",
    "government of all roles",
    "company desk",
    "applicant npo",
    "anyone",
    "neighbour coordinator",
)
BOARD = ("Query", "board")
PARENTS = 3
PAGE = 4


@pytest.mark.parametrize("who", WHO)
async def test_every_list_is_the_filter_of_its_rows(asked: Reading, who: str) -> None:
    answered = await answered_to(asked, who)
    for key in LISTS:
        await check_list(asked, who, answered, key)


async def check_list(asked: Reading, who: str, answered: Answered, key: tuple[str, str]) -> None:
    """Raises AssertionError where the list shows, counts or pages otherwise than its rows by id."""
    of, name = key
    rows, randomness = LISTS[key], random.Random(f"{who}{key}")
    for parent in _parents(answered, of, randomness):
        withheld = parent is not None and policy_name(of, name) in answered.found[of][parent.row["id"]]
        for said, given in _arguments(asked, answered, key, randomness):
            named = None if parent is None else answered.id_of(parent)
            listed = Listed(asked, who, of, name, rows, named, said)
            if withheld:
                assert await listed.whole() is None, (who, key, named)
                continue
            expected = _expected(answered, rows, parent, given)
            assert await listed.whole() == (expected, len(expected)), (who, key, named, said)
            if rows.paged and len(given) <= 1:
                for way in ("forward", "backward"):
                    assert await listed.walked(way, PAGE) == expected, (who, key, named, said, way)


def _parents(answered: Answered, of: str, randomness: random.Random) -> list[Thing | None]:
    if of == "Query":
        return [None]
    found: list[Thing | None] = [*answered.everything(of)]
    return randomness.sample(found, min(PARENTS, len(found)))


def _expected(answered: Answered, rows: Rows, parent: Thing | None, given: dict[str, Any]) -> list[str]:
    found = matching(answered, rows, {} if parent is None else parent.row, given)
    ordered = in_order(found, *rows.keys[given.get("order", rows.order)])
    return [answered.id_of(thing) for thing in ordered][:100]


def _arguments(
    asked: Reading, answered: Answered, key: tuple[str, str], randomness: random.Random
) -> Iterator[tuple[str, dict[str, Any]]]:
    """No argument, each order, and some values of each filter; those that must be given always."""
    rows = LISTS[key]
    arguments = fields_of(asked, key[0])[key[1]].args
    groups = answered.judge.world.all("working_group")
    always = [f"{PREFIX_OF['WorkingGroup']}_{row['id']}" for row in groups] if key == BOARD else [""]
    for group in randomness.sample(always, min(3, len(always))):
        fixed = {"workingGroupId": group} if group else {}
        yield _said(arguments, fixed)
        for name in rows.keys if len(rows.keys) > 1 else ():
            yield _said(arguments, {**fixed, "order": name})
        for name in rows.filters:
            if name not in fixed:
                for value in _values(asked, answered, arguments[name], name, randomness):
                    yield _said(arguments, {**fixed, name: value})


def _values(
    asked: Reading, answered: Answered, argument: Any, name: str, randomness: random.Random
) -> list[Any]:
    named = named_type(argument)
    if isinstance(named, GraphQLEnumType):
        return randomness.sample(list(named.values), min(3, len(named.values)))
    if name == "search":
        return ["ひだ", "%", "北部"]
    if named.name == "Boolean":
        return [True, False]
    if named.name == "Int":
        return [2026, 2027]
    if name in asked.ground.values:
        return list(asked.ground.values[name])
    target = asked.ground.ids[name]
    rows = answered.judge.world.all(TABLE_OF[target])
    return [f"{PREFIX_OF[target]}_{row['id']}" for row in randomness.sample(rows, 3)]


def _said(arguments: Any, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    written = [
        f"{name}: {_written(value, isinstance(named_type(arguments[name]), GraphQLEnumType))}"
        for name, value in given.items()
    ]
    return ", ".join(written), given


def _written(value: Any, is_enum: bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return value if is_enum else f'"{value}"'

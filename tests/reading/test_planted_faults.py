"""The harness is seen to find faults: each is planted in the compiler, and a difference must be told."""

import random
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from libs.policy.access import Access
from libs.reading import pages, viewer_can
from libs.reading.blocks import Block, Blocks
from libs.reading.objects import Objects
from libs.reading.plans import Plans
from libs.reading.rows import Rows
from tests.reading.asking import Mismatch, Reading

MOST = 500


@pytest.fixture
def planted(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Plans made with a fault are forgotten with it."""
    monkeypatch.setattr(reading.engine, "plans", Plans())
    return monkeypatch


async def is_found(reading: Reading, most: int = MOST) -> bool:
    """Whether one of the first generated documents shows the fault."""
    for seed in range(most):
        randomness = random.Random(seed)
        drawn = reading.drawn(randomness)
        if drawn is None:
            continue
        try:
            await reading.same(drawn.text, randomness.choice(list(reading.viewers)), drawn.variables)
        except Mismatch:
            return True
    return False


async def test_without_a_fault_nothing_is_found(reading: Reading) -> None:
    assert not await is_found(reading, 30)


async def test_a_dropped_row_policy_is_found(reading: Reading, planted: pytest.MonkeyPatch) -> None:
    def without(blocks: Blocks, _: Any, table: Any, narrowed: Any, *__: Any) -> list[Any]:
        return [table.c.tenant_id == blocks.access.asker.tenant, *narrowed]

    planted.setattr(Blocks, "_conditions", without)
    assert await is_found(reading)


async def test_a_row_policy_dropped_from_counts_alone_is_found(
    reading: Reading, planted: pytest.MonkeyPatch
) -> None:
    def count(rows: Any) -> ColumnElement[int]:
        table = rows._stored.table.alias("all_of_them")
        conditions = [table.c.tenant_id == sa.bindparam("viewer_tenant", type_=sa.Uuid())]
        return sa.select(sa.func.count()).select_from(table).where(*conditions).scalar_subquery()

    planted.setattr(Rows, "count", count)
    assert await is_found(reading)


async def test_a_wrong_keyset_direction_is_found(reading: Reading, planted: pytest.MonkeyPatch) -> None:
    right = pages.beyond

    def turned(row: Any, columns: Any, places: Any, *, forward: bool) -> ColumnElement[bool]:
        return right(row, columns, places, forward=not forward)

    planted.setattr(pages, "beyond", turned)
    assert await is_found(reading)


async def test_a_keyset_wrong_only_for_mixed_directions_is_found(
    reading: Reading, planted: pytest.MonkeyPatch
) -> None:
    right = pages.beyond

    def alike(row: Any, columns: Any, places: Any, *, forward: bool) -> ColumnElement[bool]:
        return right(row, [(name, columns[0][1]) for name, _ in columns], places, forward=forward)

    planted.setattr(pages, "beyond", alike)
    assert await is_found(reading)


async def test_an_unmasked_field_is_found(reading: Reading, planted: pytest.MonkeyPatch) -> None:
    def unmasked(_: Objects, __: Block, ___: Any, value: Callable[[], Any]) -> Any:
        return value()

    planted.setattr(Objects, "_masked", unmasked)
    assert await is_found(reading)


async def test_one_unmasked_field_of_one_type_is_found(reading: Reading, planted: pytest.MonkeyPatch) -> None:
    right = Access.field

    def opened(access: Access, object: str, name: str) -> Any:
        return True if (object, name) == ("organisation", "work_contact") else right(access, object, name)

    planted.setattr(Access, "field", opened)
    assert await is_found(reading)


async def test_a_step_offered_beyond_its_grant_is_found(
    reading: Reading, planted: pytest.MonkeyPatch
) -> None:
    def anybodys(*_: Any) -> ColumnElement[bool]:
        return sa.true()

    planted.setattr(viewer_can, "is_theirs", anybodys)
    assert await is_found(reading)


async def test_a_step_offered_in_any_state_is_found(reading: Reading, planted: pytest.MonkeyPatch) -> None:
    def stateless(access: Access, block: Block, step: Any) -> ColumnElement[bool]:
        return viewer_can.is_theirs(access, block, step)

    seats = "{ groups(first: 8) { nodes { seats(first: 50) { nodes { untilOn viewerCan } } } } }"
    await reading.same(seats, "coordinator")
    planted.setattr(reading.engine, "plans", Plans())
    planted.setattr(viewer_can, "_is_open", stateless)
    with pytest.raises(Mismatch):
        await reading.same(seats, "coordinator")


async def test_a_filter_on_what_is_withheld_is_found(reading: Reading, planted: pytest.MonkeyPatch) -> None:
    """It would tell which organisations have a certain contact."""

    def opened(*_: Any) -> ColumnElement[bool]:
        return sa.true()

    planted.setattr(Rows, "_open", opened)
    with pytest.raises(Mismatch):
        await reading.same('{ organisations(contact: "work@example.jp") { totalCount } }', "company")

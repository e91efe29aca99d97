"""A fact of the row above is that row's and no other's: faults planted in `Hanging` are told."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from libs.persistence.statements import looked_up
from libs.policy.predicates import Above, Asker, Hanging
from tests.oracle.test_planted_faults import Bool, is_found, planted
from tests.reading.asking import Reading

__all__ = ["planted"]


@pytest.mark.parametrize("type_name", ["Event", "Referral"])
async def test_a_fact_of_another_row_than_the_one_above_is_found(
    asked: Reading, planted: pytest.MonkeyPatch, type_name: str
) -> None:
    right = Hanging.of

    def of_another(hanging: Hanging, above: Above | None, asker: Asker) -> Bool | None:
        if above is None or right(hanging, above, asker) is None:
            return None
        another = hanging.table.alias("another")
        return looked_up(
            sa.select(another.c.id).where(
                another.c.tenant_id == asker.tenant,
                another.c.id != above.row.c.id,
                hanging.fact(another, asker),
            )
        )

    planted.setattr(Hanging, "of", of_another)
    assert await is_found(asked, type_name)


@pytest.mark.parametrize("type_name", ["EventOccurrence", "CardNote"])
async def test_a_row_above_that_is_named_by_another_column_is_found(
    asked: Reading, planted: pytest.MonkeyPatch, type_name: str
) -> None:
    right = Hanging.__call__

    def by_another_column(hanging: Hanging, row: sa.FromClause, asker: Asker) -> Bool:
        return right(replace(hanging, column="id"), row, asker)

    planted.setattr(Hanging, "__call__", by_another_column)
    assert await is_found(asked, type_name)

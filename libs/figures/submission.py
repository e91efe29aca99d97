"""A platform submits its counts of a month: raw numbers, read by nobody but itself and the publisher."""

from collections.abc import Mapping
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from libs.figures.measures import MEASURES, Cell, Measure
from libs.figures.models import figure_submission
from libs.figures.months import Month
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work

Counts = Mapping[Cell, int]


async def submit(work: Work, month: Month, counts: Counts) -> None:
    """Replaces what this platform said of these measures and this month; the same again changes nothing else.

    Raises ValueError for an unknown cell, a measure that is not whole, a negative count, a part larger than
    its whole, or a month that has not ended: faults of ours.
    """
    if month.ends > work.now:
        raise ValueError(f"{month} has not ended")
    _check(counts)
    cells = list(counts)
    await work.rows(
        SUBMIT,
        month=month.first_day,
        measures=[cell.measure for cell in cells],
        breakdowns=[cell.breakdown for cell in cells],
        values=[counts[cell] for cell in cells],
    )


async def has_submitted(work: Work, month: Month, measure: Measure) -> bool:
    """Whether this platform has said anything of this measure and month."""
    return await work.one(SUBMITTED, month=month.first_day, measure=measure.name) is not None


def _check(counts: Counts) -> None:
    for name in {cell.measure for cell in counts}:
        measure = MEASURES.get(name)
        given = {cell for cell in counts if cell.measure == name}
        if measure is None or given != set(measure.cells):
            raise ValueError(f"{name}: not exactly the cells of a measure")
        values = [counts[cell] for cell in measure.cells]
        if min(values) < 0:
            raise ValueError(f"{name}: a negative count")
        if measure.nested and any(part > whole for whole, part in pairwise(values)):
            raise ValueError(f"{name}: a part is larger than its whole")


def _submit() -> Statement:
    table = figure_submission
    given = (
        sa.func.unnest(
            sa.bindparam("measures", type_=ARRAY(sa.Text())),
            sa.bindparam("breakdowns", type_=ARRAY(sa.Text())),
            sa.bindparam("values", type_=ARRAY(sa.Integer())),
        )
        .table_valued(
            sa.column("measure", sa.Text()),
            sa.column("breakdown", sa.Text()),
            sa.column("value", sa.Integer()),
        )
        .render_derived(name="given")
    )
    now = sa.bindparam("viewer_now", type_=table.c.submitted_at.type)
    adding = insert(table).from_select(
        ["tenant_id", "month", "measure", "breakdown", "value", "submitted_at"],
        sa.select(TENANT, parameter(table.c.month), given.c.measure, given.c.breakdown, given.c.value, now),
    )
    return Statement(
        adding.on_conflict_do_update(
            index_elements=["tenant_id", "month", "measure", "breakdown"],
            set_={"value": adding.excluded.value, "submitted_at": adding.excluded.submitted_at},
        ).returning(table.c.tenant_id)
    )


SUBMIT = _submit()
SUBMITTED = Statement(
    sa.select(figure_submission.c.submitted_at)
    .where(
        figure_submission.c.tenant_id == TENANT,
        figure_submission.c.month == parameter(figure_submission.c.month),
        figure_submission.c.measure == parameter(figure_submission.c.measure),
    )
    .limit(sa.literal_column("1"))
)

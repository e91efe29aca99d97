"""Publishing a month: the publisher role reads what platforms submitted and writes what may be seen of it.

A release is never changed. Publishing the month again makes another one, with what was submitted meanwhile;
everybody who reads a release reads the same figures.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput
from libs.figures.measures import Cell
from libs.figures.models import figure_published, figure_release, figure_submission
from libs.figures.months import Month
from libs.figures.rollup import Line, Platform, Submitted, lines
from libs.persistence.connections import Connection
from libs.persistence.database import Database
from libs.persistence.statements import Statement, insert_into, parameter
from libs.tenancy.models import tenant, tenant_municipality


@dataclass(frozen=True, slots=True)
class Release:
    """`figures` is how many lines it has."""

    id: uuid.UUID
    month: Month
    as_of: datetime
    figures: int


async def publish(database: Database, month: Month, as_of: datetime) -> Release:
    """Publishes what was submitted of `month` by `as_of`. `database` logs in as the publisher role.

    Raises InvalidInput where the month had not ended by then, or `as_of` has not come yet.
    """
    if not month.ends <= as_of <= database.clock():
        raise InvalidInput(
            "asOf",
            f"公表の基準日時は、{month}の月末より後、現在より前にしてください。",
            f"The cut-off must lie after the end of {month} and not in the future.",
        )
    async with database.outside_tenants() as connection:
        published = lines(await _platforms(connection, month), await _submitted(connection, month, as_of))
        release = Release(uuid7(), month, as_of, len(published))
        await _write(connection, release, published)
    return release


async def _platforms(connection: Connection, month: Month) -> list[Platform]:
    """The platforms that there were in that month; to later ones it does not apply."""
    rows = await connection.fetch(PLATFORMS.sql, *PLATFORMS.arguments({"ends": month.ends}))
    return [Platform(row["tenant_id"], row["kind"], row["codes"]) for row in rows]


async def _submitted(connection: Connection, month: Month, as_of: datetime) -> Submitted:
    given = {"month": month.first_day, "as_of": as_of}
    submitted: dict[uuid.UUID, dict[Cell, int]] = {}
    for row in await connection.fetch(SUBMITTED.sql, *SUBMITTED.arguments(given)):
        cell = Cell(row["measure"], row["breakdown"])
        submitted.setdefault(row["tenant_id"], {})[cell] = row["value"]
    return submitted


async def _write(connection: Connection, release: Release, published: list[Line]) -> None:
    of_release = {"id": release.id, "month": release.month.first_day, "as_of": release.as_of}
    await connection.execute(RELEASE.sql, *RELEASE.arguments(of_release))
    await connection.executemany(
        LINE.sql,
        [LINE.arguments(_row(release, position, line)) for position, line in enumerate(published)],
    )


def _row(release: Release, position: int, line: Line) -> dict[str, object]:
    return {
        "release_id": release.id,
        "position": position,
        "level": line.level,
        "prefecture": line.prefecture,
        "tenant_id": line.tenant_id,
        "measure": line.cell.measure,
        "breakdown": line.cell.breakdown,
        "value": line.figure.value,
        "mark": line.figure.mark,
        "withheld": line.figure.withheld,
        "not_reported": line.figure.not_reported,
    }


def _platforms_statement() -> Statement:
    code = tenant_municipality.c.code
    codes = sa.func.array_agg(aggregate_order_by(code, code)).filter(code.is_not(None))
    return Statement(
        sa.select(
            tenant.c.tenant_id,
            tenant.c.kind,
            sa.func.coalesce(codes, sa.literal_column("'{}'::text[]")).label("codes"),
        )
        .select_from(
            sa.outerjoin(tenant, tenant_municipality, tenant_municipality.c.tenant_id == tenant.c.tenant_id)
        )
        .where(tenant.c.onboarded_at < sa.bindparam("ends", type_=tenant.c.onboarded_at.type))
        .group_by(tenant.c.tenant_id)
        .order_by(sa.func.min(code), tenant.c.slug)
    )


PLATFORMS = _platforms_statement()
SUBMITTED = Statement(
    sa.select(
        figure_submission.c.tenant_id,
        figure_submission.c.measure,
        figure_submission.c.breakdown,
        figure_submission.c.value,
    ).where(
        figure_submission.c.month == parameter(figure_submission.c.month),
        figure_submission.c.submitted_at
        <= sa.bindparam("as_of", type_=figure_submission.c.submitted_at.type),
    )
)
RELEASE = insert_into(figure_release, tuple(figure_release.c.keys()))
LINE = insert_into(figure_published, tuple(figure_published.c.keys()))

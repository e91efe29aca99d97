"""Reading as the secretariat role: pages of the register, releases and figures, and series of months."""

import base64
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotFound
from libs.figures.measures import MEASURES
from libs.figures.models import figure_published, figure_release
from libs.figures.months import Month
from libs.figures.practices import practice
from libs.persistence.database import Context, Database
from libs.persistence.statements import Statement
from libs.reading import cursors
from libs.reading.plan import Size
from libs.tenancy.models import tenant
from services.secretariat import statements

Row = Mapping[str, Any]
MOST_MONTHS = 120
FIGURE_CURSOR = ("FIGURE", (figure_published.c.release_id, figure_published.c.position))


@dataclass(frozen=True, slots=True)
class Page:
    """`cursor` of each row is made from it; `before` and `after` say whether there is more."""

    rows: Sequence[Row]
    cursors: Sequence[str]
    before: bool
    after: bool
    total: int


EMPTY = Page((), (), before=False, after=False, total=0)


@dataclass(frozen=True, slots=True)
class Asked:
    """How much of a list: `first` rows after a cursor."""

    first: int | None
    after: str | None

    def rows(self) -> int:
        """One more than asked for, to see whether there is more. Raises InvalidInput."""
        return Size("first", lambda _: self.first).value({}) + 1

    def position(self, name: str, columns: "Sequence[sa.Column[Any]]") -> list[Any] | None:
        """What the cursor says, None without one. Raises InvalidInput."""
        return None if self.after is None else cursors.decode(self.after, name, columns, "after")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which figures; None is any."""

    level: str | None = None
    measure: str | None = None
    breakdown: str | None = None
    prefecture: str | None = None
    tenant_id: uuid.UUID | None = None

    def places(self) -> dict[str, Any]:
        """Raises InvalidInput for a breakdown that its measure does not have."""
        if self.breakdown is not None and self.breakdown not in self._breakdowns():
            raise InvalidInput(
                "breakdown",
                f"内訳は次のいずれかにしてください: {', '.join(self._breakdowns())}",
                f"The breakdown must be one of: {', '.join(self._breakdowns())}",
            )
        return {name: getattr(self, name) for name in self.__slots__}

    def _breakdowns(self) -> list[str]:
        measures = MEASURES.values() if self.measure is None else (MEASURES[self.measure],)
        return [breakdown for measure in measures for breakdown in measure.breakdowns]


class Reading:
    """One for a process; `database` logs in as the secretariat role."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tenants(self, asked: Asked, chosen: Mapping[str, str | None]) -> Page:
        """The register in the order of slugs. Raises InvalidInput."""
        after = asked.position("TENANT", (tenant.c.slug,))
        given = {**chosen, "rows": asked.rows(), "after": None if after is None else after[0]}
        rows = await self._rows(statements.TENANTS, given)
        total = await self._value(statements.TENANT_COUNT, given)
        return _page(rows, asked, total, lambda row: ("TENANT", row["slug"]))

    async def tenant(self, tenant_id: uuid.UUID) -> Row | None:
        return await self._row(statements.TENANT, {"tenant_id": tenant_id})

    async def releases(self, asked: Asked, month: Month | None) -> Page:
        """The newest publication first. Raises InvalidInput."""
        after = asked.position("RELEASE", (figure_release.c.id,))
        given = {
            "month": None if month is None else month.first_day,
            "rows": asked.rows(),
            "after": None if after is None else after[0],
        }
        rows = await self._rows(statements.RELEASES, given)
        total = await self._value(statements.RELEASE_COUNT, given)
        return _page(rows, asked, total, lambda row: ("RELEASE", str(row["id"])))

    async def practices(self, asked: Asked, state: str | None) -> Page:
        """What platforms offered to the library, newest first. Raises InvalidInput."""
        after = asked.position("PRACTICE", (practice.c.id,))
        given = {"state": state, "rows": asked.rows(), "after": None if after is None else after[0]}
        rows = await self._rows(statements.PRACTICES, given)
        total = await self._value(statements.PRACTICE_COUNT, given)
        return _page(rows, asked, total, lambda row: ("PRACTICE", str(row["id"])))

    async def practice(self, identity: uuid.UUID) -> Row | None:
        return await self._row(statements.PRACTICE, {"id": identity})

    async def release(self, release_id: uuid.UUID) -> Row | None:
        return await self._row(statements.RELEASE, {"id": release_id})

    async def chosen_release(
        self, asked: Asked, release_id: uuid.UUID | None, month: Month | None
    ) -> Row | None:
        """The release named, else that of the cursor, else the newest of the month, else the newest month's.

        A reader who pages on stays in the release of the first page, whatever is published meanwhile.
        Raises NotFound for an id that names none.
        """
        after = asked.position(*FIGURE_CURSOR)
        named = release_id or (None if after is None else after[0])
        if named is None:
            first_day = None if month is None else month.first_day
            return await self._row(statements.NEWEST_RELEASE, {"month": first_day})
        release = await self.release(named)
        if release is None:
            raise NotFound
        return release

    async def figures(self, asked: Asked, chosen: Chosen, release: Row | None) -> Page:
        """Figures of one release in its order; without a release there are none. Raises InvalidInput."""
        if release is None:
            return EMPTY
        after = asked.position(*FIGURE_CURSOR)
        given = {
            **chosen.places(),
            "release_id": release["id"],
            "rows": asked.rows(),
            "position": -1 if after is None else after[1],
        }
        rows = await self._rows(statements.FIGURES, given)
        total = await self._value(statements.FIGURE_COUNT, given)
        figures = [{**row, **release} for row in rows]
        return _page(figures, asked, total, lambda row: ("FIGURE", str(row["id"]), row["position"]))

    async def series(self, chosen: Chosen, first: Month, last: Month) -> list[Row]:
        """One cell of one place, month by month, each from its newest release. Raises InvalidInput."""
        if not first <= last < first.later(MOST_MONTHS):
            raise InvalidInput(
                "lastMonth",
                f"期間は始まりから{MOST_MONTHS}か月までにしてください。",
                f"The months must run forward, at most {MOST_MONTHS} of them.",
            )
        given = {**chosen.places(), "first_month": first.first_day, "last_month": last.first_day}
        return await self._rows(statements.SERIES, given)

    async def _rows(self, statement: Statement, given: Mapping[str, Any]) -> list[Row]:
        async with self._database.reading(Context(None)) as connection:
            rows = await connection.fetch(statement.sql, *statement.arguments(given))
        return [dict(row) for row in rows]

    async def _row(self, statement: Statement, given: Mapping[str, Any]) -> Row | None:
        rows = await self._rows(statement, given)
        return rows[0] if rows else None

    async def _value(self, statement: Statement, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any column
        return await self._database.read(Context(None), statement.sql, statement.arguments(given))


def _page(rows: Sequence[Row], asked: Asked, total: int, place: Callable[[Row], tuple[Any, ...]]) -> Page:
    most = asked.rows() - 1
    shown = rows[:most]
    return Page(
        rows=shown,
        cursors=[_cursor(place(row)) for row in shown],
        before=asked.after is not None,
        after=len(rows) > most,
        total=total,
    )


def _cursor(place: tuple[Any, ...]) -> str:
    """As libs.reading.cursors reads it."""
    return base64.b64encode(msgspec.json.encode(place)).decode()

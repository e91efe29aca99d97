"""A small nation: platforms of every kind, founded, reporting and published through the product's doors."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from libs.figures.measures import CELLS, REFERRALS, Cell
from libs.figures.months import Month
from libs.figures.publishing import Release, publish
from libs.figures.submission import submit
from libs.persistence.actor import SYSTEM
from libs.persistence.database import Database
from libs.persistence.roles import PUBLISHER
from libs.tenancy.onboarding import Coordinator, NewTenant, onboard
from tests.stage.stage import Stage
from tests.stage.tokens import ISSUER

IKOMA, NARA_CITY, NARA, SHIJONAWATE, TAKAMATSU = "292095", "292010", "290009", "272299", "372013"
PLACES: Mapping[str, Sequence[str]] = {
    "ikoma": [IKOMA],
    "nara-pref": [NARA],
    "kita-nara": [IKOMA, NARA_CITY],
    "ikoma-shijonawate": [IKOMA, SHIJONAWATE],
    "takamatsu": [TAKAMATSU],
    "national": [],
}


def referrals(sent: int, accepted: int, reported: int, confirmed: int) -> dict[Cell, int]:
    return dict(zip(REFERRALS.cells, (sent, accepted, reported, confirmed), strict=True))


def nothing() -> dict[Cell, int]:
    """A month in which nothing was, said in every cell."""
    return dict.fromkeys(CELLS, 0)


@dataclass
class Nation:
    """Platforms by slug, and the month that they report; the clock stands after it."""

    stage: Stage
    month: Month
    tenants: dict[str, uuid.UUID] = field(default_factory=dict[str, uuid.UUID])

    async def found(self, *slugs: str) -> None:
        async with self.stage.onboarding() as database:
            for slug in slugs:
                codes = PLACES[slug]
                new = NewTenant(
                    codes,
                    slug,
                    Coordinator(f"Coordinator of {slug}", ISSUER, f"coordinator-of-{slug}"),
                    name=slug if len(codes) != 1 else None,
                    national=not codes,
                )
                self.tenants[slug] = (await onboard(database, new)).tenant_id

    async def submit(self, slug: str, counts: Mapping[Cell, int], month: Month | None = None) -> None:
        async with self.stage.database() as app:
            await self.submit_as(app, self.tenants[slug], counts, month)

    async def submit_as(
        self, app: Database, tenant: uuid.UUID, counts: Mapping[Cell, int], month: Month | None = None
    ) -> None:
        async with app.work(tenant, SYSTEM) as work:
            await submit(work, month or self.month, counts)

    async def publish(self, month: Month | None = None) -> Release:
        async with self.stage.database(PUBLISHER) as publisher:
            return await publish(publisher, month or self.month, self.stage.clock())

    async def published(self, release: Release) -> list[tuple[str, str | None, str | None, str, str, object]]:
        """(level, prefecture, slug, measure, breakdown, (value, mark, withheld, not reported)) in order."""
        async with self.stage.sql() as admin:
            rows = await admin.fetch(
                """SELECT p.*, t.slug FROM tsunagari.figure_published p LEFT JOIN tsunagari.tenant t
                   USING (tenant_id) WHERE release_id = $1 ORDER BY position""",
                release.id,
            )
        return [
            (
                row["level"],
                row["prefecture"],
                row["slug"],
                row["measure"],
                row["breakdown"],
                (row["value"], row["mark"], row["withheld"], row["not_reported"]),
            )
            for row in rows
        ]

    async def places(self, release: Release, cell: Cell) -> dict[str, object]:
        """One cell everywhere: by slug, two digits or 'nation'."""
        return {
            slug or prefecture or level: figure
            for level, prefecture, slug, measure, breakdown, figure in await self.published(release)
            if (measure, breakdown) == cell
        }


async def small_nation(stage: Stage, *slugs: str) -> Nation:
    """Founds these platforms, then lets the month end."""
    nation = Nation(stage, Month.of(stage.clock()))
    await nation.found(*(slugs or PLACES))
    stage.clock.move(days=32)
    return nation


async def reporting_nation(stage: Stage) -> Nation:
    """Six platforms of which five have reported; test_publication.py works out what is seen of them."""
    nation = await small_nation(stage)
    await nation.submit("ikoma", nothing() | referrals(25, 12, 9, 0))
    await nation.submit("nara-pref", nothing())
    await nation.submit("kita-nara", nothing() | referrals(14, 10, 10, 10))
    await nation.submit("ikoma-shijonawate", nothing() | referrals(30, 20, 11, 3))
    await nation.submit("national", nothing() | referrals(9, 9, 9, 9))
    return nation

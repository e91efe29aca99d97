"""`tsunagari figures` and the secretariat's staff: what crosses from the platforms to the nation."""

import asyncio
from typing import Annotated, Literal

from cyclopts import App, Parameter

from libs.figures.months import Month
from libs.figures.publishing import publish
from libs.persistence.database import Database
from libs.persistence.roles import OWNER, PUBLISHER
from services.operator.environment import url_of
from services.operator.output import show
from services.secretariat import staff

app = App(
    name="figures", help="National figures: publish a month; appoint and dismiss the secretariat's staff."
)


@app.command(name="publish")
def publish_month(
    month: Annotated[str, Parameter(help="YYYY-MM, a month that has ended")],
    *,
    json: Annotated[bool, Parameter(name="--json", help="print JSON")] = False,
) -> None:
    """Publishes what the platforms have submitted of a month by now; a release never changes afterwards."""

    async def run() -> None:
        database = await Database.open(url_of(PUBLISHER), name="tsunagari-operator", size=1)
        try:
            release = await publish(database, Month.parse(month), database.clock())
        finally:
            await database.close()
        show([{"month": month, "release": str(release.id)}], json=json, title="published")

    asyncio.run(run())


@app.command
def appoint(
    issuer: str, subject: str, *, name: str, role: Literal["analyst", "administrator"] = "analyst"
) -> None:
    """Takes an account on the secretariat's staff, or changes its name and role."""

    async def run() -> None:
        database = await Database.open(url_of(OWNER), name="tsunagari-operator", size=1)
        try:
            await staff.appoint(database, (issuer, subject), name, role)
        finally:
            await database.close()

    asyncio.run(run())


@app.command
def dismiss(issuer: str, subject: str) -> None:
    """Ends an account's access to the secretariat at its next request."""

    async def run() -> None:
        database = await Database.open(url_of(OWNER), name="tsunagari-operator", size=1)
        try:
            await staff.dismiss(database, (issuer, subject))
        finally:
            await database.close()

    asyncio.run(run())

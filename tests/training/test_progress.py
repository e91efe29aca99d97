"""Tables as of a day: a late report falls into the later ones, and an earlier table never changes."""

from typing import Any

from tests.stage.cities import Cities
from tests.training import stage as said
from tests.training.stage import announced, move_to, on, published_text, report, table


async def test_as_of_tables_with_a_late_report_and_a_correction(cities: Cities) -> None:
    mori, ines = cities.mori, cities.ines
    text = (await published_text(mori))["id"]
    move_to(cities, "2027-03-31")
    last_week = await announced(ines, text, on("2027-03-30"))
    last_day = await announced(ines, text, on("2027-03-31"), venueCategory="WORKPLACE")
    targets = await mori.do(said.SET_TARGET, fiscalYear=2026, venueCategory="ALL", sessions=3, heads=100)
    assert targets["trainingTarget"]["heads"] == 100
    await report(ines, last_week["id"], walkIns=30)
    early = await mori.do(said.CLOSE, reportedBy="2027-03-31")
    assert early["state"] == "not_over", "reports of today still come"
    move_to(cities, "2027-04-10")
    next_year = await announced(ines, text, on("2027-04-01"))
    await report(ines, next_year["id"], walkIns=7)
    assert (await mori.do(said.CLOSE, reportedBy="2027-04-09"))["reportedBy"] == "2027-04-09"
    assert (await mori.do(said.CLOSE, reportedBy="2027-04-09"))["__typename"] == "AlreadyExists"
    closed = await table(mori, 2026, "2027-04-09")
    assert _said(closed["ALL"]) == (1, 30, 1, 0)
    assert _said(closed["WORKPLACE"]) == (0, None, 1, 0), "held and not reported is no zero"
    assert _said(closed["OTHER_BODY"]) == (0, 0, 0, 0), "nothing was held"
    assert (closed["ALL"]["targetSessions"], closed["ALL"]["targetHeads"]) == (3, 100)
    await report(ines, last_day["id"], walkIns=20)
    assert await table(mori, 2026, "2027-04-09") == closed, "a late report changes no earlier table"
    assert _said((await table(mori, 2026, "2027-04-10"))["ALL"]) == (2, 50, 0, 1)
    move_to(cities, "2027-04-12")
    await report(ines, last_week["id"], walkIns=31)
    assert _said((await table(mori, 2026, "2027-04-10"))["ALL"]) == (2, 50, 0, 1)
    assert _said((await table(mori, 2026))["ALL"]) == (2, 51, 0, 1), "a correction counts from its own day"
    assert _said((await table(mori, 2027))["ALL"]) == (1, 7, 0, 1)
    whole = (await mori.ask(said.REPORT, year=2026)).data["trainingReport"]
    assert (whole["fiscalYearName"], whole["reportedByEra"]) == ("令和8年度", "令和9年4月12日")
    assert whole["closed"] == ["2027-04-09"]
    assert "延べ人数" in whole["counted"]
    for other in ("ines", "hana", "ueda", "anyone"):
        found = (await cities.person(other).ask(said.REPORT, year=2026)).data["trainingReport"]
        assert found is None, other
    assert (await ines.do(said.CLOSE, reportedBy="2027-04-01"))["__typename"] == "NotAllowed"
    refused = await ines.do(said.SET_TARGET, fiscalYear=2026, venueCategory="ALL", sessions=1)
    assert refused["__typename"] == "NotAllowed"


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["sessions"], row["heads"], row["unreported"], row["late"]

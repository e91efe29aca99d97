"""A supporters' course: lecturer sent, people counted, certificates looked up, opinions asked and shown."""

from typing import Any

from tests.journey.month.town import Town, at
from tests.referrals.conftest import MINE
from tests.surveys import stage as surveys
from tests.surveys.stage import Resident, a_form
from tests.training import stage as said
from tests.training.test_certificates import Browser


async def planned(town: Town) -> None:
    """Kato's company gives it to its staff, and asks for somebody who teaches: Sato will come."""
    mori, sato, kato = town.person("mori"), town.person("sato"), town.person("kato")
    text = (await said.published_text(mori))["id"]
    await mori.do(said.SET_TARGET, fiscalYear=2027, venueCategory="ALL", sessions=1, heads=10)
    times = [{"startsAt": at(18, 15), "endsAt": at(18, 16, 30)}]
    event = {"occurrences": times, "deadline": None, "title": "つながりサポーター養成講座"}
    course = await said.announced(kato, text, event, lecturing="DISPATCH", venueCategory="WORKPLACE")
    asked = await said.asked_for_lecturer(kato, course, wishes="夕方")
    person = (await sato.ask(MINE)).data["me"]["id"]
    offered = await mori.do(said.OFFER, **_at(asked), personId=person, source="MEMBER")
    assert "DISPATCH_OFFERED" in await town.told("sato")
    taken = (await sato.do(said.TAKE_ON, **_at(offered["dispatch"])))["dispatch"]
    assert taken["state"] == "ASSIGNED"
    assert "DISPATCH_ASSIGNED" in await town.told("kato")
    town.remembered["course"] = course


async def held_and_reported(town: Town) -> None:
    kato, course = town.person("kato"), town.remembered["course"]
    told = await said.report(kato, course["id"], walkIns=12)
    assert (told["state"], told["heads"]) == ("REPORTED", 12)
    rows = await said.table(town.person("mori"), 2027)
    assert (rows["ALL"]["heads"], rows["ALL"]["targetHeads"]) == (12, 10)
    assert rows["WORKPLACE"]["sessions"] == 1
    await _certified(town, await said.codes_for(kato, told, 12))
    await _asked(town, course["event"]["id"])


async def opinions_are_published(town: Town) -> None:
    """Six answered on paper's codes; anybody reads the counts, nobody the words."""
    kato = town.person("kato")
    survey = (await kato.ask(surveys.SURVEY, id=town.remembered["survey"])).data["survey"]
    closed = survey if survey["state"] == "CLOSED" else await surveys.moved(kato, surveys.CLOSE, survey)
    assert (closed["answerCount"], closed["readable"]) == (6, True)
    await surveys.moved(kato, surveys.PUBLISH, closed)
    page = await Resident(town.stage.http).read("survey.results/" + closed["id"].removeprefix("survey_"))
    assert len(page.all("svg")) == 3
    assert "ためになった" not in page.one("main").text


async def _certified(town: Town, codes: list[str]) -> None:
    """One of them prints theirs; whoever is shown it looks it up."""
    browser = Browser(town.stage.http)
    paper = await browser.printed(codes[0])
    assert "令和9年6月18日" in paper.text
    status, page = await browser.looks_up(paper.code)
    assert (status, page.one("h1").text) == (200, "有効な修了証です")
    assert said.NAME not in page.one("main").text


async def _asked(town: Town, event: str) -> None:
    kato, resident = town.person("kato"), Resident(town.stage.http)
    made = await kato.do(surveys.CREATE, form=a_form(closesAt=at(25, 17)), eventId=event)
    opened = await surveys.moved(kato, surveys.OPEN, made["survey"])
    codes = (await kato.do(surveys.CODES, id=opened["id"], count=6))["codes"]
    for place, code in enumerate(codes):
        await resident.answer(code, q1=str(place % 2), q2="2", q3_0="yes", q4="ためになった")
        assert resident.status == 200
    town.remembered["survey"] = opened["id"]


def _at(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "version": row["version"]}

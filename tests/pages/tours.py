"""Every public page, each in the states that look different, as one visitor comes by them."""

from typing import Any

from tests.events import stage as events
from tests.links.conftest import Office, registered
from tests.pages.visitor import Visitor
from tests.referrals import bases
from tests.referrals.test_consent_sheet import PRINT, terms
from tests.requests import documents as requests
from tests.requests.conftest import CONTACT, NAME, REPLY, WORDS, Desk
from tests.surveys import stage as surveys
from tests.training import stage as training
from tests.training.test_certificates import Browser

QUESTION = {"text": "手話通訳は必要ですか", "required": True, "choices": ["いいえ", "はい"]}


async def asks_for_help(desk: Desk, visitor: Visitor) -> None:
    await visitor.visit("help", "help")
    await visitor.fill("help, refused", words="", status=400)
    await visitor.fill("help, sent", about="self", words=WORDS, name=NAME, contact=CONTACT)
    code = visitor.code
    await visitor.visit("help, door", "help/answer")
    await visitor.fill("help, door refused", code="0000-0000-0000-0000", status=404)
    waiting = (await desk.hana.ask(requests.REQUESTS, state="WAITING")).data["helpRequests"]["nodes"][0]
    await desk.hana.do(requests.ANSWER, id=waiting["id"], version=waiting["version"], text=REPLY)
    await visitor.fill("help, letters", code=code)
    await visitor.fill("help, withdrawing", 2)
    await visitor.fill("help, withdrawn", 2)


async def answers_by_link(desk: Desk, visitor: Visitor) -> None:
    office = await _office(desk)
    fumi = await office.fumi()
    await visitor.visit("link", fumi.waiting.removeprefix("/t/ikoma/"))
    await visitor.fill("link, code", send="yes")
    await visitor.fill("link, code refused", code="000000")
    await visitor.fill("link, opened", code=await office.code())
    await visitor.fill("link, refused", 2, answer="decline")
    await visitor.fill("link, done", answer="accept")


async def registers(desk: Desk, visitor: Visitor) -> None:
    """The event has a place for one, so whoever is second waits."""
    ines = desk.loop.person("ines")
    content = {
        "forResidents": True,
        "questions": [QUESTION],
        "deadline": None,
        "speakers": [{"name": "講師"}],
    }
    shown = await events.announced(ines, to_everybody=True, **content)
    off = await events.announced(ines, to_everybody=True, title="中止の会")
    await ines.do(events.CANCEL, id=off["id"], version=off["version"], reason="台風のため")
    await visitor.visit("events", "events")
    await visitor.visit("event, cancelled", f"events/{off['id']}")
    await visitor.visit("event", f"events/{shown['id']}")
    await visitor.fill("event, refused", name="", email="a@", status=400)
    await visitor.fill("event, registered", name="葵", email="aoi@example.jp", answer1="1")
    code = visitor.code
    await visitor.visit("place", f"events.place/{code}")
    await visitor.fill("place, refused", email="a@", status=400)
    await visitor.fill("place, changed", telephone="0743-00-0000", email="aoi@example.jp")
    await visitor.fill("place, cancelling", 1)
    await visitor.fill("place, cancelled", 1)
    await visitor.visit("place, door", "events.place")
    await visitor.fill("place, door refused", code=code[:4], status=404)
    await visitor.visit("nothing here", "events/none", 404)


async def answers_a_survey(desk: Desk, visitor: Visitor) -> None:
    ines = desk.loop.person("ines")
    survey = await surveys.opened(ines)
    first, *others = (await ines.do(surveys.CODES, id=survey["id"], count=6))["codes"]
    await visitor.visit("survey, door", "survey")
    await visitor.fill("survey, door refused", code="ABCD", status=400)
    await visitor.fill("survey", code=first)
    await visitor.fill("survey, refused", q2="2", status=400)
    await visitor.fill("survey, thanks", q1="0", q2="2", q4="よかった")
    for code in others:
        await surveys.Resident(visitor.http).answer(code, q1="1", q2="1")
    closed = await surveys.moved(ines, surveys.CLOSE, (await _read(ines, survey["id"])))
    await surveys.moved(ines, surveys.PUBLISH, closed)
    await visitor.visit("survey, results", "survey.results/" + survey["id"].removeprefix("survey_"))


async def looks_up_a_certificate(desk: Desk, visitor: Visitor) -> None:
    mori, ines = desk.loop.person("mori"), desk.loop.person("ines")
    text = (await training.published_text(mori))["id"]
    course = await training.announced(ines, text, training.on("2026-11-20"))
    told = await training.report(ines, course["id"], walkIns=1)
    (code,) = await training.codes_for(ines, told, 1)
    paper = await Browser(visitor.http).printed(code)
    await visitor.visit("certificate, door", "certificate")
    await visitor.fill("certificate, unknown", code="0000-0000-0000-0000", status=404)
    await visitor.visit("certificate", f"certificate/{paper.code}")
    await visitor.visit("certificate, print", "certificate.print")
    await visitor.fill("certificate, print refused", code="ABCD", name=NAME, status=400)


async def reads_notices(desk: Desk, visitor: Visitor) -> None:
    """Of the council; and the sheet that a person signs, which is Japanese."""
    council = await desk.loop.person("anyone").ask("{ councils { nodes { id } } }")
    if not council.data["councils"]["nodes"]:
        await bases.a_council(desk.loop, "hana")
    await visitor.visit("council", "council")
    sheet = await desk.loop.person("ines").do(PRINT, **await terms(desk.loop))
    visitor.shown["consent sheet (ja)"] = sheet["html"]


TOURS = (asks_for_help, answers_by_link, registers, answers_a_survey, looks_up_a_certificate, reads_notices)


async def _office(desk: Desk) -> Office:
    await registered(desk.loop)
    case = await desk.loop.case()
    consent = await desk.loop.consent(case, "sato")
    return Office(desk.loop, await desk.loop.sent(case, "sato", consent["id"]))


async def _read(person: Any, survey: str) -> dict[str, Any]:
    found: dict[str, Any] = (await person.ask(surveys.SURVEY, id=survey)).data["survey"]
    return found

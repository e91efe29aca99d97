"""Somebody asks for help without an account; it becomes a case, a card, a referral, and is answered."""

from typing import Any

from tests.journey.month.town import Town
from tests.referrals import documents as said
from tests.requests import documents as requests
from tests.requests.conftest import LINES, MORE, REPLY, WORDS, Phone

PAGE = "{ platform { version } }"
CARD = {"needCategory": "LISTENING", "ask": "夜にだれかと話せる場を探しています。", "ageBand": "ADULT"}


async def a_page_is_kept(town: Town) -> None:
    """Hana's department reads what comes; Mori, who keeps the page, does not."""
    version = (await town.person("mori").ask(PAGE)).data["platform"]["version"]
    page: dict[str, Any] = {
        "deskId": town.loop.organisations["hana"],
        "introduction": "ひとりで抱えないで。",
        "lines": LINES,
    }
    kept = await town.person("mori").do(requests.KEEP_PAGE, version=version, **page)
    assert kept["__typename"] == "PlatformPayload", kept


async def somebody_asks_and_reads_the_answer(town: Town) -> None:
    phone = Phone(town.stage.http)
    code = await phone.ask()
    await town.works()
    assert "REQUEST_RECEIVED" in await town.told("hana")
    assert (await town.person("mori").ask(requests.REQUESTS)).data["helpRequests"]["totalCount"] == 0
    request = await _waiting(town)
    read = await town.person("hana").do(requests.REVEAL, id=request["id"], purpose={"code": "SUPPORT"})
    assert WORDS in {each["text"] for each in read["texts"]}
    version = read["helpRequest"]["version"]
    await town.person("hana").do(requests.ANSWER, id=request["id"], version=version, text=REPLY)
    await phone.come_back(code)
    assert REPLY in phone.text
    await phone.send(0, words=MORE)
    town.remembered |= {"phone": phone, "code": code, "request": request["id"]}


async def it_becomes_a_case_and_a_card(town: Town) -> None:
    """The others of the group see the ask and no more; who offers most kindly is for Hana to choose."""
    hana, loop = town.person("hana"), town.loop
    request = (await hana.ask(requests.REQUEST, id=town.remembered["request"])).data["helpRequest"]
    at = {"id": request["id"], "version": request["version"]}
    case = (await hana.do(requests.TAKE, **at, needs=["LISTENING"]))["case"]["id"]
    card = (await hana.do(said.CREATE, caseId=case, card=CARD))["referral"]
    card = await loop.step(
        "hana", said.POST, id=card["id"], version=card["version"], workingGroupId=loop.group
    )
    assert (await loop.read("sato", card["id"]) or {})["ask"] == CARD["ask"]
    assert (await loop.reveal("sato", card["id"], "L2"))["__typename"] in ("NotAllowed", "NotFound")
    await loop.offer("ines", card["id"], "月に一度なら")
    town.remembered |= {"need": card["id"], "case": case, "offer": await loop.offer("sato", card["id"])}


async def sato_is_chosen_and_accepts(town: Town) -> None:
    loop, need = town.loop, town.remembered["need"]
    assert (await town.told("hana")).count("OFFER_MADE") == 2
    consent = await _agreed(town, "hana", town.remembered["case"], "sato")
    chosen = {"offerId": town.remembered["offer"], "consentId": consent}
    await loop.step("hana", said.CHOOSE, **await _now(town, "hana", need), **chosen)
    assert {"OFFER_CHOSEN", "REFERRAL_SENT"} & set(await town.told("sato"))
    assert "OFFER_CLOSED" in await town.told("ines"), "kindly"
    await loop.step("sato", said.ACCEPT, **await _now(town, "sato", need))
    story = await loop.reveal("sato", need, "L2")
    assert WORDS in story["narrative"]
    start = {"startedOn": loop.today.isoformat()}
    await loop.step("sato", said.START, **await _now(town, "sato", need), **start)


async def the_loop_closes(town: Town) -> None:
    loop, need = town.loop, town.remembered["need"]
    await loop.step("sato", said.REPORT, **await _now(town, "sato", need), code="GOT_HELP")
    assert "OUTCOME_REPORTED" in await town.told("hana")
    closed = await loop.step("hana", said.CONFIRM, **await _now(town, "hana", need))
    assert closed["state"] == "CLOSED"
    seen = await loop.read("hana", need) or {}
    assert {(each["level"], each["person"]["name"]) for each in seen["accessLog"]} == {("L2", "Sato")}
    assert await loop.read("kato", need) is None


async def _waiting(town: Town) -> dict[str, Any]:
    found = (await town.person("hana").ask(requests.REQUESTS, state="WAITING")).data["helpRequests"]
    (request,) = found["nodes"]
    return request


async def _agreed(town: Town, sender: str, case: str, recipient: str) -> str:
    """The person agrees that their story goes to that organisation."""
    until = town.loop.today.replace(month=12)
    given = await town.person(sender).do(
        said.RECORD_CONSENT,
        caseId=case,
        items=["NARRATIVE"],
        recipientIds=[town.loop.organisations[recipient]],
        purpose="話し相手を紹介するため",
        howObtained="ORAL",
        obtainedOn=town.loop.today.isoformat(),
        validUntil=until.isoformat(),
    )
    assert given["__typename"] == "ConsentPayload", given
    identity: str = given["consent"]["id"]
    return identity


async def _now(town: Town, name: str, referral: str) -> dict[str, Any]:
    """The referral at the version that somebody reads."""
    seen = await town.loop.read(name, referral) or {}
    return {"id": referral, "version": seen["version"]}

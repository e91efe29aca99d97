"""The loop from a card on the board to a confirmed outcome, as its people live it."""

from typing import Any

from tests.referrals import documents as said
from tests.referrals.conftest import ADDRESS, ASK, NAME, NARRATIVE, SAFETY, Loop


async def test_a_card_becomes_a_confirmed_outcome(loop: Loop) -> None:
    case = await loop.case()
    card = await loop.card(case, ageBand="OLDEST", area="生駒市北部")
    noted = await loop.person("hana").do(said.NOTE, id=card["id"], body="火曜の集いに空きがあります")
    assert noted["note"]["body"] == "火曜の集いに空きがあります"
    offer = await loop.offer("sato", card["id"])
    consent = await loop.consent(case, "sato")

    seen = await loop.read("ines", card["id"])
    assert seen is not None
    assert [each["organisation"]["name"] for each in seen["offers"]] == ["こども食堂ひだまり"]
    sent = await loop.step(
        "ines",
        said.CHOOSE,
        id=card["id"],
        version=seen["version"],
        offerId=offer,
        consentId=consent["id"],
    )
    assert sent["state"] == "SENT"
    story = await loop.reveal("sato", card["id"], "L2", text="受けられるか確かめる")
    assert story["narrative"] == NARRATIVE
    taken = await loop.step("sato", said.ACCEPT, id=card["id"], version=sent["version"])
    person = await loop.reveal("sato", card["id"], "L3")
    assert (person["personName"], person["address"]) == (NAME, ADDRESS)
    assert person["accessEntry"]["basis"] == "CONSENT"
    assert (await loop.reveal("sato", card["id"], "L4"))["safetyNotes"] == SAFETY

    day = loop.today.isoformat()
    begun = await loop.step("sato", said.START, id=card["id"], version=taken["version"], startedOn=day)
    reported = await loop.step(
        "sato", said.REPORT, id=card["id"], version=begun["version"], code="GOT_HELP", text="毎週会っている"
    )
    closed = await loop.step("ines", said.CONFIRM, id=card["id"], version=reported["version"])
    assert closed["state"] == "CLOSED"

    after = await loop.read("ines", card["id"])
    assert after is not None
    assert after["outcomeCode"] == "GOT_HELP"
    assert after["confirmed"] is True
    assert [each["toState"] for each in after["history"]] == [
        "CLOSED",
        "REPORTED",
        "IN_PROGRESS",
        "ACCEPTED",
        "SENT",
        "AWAITING_BASIS",
        "POSTED",
        "POSTED",
        "DRAFT",
    ]
    assert [each["level"] for each in after["accessLog"]] == ["L4", "L3", "L2"]
    assert {each["person"]["name"] for each in after["accessLog"]} == {"Sato"}
    assert after["disclosures"][0]["recipients"] == [{"name": "こども食堂ひだまり"}]
    texts = await loop.reveal("ines", card["id"], "TEXTS")
    assert texts["outcomeText"] == "毎週会っている"


async def test_declining_closes_the_story_at_once_and_keeps_the_code(loop: Loop) -> None:
    case = await loop.case()
    consent = await loop.consent(case, "sato")
    sent = await loop.sent(case, "sato", consent["id"])
    assert (await loop.reveal("sato", sent["id"], "L2"))["narrative"] == NARRATIVE
    await loop.step(
        "sato",
        said.DECLINE,
        id=sent["id"],
        version=sent["version"],
        declinedBy="PROVIDER",
        code="OTHER",
        text="担当が休職中",
    )
    refused = await loop.reveal("sato", sent["id"], "L2")
    assert refused["__typename"] == "NotAllowed"
    left = await loop.read("sato", sent["id"])
    assert left is not None
    assert (left["state"], left["declineCode"], left["ask"]) == ("DECLINED", "OTHER", None)
    assert (await loop.reveal("sato", sent["id"], "TEXTS"))["__typename"] == "NotAllowed"
    assert (await loop.reveal("ines", sent["id"], "TEXTS"))["declineText"] == "担当が休職中"

    again = await loop.person("ines").do(
        said.CREATE,
        caseId=case,
        previousAttemptId=sent["id"],
        card={"needCategory": "BELONGING", "ask": ASK},
    )
    assert again["referral"]["state"] == "DRAFT"


async def test_one_live_attempt_with_the_same_recipient(loop: Loop) -> None:
    case = await loop.case()
    consent = await loop.consent(case, "sato")
    first = await loop.sent(case, "sato", consent["id"])
    second = await loop.draft(case)
    asked: dict[str, Any] = {
        "id": second["id"],
        "version": second["version"],
        "recipientId": loop.organisations["sato"],
    }
    twin = await loop.person("ines").do(said.REQUEST_BASIS, **asked)
    assert twin["__typename"] == "AlreadyExists"
    elsewhere = await loop.step(
        "ines", said.REQUEST_BASIS, **asked | {"recipientId": loop.organisations["hana"]}
    )
    assert elsewhere["state"] == "AWAITING_BASIS"
    await loop.step(
        "ines", said.WITHDRAW, id=first["id"], version=first["version"], code="NEED_MET_ELSEWHERE"
    )
    third = await loop.draft(case)
    freed = await loop.step("ines", said.REQUEST_BASIS, **asked | {"id": third["id"], "version": 1})
    assert freed["state"] == "AWAITING_BASIS"


async def test_withdrawing_ends_the_recipients_access(loop: Loop) -> None:
    taken = await loop.accepted()
    assert (await loop.reveal("sato", taken["id"], "L3"))["personName"] == NAME
    await loop.step("ines", said.WITHDRAW, id=taken["id"], version=taken["version"], code="PERSON_DECLINED")
    assert (await loop.reveal("sato", taken["id"], "L3"))["__typename"] == "NotAllowed"
    assert (await loop.reveal("ines", taken["id"], "L3"))["personName"] == NAME


async def test_access_ends_some_days_after_the_end(loop: Loop) -> None:
    taken = await loop.accepted(days=365)
    reported = await loop.step("sato", said.REPORT, id=taken["id"], version=taken["version"], code="GOT_HELP")
    await loop.step("ines", said.CONFIRM, id=taken["id"], version=reported["version"])
    loop.cities.stage.clock.move(days=29)
    assert (await loop.reveal("sato", taken["id"], "L3"))["personName"] == NAME
    loop.cities.stage.clock.move(days=2)
    assert (await loop.reveal("sato", taken["id"], "L3"))["__typename"] == "NotAllowed"
    left = await loop.read("sato", taken["id"])
    assert left is not None
    assert (left["state"], left["ask"], left["outcomeCode"]) == ("CLOSED", None, "GOT_HELP")

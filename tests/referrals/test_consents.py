"""A disclosure rests on a consent that holds today, names the recipient, and names the item."""

from datetime import timedelta
from typing import Any

from tests.referrals import documents as said
from tests.referrals.conftest import NAME, NARRATIVE, Loop


async def asked(loop: Loop, case: str, name: str = "sato") -> dict[str, Any]:
    draft = await loop.draft(case)
    return await loop.step(
        "ines",
        said.REQUEST_BASIS,
        id=draft["id"],
        version=draft["version"],
        recipientId=loop.organisations[name],
    )


async def send(loop: Loop, referral: dict[str, Any], consent: str) -> dict[str, Any]:
    return await loop.person("ines").do(
        said.SEND, id=referral["id"], version=referral["version"], consentId=consent
    )


async def test_no_sending_without_a_consent_that_names_the_recipient(loop: Loop) -> None:
    case, other = await loop.case(), await loop.case()
    referral = await asked(loop, case)
    for wrong in (await loop.consent(case, "hana"), await loop.consent(other, "sato")):
        refused = await send(loop, referral, wrong["id"])
        assert (refused["__typename"], refused["detail"]) == ("InvalidInput", "NO_VALID_CONSENT")
    good = await loop.consent(case, "sato", "hana")
    assert (await send(loop, referral, good["id"]))["referral"]["state"] == "SENT"


async def test_no_sending_on_a_consent_that_is_over(loop: Loop) -> None:
    case = await loop.case()
    short, long = await loop.consent(case, "sato", days=0), await loop.consent(case, "sato", days=9)
    referral = await asked(loop, case)
    loop.cities.stage.clock.move(days=1)
    assert (await send(loop, referral, short["id"]))["detail"] == "NO_VALID_CONSENT"
    assert (await send(loop, referral, long["id"]))["referral"]["state"] == "SENT"


async def test_an_expired_consent_closes_the_reveal_the_day_after(loop: Loop) -> None:
    taken = await loop.accepted(days=3)
    loop.cities.stage.clock.move(days=3)
    assert (await loop.reveal("sato", taken["id"], "L3"))["personName"] == NAME
    loop.cities.stage.clock.move(days=1)
    assert (await loop.reveal("sato", taken["id"], "L3"))["__typename"] == "NotAllowed"
    assert (await loop.read("sato", taken["id"]) or {})["state"] == "ACCEPTED"


async def test_a_withdrawn_consent_ends_what_rests_on_it_at_once(loop: Loop) -> None:
    taken = await loop.accepted()
    consent = taken["consent"]
    assert (await loop.reveal("sato", taken["id"], "L2"))["narrative"] == NARRATIVE
    theirs = await loop.person("sato").do(said.WITHDRAW_CONSENT, id=consent["id"], version=consent["version"])
    assert theirs["__typename"] == "NotFound"
    back = await loop.person("ines").do(said.WITHDRAW_CONSENT, id=consent["id"], version=consent["version"])
    assert back["consent"]["withdrawnAt"] is not None
    assert (await loop.reveal("sato", taken["id"], "L2"))["__typename"] == "NotAllowed"
    seen = await loop.read("ines", taken["id"]) or {}
    assert (seen["state"], seen["withdrawCode"]) == ("WITHDRAWN", "CONSENT_REVOKED")
    again = await loop.person("ines").do(
        said.WITHDRAW_CONSENT, id=consent["id"], version=consent["version"] + 1
    )
    assert again["__typename"] == "WrongState"
    stale = await loop.person("ines").do(said.WITHDRAW_CONSENT, id=consent["id"], version=consent["version"])
    assert (stale["__typename"], stale["current"]) == ("StaleVersion", consent["version"] + 1)


async def test_only_the_items_that_were_agreed_to_travel(loop: Loop) -> None:
    taken = await loop.accepted(items=["NARRATIVE", "PERSON_NAME"])
    story = await loop.reveal("sato", taken["id"], "L2")
    assert (story["narrative"], story["constraints"]) == (NARRATIVE, None)
    person = await loop.reveal("sato", taken["id"], "L3")
    assert (person["personName"], person["address"], person["contact"]) == (NAME, None, None)
    assert (await loop.reveal("sato", taken["id"], "L4"))["__typename"] == "NotAllowed"
    package = (await loop.read("sato", taken["id"]) or {})["disclosures"]
    assert [each["items"] for each in package] == [["NARRATIVE", "PERSON_NAME"]]


async def test_the_package_is_frozen_when_it_is_sent(loop: Loop) -> None:
    taken = await loop.accepted()
    kept = await loop.person("ines").do(
        said.KEEP_CASE, id=taken["case"], version=1, person={"narrative": "引っ越した"}
    )
    assert kept["case"]["version"] == 2
    assert (await loop.reveal("sato", taken["id"], "L2"))["narrative"] == NARRATIVE
    assert (await loop.reveal("ines", taken["id"], "L2"))["narrative"] == "引っ越した"


async def test_identity_opens_on_acceptance_only(loop: Loop) -> None:
    case = await loop.case()
    sent = await loop.sent(case, "hana", (await loop.consent(case, "hana"))["id"])
    assert (await loop.reveal("hana", sent["id"], "L2"))["narrative"] == NARRATIVE
    for level in ("L3", "L4"):
        assert (await loop.reveal("hana", sent["id"], level))["__typename"] == "NotAllowed"
    await loop.step("hana", said.ACCEPT, id=sent["id"], version=sent["version"])
    assert (await loop.reveal("hana", sent["id"], "L3"))["personName"] == NAME


async def test_a_company_never_gets_safety_notes(loop: Loop) -> None:
    taken = await loop.accepted("kato")
    assert (await loop.reveal("kato", taken["id"], "L3"))["personName"] == NAME
    assert (await loop.reveal("kato", taken["id"], "L4"))["__typename"] == "NotAllowed"
    seen = await loop.read("kato", taken["id"]) or {}
    assert "SAFETY_NOTES" not in seen["disclosures"][0]["items"]
    assert (seen["ask"] is not None, seen["needCategory"], seen["urgency"]) == (True, None, None)
    assert {"needCategory", "urgency", "case"} <= set(seen["hiddenFields"])


async def test_a_consent_in_the_wrong_time_is_refused_in_both_languages(loop: Loop) -> None:
    case = await loop.case()
    given: dict[str, Any] = {
        "caseId": case,
        "items": ["NARRATIVE"],
        "recipientIds": [loop.organisations["sato"]],
        "purpose": "居場所の紹介",
        "howObtained": "ORAL",
        "obtainedOn": loop.today.isoformat(),
        "validUntil": loop.today.isoformat(),
    }
    to_come = (loop.today + timedelta(days=1)).isoformat()
    over = (loop.today - timedelta(days=1)).isoformat()
    ines = loop.person("ines")
    wrongs: dict[str, Any] = {"obtainedOn": to_come, "validUntil": over, "items": [], "purpose": " "}
    for field, wrong in wrongs.items():
        refused = await ines.do(said.RECORD_CONSENT, **given | {field: wrong})
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)
        assert refused["ja"]
        assert refused["en"]
    to_nobody: dict[str, Any] = {**given, "recipientIds": []}
    nobody = await ines.do(said.RECORD_CONSENT, **to_nobody)
    assert (nobody["__typename"], nobody["field"]) == ("InvalidInput", "recipientIds")
    assert (await ines.do(said.RECORD_CONSENT, **given))["__typename"] == "ConsentPayload"


async def test_no_consent_is_for_ever(loop: Loop) -> None:
    given: dict[str, Any] = {
        "caseId": await loop.case(),
        "items": ["NARRATIVE"],
        "recipientIds": [loop.organisations["sato"]],
        "purpose": "見守りのため",
        "howObtained": "WRITTEN",
        "obtainedOn": loop.today.isoformat(),
    }
    for day in ("9999-12-31", (loop.today + timedelta(days=4_000)).isoformat()):
        refused = await loop.person("ines").do(said.RECORD_CONSENT, **given, validUntil=day)
        assert (refused["field"], refused["detail"]) == ("validUntil", "OUT_OF_RANGE")

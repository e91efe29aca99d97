"""支援会議: without the person's consent, for the bodies picked; then on to consent, for those it names."""

import uuid
from datetime import timedelta
from typing import Any

from services.platform.referrals.basis_jobs import JOBS
from tests.referrals import bases
from tests.referrals import documents as said
from tests.referrals.bases import a_sitting, does, on_a_sitting, opened_to, person_of
from tests.referrals.conftest import MINE, NAME, NARRATIVE, Loop
from tests.referrals.test_councils import ABSENT, SHUT, STORY_ONLY, case_of

BOTH = {"L2": "open", "L3": "open", "L4": "shut"}


async def test_the_bodies_picked_open_it_and_nobody_else(loop: Loop) -> None:
    sent = await on_a_sitting(loop)
    assert await opened_to(loop, "sato", sent["id"]) == BOTH
    opened = await loop.reveal("sato", sent["id"], "L3")
    assert (opened["personName"], opened["accessEntry"]["basis"]) == (NAME, "SUPPORT_MEETING")
    for name in ("hana", "kato", "ueda"):
        assert await opened_to(loop, name, sent["id"]) == ABSENT
        assert (await loop.person(name).ask(bases.READ_SITTING, id=sent["sitting"])).data["sitting"] is None
    assert await opened_to(loop, "mori", sent["id"]) == SHUT


async def test_who_is_picked_later_gets_what_is_before_it(loop: Loop) -> None:
    sent = await on_a_sitting(loop)
    picked = await does(
        loop,
        "mori",
        bases.PICK,
        "sitting",
        id=sent["sitting"],
        version=1,
        organisationId=loop.organisations["hana"],
    )
    assert picked["version"] == 2
    assert await opened_to(loop, "hana", sent["id"]) == BOTH
    assert (await loop.reveal("hana", sent["id"], "L2"))["narrative"] == NARRATIVE
    company = await loop.person("mori").do(
        bases.PICK, id=sent["sitting"], version=2, organisationId=loop.organisations["kato"]
    )
    assert company["detail"] == "COMPANY_NEEDS_CONSENT"
    twice = await loop.person("mori").do(
        bases.PICK, id=sent["sitting"], version=2, organisationId=loop.organisations["hana"]
    )
    assert twice["__typename"] == "AlreadyExists"


async def test_a_cancelled_sitting_opens_nothing(loop: Loop) -> None:
    sent = await on_a_sitting(loop)
    await does(loop, "mori", bases.CANCEL_SITTING, "sitting", id=sent["sitting"], version=1)
    assert await opened_to(loop, "sato", sent["id"]) == SHUT
    late = await loop.person("mori").do(bases.CANCEL_SITTING, id=sent["sitting"], version=2)
    assert (late["__typename"], late["state"]) == ("WrongState", "cancelled")


async def test_it_opens_for_the_platforms_days_after_it_and_no_longer(loop: Loop) -> None:
    """Seven, unless the platform says otherwise; the consent takes its place before or after."""
    sent = await on_a_sitting(loop)
    clock = loop.cities.stage.clock
    clock.move(days=7)
    assert await opened_to(loop, "sato", sent["id"]) == BOTH
    version = (await loop.person("mori").ask(said.TERMS)).data["referralTerms"]["version"]
    await loop.person("mori").do(said.CHANGE_TERMS, version=version, sittingAccessDays=6)
    assert await opened_to(loop, "sato", sent["id"]) == SHUT, "a shortened time acts at once"
    await loop.person("mori").do(said.CHANGE_TERMS, version=version + 1, sittingAccessDays=7)
    clock.move(days=1)
    assert await opened_to(loop, "sato", sent["id"]) == SHUT
    late = await loop.person("mori").do(
        bases.PICK, id=sent["sitting"], version=1, organisationId=loop.organisations["hana"]
    )
    assert (late["__typename"], late["state"]) == ("WrongState", "called")
    for _ in range(2):
        async with loop.at_work() as work:
            await JOBS["sitting.ends"](work, uuid.UUID(sent["sitting"].removeprefix("sitting_")))
    assert (await loop.told("sato")).count("BASIS_FELL") == 1
    sato = await person_of(loop, "sato")
    held = await does(
        loop, "mori", bases.RECORD_SITTING, "sitting", id=sent["sitting"], version=2, participantIds=[sato]
    )
    assert held["state"] == "HELD", "who took part is recorded all the same"
    agreed = await loop.consent(await case_of(loop, sent["id"]), "sato", items=["NARRATIVE"])
    await loop.step("ines", bases.REBASE, id=sent["id"], version=sent["version"], consentId=agreed["id"])
    assert await opened_to(loop, "sato", sent["id"]) == STORY_ONLY


async def test_a_decision_ends_it_before_and_a_day_far_off_is_refused(loop: Loop) -> None:
    sent = await on_a_sitting(loop)
    at: dict[str, Any] = {"id": sent["sitting"], "version": 1}
    assert (await loop.person("sato").do(bases.END_SITTING, **at))["__typename"] == "NotAllowed"
    ended = await does(loop, "mori", bases.END_SITTING, "sitting", **at)
    assert ended["endedAt"]
    assert await opened_to(loop, "sato", sent["id"]) == SHUT
    assert (await loop.told("sato")).count("BASIS_FELL") == 1
    again = await loop.person("mori").do(bases.END_SITTING, id=sent["sitting"], version=2)
    assert again["__typename"] == "WrongState"
    asked = await bases.asked_for(loop, "hana", "SUPPORT_MEETING")
    over = await loop.person("ines").do(
        bases.BRING_TO_SITTING, **of(asked), sittingId=sent["sitting"], items=["NARRATIVE"]
    )
    assert over["detail"] == "NOT_PICKED"
    for days in (-1, 61):
        far = await loop.person("mori").do(
            bases.CALL_SITTING,
            heldOn=(loop.today + timedelta(days=days)).isoformat(),
            chairId=await person_of(loop, "mori"),
            organisationIds=[loop.organisations["sato"]],
        )
        assert (far["field"], far["detail"]) == ("heldOn", "OUT_OF_RANGE")


def of(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "version": row["version"]}


async def test_who_took_part_is_of_a_body_picked_and_recorded(loop: Loop) -> None:
    sent = await on_a_sitting(loop)
    sato, hana = await person_of(loop, "sato"), await person_of(loop, "hana")
    wrong = await loop.person("mori").do(
        bases.RECORD_SITTING, id=sent["sitting"], version=1, participantIds=[sato, hana]
    )
    assert wrong["detail"] == "NOT_PICKED"
    held = await does(
        loop, "mori", bases.RECORD_SITTING, "sitting", id=sent["sitting"], version=1, participantIds=[sato]
    )
    assert (held["state"], held["participants"]) == ("HELD", [{"name": "Sato"}])
    assert await opened_to(loop, "sato", sent["id"]) == BOTH


async def test_only_a_sender_that_was_picked_brings_it_and_only_picked_bodies_are_asked(loop: Loop) -> None:
    others = await a_sitting(loop, "sato", "hana")
    asked = await bases.asked_for(loop, "sato", "SUPPORT_MEETING")
    at = {"id": asked["id"], "version": asked["version"]}
    hidden = await loop.person("ines").do(
        bases.BRING_TO_SITTING, **at, sittingId=others["id"], items=["NARRATIVE"]
    )
    assert hidden["__typename"] == "NotFound"
    mine = await a_sitting(loop, "ines", "hana")
    safety = await loop.person("ines").do(
        bases.BRING_TO_SITTING, **at, sittingId=mine["id"], items=["SAFETY_NOTES"]
    )
    assert safety["detail"] == "NOT_ON_THIS_BASIS"
    await loop.step("ines", bases.BRING_TO_SITTING, **at, sittingId=mine["id"], items=["NARRATIVE"])
    refused = await loop.person("ines").do(said.SEND, **at, supportMeeting={"sittingId": mine["id"]})
    assert (refused["__typename"], refused["detail"]) == ("InvalidInput", "NOT_PICKED")


async def test_the_case_moves_on_to_consent_and_leaves_the_sitting(loop: Loop) -> None:
    """支援会議 → 重層的支援会議: whom the consent does not name sees no more of it."""
    sent = await on_a_sitting(loop)
    await does(
        loop,
        "mori",
        bases.PICK,
        "sitting",
        id=sent["sitting"],
        version=1,
        organisationId=loop.organisations["hana"],
    )
    async with loop.cities.stage.sql() as sql:
        case = await sql.fetchval(
            "SELECT case_id FROM tsunagari.referral WHERE id = $1", sent["id"].removeprefix("referral_")
        )
    agreed = await loop.consent(f"case_{case}", "sato", items=["NARRATIVE", "PERSON_NAME"])
    elsewhere = await loop.consent(f"case_{case}", "hana")
    at = {"id": sent["id"], "version": sent["version"]}
    wrong = await loop.person("ines").do(bases.REBASE, **at, consentId=elsewhere["id"])
    assert wrong["detail"] == "NO_VALID_CONSENT"
    moved = await loop.step("ines", bases.REBASE, **at, consentId=agreed["id"])
    seen = await loop.read("ines", sent["id"]) or {}
    assert (seen["state"], seen["basis"]) == ("SENT", "CONSENT")
    assert seen["disclosures"][0]["basis"] == "CONSENT"
    assert await opened_to(loop, "hana", sent["id"]) == ABSENT
    assert await opened_to(loop, "sato", sent["id"]) == STORY_ONLY
    opened = await loop.reveal("sato", sent["id"], "L2")
    assert (opened["narrative"], opened["constraints"]) == (NARRATIVE, None)
    assert opened["accessEntry"]["basis"] == "CONSENT"
    again = await loop.person("ines").do(
        bases.REBASE, id=sent["id"], version=moved["version"], consentId=agreed["id"]
    )
    assert again["__typename"] == "WrongState"


async def test_each_basis_opens_its_own_package_and_is_what_the_log_names(loop: Loop) -> None:
    """Admitted by the council too, which was to know the name alone, one reads the story by the sitting."""
    sent = await on_a_sitting(loop)
    council = await bases.a_council(loop, "ines", "sato")
    at = {"id": sent["id"], "version": sent["version"]}
    item = await does(
        loop,
        "ines",
        bases.BRING_TO_COUNCIL,
        "councilItem",
        **at,
        councilId=council["id"],
        items=["PERSON_NAME"],
    )
    sato = loop.organisations["sato"]
    await does(loop, "mori", bases.ASSIGN, "councilItem", id=item["id"], organisationId=sato)
    opened = await loop.reveal("sato", sent["id"], "L2")
    assert (opened["narrative"], opened["accessEntry"]["basis"]) == (NARRATIVE, "SUPPORT_MEETING")
    await does(loop, "mori", bases.CANCEL_SITTING, "sitting", id=sent["sitting"], version=1)
    nothing = await loop.reveal("sato", sent["id"], "L2")
    assert (nothing["narrative"], nothing["accessEntry"]["basis"]) == (None, "COUNCIL_EXCHANGE")


async def test_a_sitting_that_was_cancelled_takes_its_package_with_it(loop: Loop) -> None:
    """Sato, picked for both, may read the story by the one; the name went by the other alone."""
    asked = await bases.asked_for(loop, "sato", "SUPPORT_MEETING")
    at = {"id": asked["id"], "version": asked["version"]}
    story, name = await a_sitting(loop, "ines", "sato"), await a_sitting(loop, "ines", "sato")
    await loop.step("ines", bases.BRING_TO_SITTING, **at, sittingId=story["id"], items=["NARRATIVE"])
    await loop.step("ines", bases.BRING_TO_SITTING, **at, sittingId=name["id"], items=["PERSON_NAME"])
    assert (await loop.reveal("sato", asked["id"], "L2"))["narrative"] == NARRATIVE
    assert (await loop.reveal("sato", asked["id"], "L3"))["personName"] == NAME
    await does(loop, "mori", bases.CANCEL_SITTING, "sitting", id=name["id"], version=1)
    assert (await loop.reveal("sato", asked["id"], "L2"))["narrative"] == NARRATIVE
    assert NAME not in str(await loop.reveal("sato", asked["id"], "L3"))


async def test_what_was_opened_before_a_sitting_becomes_void_with_a_breach_alone(loop: Loop) -> None:
    """It was never sent, and yet Sato could read it."""
    draft = await loop.draft(await loop.case())
    sitting = await a_sitting(loop, "ines", "sato")
    brought = {"sittingId": sitting["id"], "items": ["NARRATIVE"]}
    at = await loop.step("ines", bases.BRING_TO_SITTING, id=draft["id"], version=draft["version"], **brought)
    asked = await loop.step("ines", said.ASK_VOID, id=draft["id"], version=at["version"])
    void = {"id": draft["id"], "version": asked["version"]}
    quiet = await loop.person("mori").do(said.VOID, **void, openBreach=False)
    assert quiet["detail"] == "BREACH_REQUIRED"
    assert (await loop.step("mori", said.VOID, **void, openBreach=True))["state"] == "VOID"
    assert (await loop.reveal("sato", draft["id"], "L2"))["__typename"] == "NotFound"


async def test_the_coordinator_does_not_let_themselves_into_what_was_brought(loop: Loop) -> None:
    """Who calls sittings reads no story: Mori picks her own department before Ines decides, never after."""
    sent = await on_a_sitting(loop)
    own = (await loop.person("mori").ask(MINE)).data["myOrganisation"]["id"]
    picked = await loop.person("mori").do(bases.PICK, id=sent["sitting"], version=1, organisationId=own)
    assert picked["detail"] == "OWN_ORGANISATION"
    assert await opened_to(loop, "mori", sent["id"]) == SHUT
    empty = await a_sitting(loop, "ines")
    await does(loop, "mori", bases.PICK, "sitting", id=empty["id"], version=1, organisationId=own)

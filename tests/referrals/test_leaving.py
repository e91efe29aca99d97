"""Organisations are suspended or leave, people go: whoever was to be helped still has somebody who knows."""

import asyncio
from typing import Any

from tests.members.said import does, tries
from tests.referrals import documents as said
from tests.referrals.conftest import ALL_ITEMS, Loop
from tests.stage.cities import ALL_ROLES, INVITE

MINE = "query { myOrganisation { id version } }"
ATTEMPTS = """query { referralsSent { nodes { id version state pastDue ask withdrawCode recipient { name }
  previousAttempt { id } } } }"""

CASE_NOW = "query ($id: ID!) { case(id: $id) { version viewerCan } }"
STEPS = "SELECT step FROM tsunagari.referral_event WHERE referral_id = $1 ORDER BY sequence"
LOCK = "SELECT 1 FROM tsunagari.referral WHERE id = $1 FOR UPDATE"
SHARE = "SELECT 1 FROM tsunagari.organisation WHERE id = $1 FOR KEY SHARE NOWAIT"
WAITING = """SELECT count(*) FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock'"""


async def mine(loop: Loop, name: str) -> dict[str, Any]:
    found: dict[str, Any] = (await loop.person(name).ask(MINE)).data["myOrganisation"]
    return found


async def of(loop: Loop, name: str) -> dict[str, Any]:
    """The organisation of somebody as the coordinator names it."""
    text = "query ($id: ID!) { organisation(id: $id) { id version } }"
    found = await loop.person("mori").ask(text, id=loop.organisations[name])
    organisation: dict[str, Any] = found.data["organisation"]
    return organisation


async def attempts(loop: Loop) -> dict[str, dict[str, Any]]:
    nodes = (await loop.person("ines").ask(ATTEMPTS)).data["referralsSent"]["nodes"]
    return {each["id"]: each for each in nodes}


async def test_what_a_recipient_was_asked_goes_back_when_it_leaves(loop: Loop) -> None:
    """Sato's kitchen closes with one referral unanswered, one at work, one reported, one being prepared."""
    taken = await loop.accepted()
    case, agreed = taken["case"], taken["consent"]["id"]
    sent = await loop.sent(case, "sato", agreed, needCategory="FOOD")
    told = await loop.sent(case, "sato", agreed, needCategory="WORK")
    told = await loop.step("sato", said.ACCEPT, id=told["id"], version=told["version"])
    told = await loop.step("sato", said.REPORT, id=told["id"], version=told["version"], code="GOT_HELP")
    draft = await loop.draft(case, needCategory="HOUSING")
    prepared = await loop.step(
        "ines",
        said.REQUEST_BASIS,
        id=draft["id"],
        version=draft["version"],
        recipientId=loop.organisations["sato"],
    )
    assert "personName" in await loop.reveal("sato", taken["id"], "L3")

    await does(loop.person("sato"), "leave", **await mine(loop, "sato"))

    assert (await loop.reveal("sato", taken["id"], "L3"))["__typename"] in ("NotFound", "NotAllowed")
    now = await attempts(loop)
    for ended in (taken, sent):
        assert (now[ended["id"]]["state"], now[ended["id"]]["withdrawCode"]) == (
            "WITHDRAWN",
            "RECIPIENT_LEFT",
        )
    again = [each for each in now.values() if each["previousAttempt"]]
    assert {each["previousAttempt"]["id"] for each in again} == {taken["id"], sent["id"]}
    assert {(each["state"], each["pastDue"]) for each in again} == {("DRAFT", True)}
    assert (now[prepared["id"]]["state"], now[prepared["id"]]["recipient"]) == ("DRAFT", None)
    assert (await loop.told("ines")).count("RECIPIENT_LEFT") == 3
    assert (await loop.told("mori")).count("RECIPIENT_LEFT") == 2

    listed = (await loop.person("mori").ask(said.PAST_DUE)).data["referralsPastDue"]["nodes"]
    assert {each["id"] for each in listed} == {each["id"] for each in again}
    first = again[0]
    consent = await loop.consent(case, "hana", items=ALL_ITEMS)
    asked = await loop.step(
        "ines",
        said.REQUEST_BASIS,
        id=first["id"],
        version=first["version"],
        recipientId=loop.organisations["hana"],
    )
    await loop.step("ines", said.SEND, id=asked["id"], version=asked["version"], consentId=consent["id"])
    listed = (await loop.person("mori").ask(said.PAST_DUE)).data["referralsPastDue"]["nodes"]
    assert [each["id"] for each in listed] == [again[1]["id"]]
    confirmed = await loop.step("ines", said.CONFIRM, id=told["id"], version=told["version"])
    assert confirmed["state"] == "CLOSED"


async def test_nobody_leaves_with_open_cases_but_by_the_coordinator(loop: Loop) -> None:
    taken = await loop.accepted()
    await loop.card(taken["case"], needCategory="FOOD")
    refused = await tries(loop.person("ines"), "leave", **await mine(loop, "ines"))
    assert (refused["state"], "1件" in refused["ja"], "2件" in refused["ja"]) == ("keeps_cases", True, True)
    forced = await tries(loop.person("ines"), "endMembership", **await mine(loop, "ines"))
    assert forced["problem"] == "NOT_ALLOWED"
    refused = await tries(loop.person("mori"), "leave", **await of(loop, "ines"))
    assert refused["state"] == "keeps_cases"
    assert (await loop.read("ines", taken["id"]) or {})["state"] == "ACCEPTED"

    await does(loop.person("mori"), "endMembership", **await of(loop, "ines"))

    assert "SENDER_LEFT" in await loop.told("sato")
    ended = await loop.read("sato", taken["id"])
    assert (ended or {})["state"] == "WITHDRAWN"
    assert (await loop.reveal("sato", taken["id"], "L3"))["__typename"] in ("NotFound", "NotAllowed")
    async with loop.cities.stage.sql() as sql:
        cases = await sql.fetch("SELECT state, closed_on FROM tsunagari.case_file")
        codes = await sql.fetch("SELECT state, withdraw_code FROM tsunagari.referral")
    assert [(each["state"], each["closed_on"]) for each in cases] == [("closed", loop.today)]
    assert {tuple(each) for each in codes} == {("withdrawn", "sender_left")}


async def test_a_leaving_waits_for_an_answer_that_is_on_its_way(loop: Loop) -> None:
    """It locks the referral before the organisation, of which the answer's own rows need a share: neither
    deadlocks, and what was accepted a moment before ends with the rest."""
    case = await loop.case()
    consent = await loop.consent(case, "sato")
    sent = await loop.sent(case, "sato", consent["id"])
    organisation = await of(loop, "sato")
    async with loop.cities.stage.sql() as answer, loop.cities.stage.sql() as watch:
        async with answer.transaction():
            await answer.fetch(LOCK, sent["id"].removeprefix("referral_"))
            leaving = asyncio.create_task(does(loop.person("mori"), "leave", **organisation))
            while not await watch.fetchval(WAITING):
                """Until the leaving hangs on the referral."""
            await answer.fetch(SHARE, organisation["id"].removeprefix("organisation_"))
        left = await leaving
    assert left["organisation"]["status"] == "WITHDRAWN"
    assert (await attempts(loop))[sent["id"]]["withdrawCode"] == "RECIPIENT_LEFT"


async def test_who_waits_for_a_suspended_member_is_told_and_nothing_more_goes_there(loop: Loop) -> None:
    taken = await loop.accepted()
    await does(loop.person("mori"), "suspendMember", **await of(loop, "sato"))
    assert "RECIPIENT_SUSPENDED" in await loop.told("ines")
    assert (await loop.reveal("sato", taken["id"], "L2"))["__typename"] in ("NotFound", "NotAllowed")
    draft = await loop.draft(taken["case"], needCategory="FOOD")
    refused = await loop.person("ines").do(
        said.REQUEST_BASIS,
        id=draft["id"],
        version=draft["version"],
        recipientId=loop.organisations["sato"],
    )
    assert refused["__typename"] == "NotFound"
    await does(loop.person("mori"), "reinstateMember", **await of(loop, "sato"))
    assert "narrative" in await loop.reveal("sato", taken["id"], "L2")


async def test_what_a_member_that_is_gone_had_only_offered_or_asked_for_ends(loop: Loop) -> None:
    """Hana is suspended with an offer on a card, a case asked for, and a referral prepared for her."""
    taken = await loop.accepted()
    card = await loop.card(taken["case"], needCategory="FOOD")
    offered = await loop.offer("hana", card["id"])
    asked = await loop.step(
        "hana", said.ASK_TRANSFER, id=card["id"], version=(await loop.seen("ines", card["id"]))["version"]
    )
    draft = await loop.draft(taken["case"], needCategory="HOUSING")
    prepared = await loop.step(
        "ines",
        said.REQUEST_BASIS,
        id=draft["id"],
        version=draft["version"],
        recipientId=loop.organisations["hana"],
    )
    await does(loop.person("mori"), "suspendMember", **await of(loop, "hana"))
    assert "referral.member_gone" in await loop.due()

    told = await loop.told("ines")
    assert {"OFFER_WITHDRAWN", "TRANSFER_WITHDRAWN", "RECIPIENT_SUSPENDED"} <= set(told)
    async with loop.cities.stage.sql() as sql:
        steps = await sql.fetch(STEPS, card["id"].removeprefix("referral_"))
    assert [each["step"] for each in steps][-2:] == ["end_offer", "end_transfer_request"]
    assert (await attempts(loop))[prepared["id"]]["state"] == "DRAFT"
    at = {"id": card["id"], "version": (await loop.seen("ines", card["id"]))["version"]}
    refused = await loop.person("ines").do(said.CHOOSE, **at, offerId=offered)
    assert refused["__typename"] == "NotFound"
    refused = await loop.person("ines").do(
        said.DECLINE_TRANSFER, **at, organisationId=loop.organisations["hana"]
    )
    assert (refused["__typename"], asked["id"]) == ("WrongState", card["id"])

    await does(loop.person("mori"), "suspendMember", **await of(loop, "ines"))
    assert "SENDER_SUSPENDED" in await loop.told("sato")
    assert "narrative" in await loop.reveal("sato", taken["id"], "L2")


async def test_what_a_person_kept_is_the_desks_when_they_go(loop: Loop) -> None:
    """Ken keeps cases beside Ines and answers for Sato's desk too, until he is gone from both."""
    ken = await _joins(loop, "ines", "ken")
    opened = await loop.cities.stage.person("ken", "ikoma").do(
        said.OPEN_CASE, kind="PERSON", needs=["BELONGING"], person={"narrative": "毎晩ひとりで過ごしている。"}
    )
    case = opened["case"]["id"]
    consent = await loop.consent(case, "sato", items=["NARRATIVE"])
    sent = await loop.sent(case, "sato", consent["id"])
    aoi = await _joins(loop, "sato", "aoi")
    me = (await loop.person("sato").ask("query { me { id } }")).data["me"]["id"]
    await does(
        loop.person("sato"),
        "setRoles",
        organisationId=loop.organisations["sato"],
        personId=me,
        roles=["REPRESENTATIVE"],
    )
    await loop.due()
    assert "NOBODY_RECEIVES" not in await loop.told("ines")
    assert (await _keeper(loop, case)) == {"name": "ken"}

    for name, person in (("ines", ken), ("sato", aoi)):
        await does(
            loop.person(name),
            "removePerson",
            organisationId=loop.organisations[name],
            personId=person,
        )
    assert await _keeper(loop, case) is None
    await loop.due()
    assert {"CASE_TO_DESK", "NOBODY_RECEIVES"} <= set(await loop.told("ines"))
    assert "NOBODY_RECEIVES" in await loop.told("mori")
    await _is_taken_over(loop, case, ken)
    now = await loop.seen("ines", sent["id"])
    withdrawn = await loop.step("ines", said.WITHDRAW, id=sent["id"], version=now["version"], code="MOVED")
    assert withdrawn["state"] == "WITHDRAWN"


async def _is_taken_over(loop: Loop, case: str, left: str) -> None:
    """By a caseworker of the organisation, and by nobody else."""
    ids = {
        name: (await loop.person(name).ask("query { me { id } }")).data["me"]["id"]
        for name in ("ines", "sato")
    }
    found = (await loop.person("ines").ask(CASE_NOW, id=case)).data["case"]
    assert "ASSIGN_CASE" in found["viewerCan"]
    at: dict[str, Any] = {"id": case, "version": found["version"]}
    for nobody in (left, ids["sato"]):
        refused = await loop.person("ines").do(said.ASSIGN_CASE, **at, personId=nobody)
        assert refused["__typename"] == "NotFound"
    taken = await loop.person("ines").do(said.ASSIGN_CASE, **at, personId=ids["ines"])
    assert taken["case"]["caseworker"] == await _keeper(loop, case) is not None
    bea = await _joins(loop, "ines", "bea")
    at["version"] = taken["case"]["version"]
    await loop.person("ines").do(said.ASSIGN_CASE, **at, personId=bea)
    assert await _keeper(loop, case) == {"name": "bea"}
    inbox = (await loop.cities.stage.person("bea", "ikoma").ask(said.NOTICES)).data["inbox"]
    assert [each["kind"] for each in inbox["notices"]["nodes"]] == ["CASE_ASSIGNED"]


async def _joins(loop: Loop, name: str, newcomer: str) -> str:
    """Somebody new in the organisation of `name`, with every role; their id."""
    invited = await loop.person(name).do(
        INVITE, organisationId=loop.organisations[name], name=newcomer, roles=ALL_ROLES
    )
    joined = await does(loop.cities.stage.person(newcomer, "ikoma"), "acceptInvitation", code=invited["code"])
    identity: str = joined["person"]["id"]
    return identity


async def _keeper(loop: Loop, case: str) -> dict[str, str] | None:
    found = (await loop.person("ines").ask(said.CASE, id=case)).data["case"]
    keeper: dict[str, str] | None = found["caseworker"]
    return keeper

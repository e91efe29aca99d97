"""The product's story, end to end, on the demo: a person in need in 生駒市, and what each may see of it."""

import asyncio
from pathlib import Path
from typing import Any

import psutil

from libs.persistence import audit
from libs.persistence.connections import connect
from tests.journey.demo import Demo, running_demo
from tests.journey.without_account import neighbours_answer_by_link, somebody_asks_for_help
from tests.referrals import documents as said
from tests.rights.conftest import CONFIRM

WAITING = "{ organisations(status: APPLIED) { nodes { id version name } } }"
APPROVE = """mutation ($input: ReviewInput!) { approveMember(input: $input) {
  ... on OrganisationPayload { organisation { status } } ... on UserError { code } } }"""
DIRECTORY = """query ($search: String) { organisations(search: $search) {
  totalCount nodes { id name hiddenFields } } }"""
GROUP = "{ myWorkingGroups { nodes { id name } } }"
RECEIVED = "{ referralsReceived { nodes { id state basis } } }"
GLASSES = "{ breakGlasses { nodes { opener { name } reviewedBy { name } } } }"
ERASURES = "{ erasures(state: ASKED) { nodes { id version case { id } } } }"
ERASED = "{ erasures(state: DONE) { totalCount } }"
OWN = "{ me { id } myOrganisation { id } }"
ONE = "query ($id: ID!) { referral(id: $id) { state version } node(id: $id) { id } }"
REMOVE = """mutation ($input: RemovePersonInput!) { removePerson(input: $input) {
  ... on OrganisationPayload { organisation { id } } ... on UserError { code } } }"""
FIGURES = """query ($month: String!) { figures(month: $month, level: NATION) {
  nodes { measure breakdown value mark missing } } }"""
WORKER_SECONDS = 30
PERSON = {"narrative": "話し相手がいない", "personName": "架空 花子", "contact": "0743-00-0000"}


async def test_the_story(tmp_path: Path) -> None:
    async with running_demo(tmp_path) as demo:
        started = demo.processes()
        await _an_organisation_is_admitted(demo)
        referral = await _a_person_is_helped(demo)
        await _others_see_what_is_theirs(demo, referral)
        await somebody_asks_for_help(demo)
        await neighbours_answer_by_link(demo)
        await _each_basis_opens_what_it_may(demo)
        await _an_emergency_was_reviewed(demo)
        await _two_people_erase_a_case(demo)
        await _somebody_leaves(demo, referral)
        await _the_nation_sees_counts_only(demo)
        await _the_chain_is_whole(demo)
    assert not [pid for pid in started if psutil.pid_exists(pid)], "Ctrl-C must leave no process"


async def _an_organisation_is_admitted(demo: Demo) -> None:
    (waiting,) = (await demo.ask("森", WAITING))["organisations"]["nodes"]
    assert (await demo.ask("加藤", DIRECTORY, search="傾聴"))["organisations"]["totalCount"] == 0
    approved = await demo.do("森", APPROVE, id=waiting["id"], version=waiting["version"])
    assert approved["organisation"]["status"] == "ACTIVE"
    again = await demo.do("森", APPROVE, id=waiting["id"], version=waiting["version"])
    assert again["code"] == "STALE_VERSION"
    found = (await demo.ask("加藤", DIRECTORY, search="けいちょう"))["organisations"]
    assert [each["name"] for each in found["nodes"]] == ["いこま傾聴の会"]


async def _a_person_is_helped(demo: Demo) -> str:
    """From a card without a name to a loop that the sender confirms."""
    groups = (await demo.ask("イネス", GROUP))["myWorkingGroups"]["nodes"]
    group = next(each["id"] for each in groups if each["name"].startswith("居場所"))
    case = (await demo.do("イネス", said.OPEN_CASE, needs=["LISTENING"], person=PERSON))["case"]["id"]
    draft = {"needCategory": "LISTENING", "ask": "話し相手を探しています。", "ageBand": "SENIOR"}
    card = (await demo.do("イネス", said.CREATE, caseId=case, card=draft))["referral"]
    await _step(demo, "イネス", said.POST, card["id"], workingGroupId=group)
    offer = (await demo.do("佐藤", said.OFFER, id=card["id"], message="伺えます。"))["offer"]["id"]
    consent = await _consent(demo, case, "佐藤")
    await _step(demo, "イネス", said.CHOOSE, card["id"], offerId=offer, consentId=consent)
    assert (await _reveal(demo, "佐藤", card["id"], "L3"))["code"] == "NOT_ALLOWED"
    await _step(demo, "佐藤", said.ACCEPT, card["id"])
    assert (await _reveal(demo, "佐藤", card["id"], "L3"))["personName"] == PERSON["personName"]
    await _step(demo, "佐藤", said.START, card["id"], startedOn=await _today(demo))
    await _step(demo, "佐藤", said.REPORT, card["id"], code="GOT_HELP")
    await _step(demo, "イネス", said.CONFIRM, card["id"])
    assert (await demo.ask("イネス", ONE, id=card["id"]))["referral"]["state"] == "CLOSED"
    return card["id"]


async def _others_see_what_is_theirs(demo: Demo, referral: str) -> None:
    assert await demo.ask("上田", ONE, id=referral) == {"referral": None, "node": None}
    assert (await _reveal(demo, "上田", referral, "L2"))["code"] == "NOT_FOUND"
    assert (await _reveal(demo, "森", referral, "L2"))["code"] == "NOT_ALLOWED"
    seen = (await demo.ask("加藤", said.READ, id=referral))["referral"]
    assert seen["ask"] == "話し相手を探しています。"
    assert seen["needCategory"] is None
    assert "needCategory" in seen["hiddenFields"]


async def _each_basis_opens_what_it_may(demo: Demo) -> None:
    """To 佐藤, who was asked by the council and in a 支援会議 and has answered neither."""
    received = (await demo.ask("佐藤", RECEIVED))["referralsReceived"]["nodes"]
    asked = {each["basis"]: each["id"] for each in received if each["state"] == "SENT"}
    council, sitting = asked["COUNCIL_EXCHANGE"], asked["SUPPORT_MEETING"]
    assert (await _reveal(demo, "佐藤", council, "L2"))["accessEntry"]["basis"] == "COUNCIL_EXCHANGE"
    assert (await _reveal(demo, "佐藤", council, "L3"))["code"] == "NOT_ALLOWED"
    assert (await _reveal(demo, "佐藤", sitting, "L3"))["accessEntry"]["basis"] == "SUPPORT_MEETING"
    for identity in (council, sitting):
        assert (await _reveal(demo, "加藤", identity, "L2"))["code"] == "NOT_FOUND"
    told = (await demo.ask("佐藤", said.NOTICES))["inbox"]["notices"]["nodes"]
    assert {"COUNCIL_ASSIGNED", "SITTING_PICKED", "REFERRAL_SENT"} <= {each["kind"] for each in told}


async def _an_emergency_was_reviewed(demo: Demo) -> None:
    (glass,) = (await demo.ask("森", GLASSES))["breakGlasses"]["nodes"]
    assert (glass["opener"]["name"], glass["reviewedBy"]["name"]) == ("花田 はな", "阿部 あきら")
    assert (await demo.ask("イネス", GLASSES))["breakGlasses"]["nodes"] == []


async def _two_people_erase_a_case(demo: Demo) -> None:
    """イネス asked for it; 森 confirms and does not learn whose it is."""
    (asked,) = (await demo.ask("森", ERASURES))["erasures"]["nodes"]
    assert asked.pop("case") is None
    assert (await demo.do("イネス", CONFIRM, **asked))["code"] == "NOT_ALLOWED"
    assert "erasure" in await demo.do("森", CONFIRM, **asked)
    async with asyncio.timeout(WORKER_SECONDS):
        while (await demo.ask("イネス", ERASED))["erasures"]["totalCount"] == 0:  # noqa: ASYNC110 - the worker has no event for us
            await asyncio.sleep(0.1)


async def _somebody_leaves(demo: Demo, referral: str) -> None:
    """At the very next request."""
    sato = await demo.ask("佐藤", OWN)
    assert (await demo.ask("佐藤", ONE, id=referral))["referral"]["state"] == "CLOSED"
    gone = await demo.do("森", REMOVE, organisationId=sato["myOrganisation"]["id"], personId=sato["me"]["id"])
    assert "organisation" in gone, gone
    assert (await demo.ask("佐藤", ONE, id=referral))["referral"] is None


async def _the_nation_sees_counts_only(demo: Demo) -> None:
    (release,) = (await demo.ask("国枝", "{ releases { nodes { month } } }"))["releases"]["nodes"]
    rows = (await demo.ask("国枝", FIGURES, month=release["month"]))["figures"]["nodes"]
    sent = next(row for row in rows if (row["measure"], row["breakdown"]) == ("REFERRALS", "sent"))
    assert (sent["value"], sent["missing"]) == (0, 1), (
        "a count below ten is missing from the total, and said so"
    )
    assert await demo.refused("森", "{ me { nonsense } }") == "GRAPHQL_VALIDATION_FAILED"


async def _the_chain_is_whole(demo: Demo) -> None:
    owner = await connect(demo.described["database"]["owner"])
    try:
        for row in await owner.fetch("SELECT tenant_id FROM tsunagari.tenant"):
            entries = await owner.fetch(audit.CHAIN.sql, row["tenant_id"])
            head = await owner.fetchrow(audit.HEAD.sql, row["tenant_id"])
            assert audit.first_break([_decoded(entry) for entry in entries], head) is None
            assert len(entries) > 0
    finally:
        await owner.close()


def _decoded(entry: Any) -> dict[str, Any]:
    import msgspec

    return {**entry, "codes": msgspec.json.decode(entry["codes"])}


async def _step(demo: Demo, who: str, mutation: str, referral: str, **given: Any) -> None:
    version = (await demo.ask(who, ONE, id=referral))["referral"]["version"]
    done = await demo.do(who, mutation, id=referral, version=version, **given)
    assert done["__typename"] == "ReferralPayload", done


async def _reveal(demo: Demo, who: str, referral: str, level: str) -> dict[str, Any]:
    return await demo.do(who, said.REVEAL, id=referral, level=level, purpose={"code": "SUPPORT"})


async def _consent(demo: Demo, case: str, recipient: str) -> str:
    organisation = (await demo.ask(recipient, OWN))["myOrganisation"]["id"]
    today = await _today(demo)
    recorded = await demo.do(
        "イネス",
        said.RECORD_CONSENT,
        caseId=case,
        items=["NARRATIVE", "PERSON_NAME", "CONTACT"],
        recipientIds=[organisation],
        purpose="話し相手を紹介するため",
        howObtained="ORAL",
        obtainedOn=today,
        validUntil=f"{int(today[:4]) + 1}{today[4:8]}01",
    )
    return recorded["consent"]["id"]


async def _today(demo: Demo) -> str:
    """The day in Japan, by the database's clock."""
    owner = await connect(demo.described["database"]["owner"])
    try:
        day: str = await owner.fetchval("SELECT ((now() AT TIME ZONE 'Asia/Tokyo')::date)::text")
    finally:
        await owner.close()
    return day

"""The statutory council: its published list decides, today, who may open an item."""

import json
from datetime import timedelta
from typing import Any

from tests.referrals import bases
from tests.referrals import documents as said
from tests.referrals.bases import a_council, does, leaves, on_the_council, opened_to
from tests.referrals.conftest import ADDRESS, MINE, NAME, NARRATIVE, SAFETY, Loop

SHUT = {"L2": "shut", "L3": "shut", "L4": "shut"}
ABSENT = {"L2": "absent", "L3": "absent", "L4": "absent"}
STORY_ONLY = {"L2": "open", "L3": "shut", "L4": "shut"}
ALL = {"L2": "open", "L3": "open", "L4": "open"}


async def test_identity_opens_on_acceptance_and_the_log_names_the_council(loop: Loop) -> None:
    sent = await on_the_council(loop)
    assert await opened_to(loop, "sato", sent["id"]) == STORY_ONLY
    taken = await loop.step("sato", said.ACCEPT, id=sent["id"], version=sent["version"])
    assert await opened_to(loop, "sato", taken["id"]) == ALL
    opened = await loop.reveal("sato", taken["id"], "L3")
    assert (opened["personName"], opened["address"], opened["contact"]) == (NAME, ADDRESS, None)
    assert opened["accessEntry"]["basis"] == "COUNCIL_EXCHANGE"
    assert (await loop.reveal("sato", taken["id"], "L4"))["safetyNotes"] == SAFETY


async def test_the_senders_reason_opens_all_before_acceptance_and_is_sealed(loop: Loop) -> None:
    why = "今夜、訪問が要るため"
    sent = await on_the_council(loop, openingReason=why)
    assert await opened_to(loop, "sato", sent["id"]) == ALL
    texts = await loop.person("sato").do(
        bases.mutation("revealReferral", "Reveal", "openingText"),
        id=sent["id"],
        level="TEXTS",
        purpose={"code": "SUPPORT"},
    )
    assert texts["openingText"] == why
    async with loop.cities.stage.sql() as sql:
        assert not await sql.fetch(
            "SELECT 1 FROM tsunagari.referral r WHERE r::text LIKE '%' || $1 || '%'", why
        )
    empty = await loop.person("ines").do(
        said.SEND, id=sent["id"], version=sent["version"], councilExchange={"itemId": sent["item"]}
    )
    assert empty["__typename"] == "WrongState"


async def test_a_member_that_leaves_sees_nothing_from_midnight_on(loop: Loop) -> None:
    sent = await on_the_council(loop)
    await leaves(loop, sent["council"], "sato", (loop.today + timedelta(days=1)).isoformat())
    assert await opened_to(loop, "sato", sent["id"]) == STORY_ONLY
    midnight = loop.today + timedelta(days=1)
    now = loop.cities.stage.clock()
    to_midnight = timedelta(hours=15) - timedelta(hours=now.hour, minutes=now.minute, seconds=now.second)
    if to_midnight <= timedelta():
        to_midnight += timedelta(days=1)
    loop.cities.stage.clock.move(seconds=to_midnight.total_seconds() + 1)
    assert loop.today == midnight
    assert await opened_to(loop, "sato", sent["id"]) == SHUT
    assert (await loop.read("sato", sent["id"]) or {})["state"] == "SENT"


async def test_with_the_sender_the_whole_item_leaves_the_council(loop: Loop) -> None:
    """Both bodies are on the list that day, or nothing opens."""
    sent = await on_the_council(loop)
    await leaves(loop, sent["council"], "ines")
    assert await opened_to(loop, "sato", sent["id"]) == SHUT
    assert await opened_to(loop, "ines", sent["id"]) == ALL


async def test_who_is_assigned_but_not_asked_finds_the_item_and_its_story_alone(loop: Loop) -> None:
    sent = await on_the_council(loop)
    assert await opened_to(loop, "hana", sent["id"]) == ABSENT
    member = await does(
        loop,
        "mori",
        bases.ADD_MEMBER,
        "councilMember",
        councilId=sent["council"],
        organisationId=loop.organisations["hana"],
    )
    early = await loop.person("mori").do(
        bases.ASSIGN, id=sent["item"], organisationId=loop.organisations["hana"]
    )
    assert early["detail"] == "NOT_LISTED", "on the list, and not announced yet"
    council = (await loop.person("mori").ask(bases.READ_COUNCIL, id=sent["council"])).data["council"]
    await does(loop, "mori", bases.ANNOUNCE, "council", id=council["id"], version=council["version"])
    await does(
        loop, "mori", bases.ASSIGN, "councilItem", id=sent["item"], organisationId=loop.organisations["hana"]
    )
    assert await opened_to(loop, "hana", sent["id"]) == STORY_ONLY
    assert (await loop.reveal("hana", sent["id"], "L2"))["narrative"] == NARRATIVE
    seen = await loop.read("hana", sent["id"]) or {}
    assert (seen["ask"], seen["state"], seen["accessLog"]) == (None, None, None)
    await does(
        loop,
        "mori",
        bases.UNASSIGN,
        "councilItem",
        id=sent["item"],
        organisationId=loop.organisations["hana"],
    )
    assert await opened_to(loop, "hana", sent["id"]) == ABSENT
    assert member["id"].startswith("council_member_")


async def test_decline_closes_it_to_every_member_at_once(loop: Loop) -> None:
    sent = await on_the_council(loop)
    await loop.step(
        "sato", said.DECLINE, id=sent["id"], version=sent["version"], declinedBy="PROVIDER", code="SAFETY"
    )
    assert await opened_to(loop, "sato", sent["id"]) == SHUT


async def test_no_sending_to_who_is_not_assigned_nor_from_who_is_no_member(loop: Loop) -> None:
    council = await a_council(loop, "ines", "sato")
    asked = await bases.asked_for(loop, "sato", "COUNCIL_EXCHANGE")
    item = await bases.brought(loop, asked, council["id"])
    at = {"id": asked["id"], "version": asked["version"]}
    refused = await loop.person("ines").do(said.SEND, **at, councilExchange={"itemId": item["id"]})
    assert (refused["__typename"], refused["detail"]) == ("InvalidInput", "NOT_ASSIGNED")
    again = await loop.person("ines").do(
        bases.BRING_TO_COUNCIL, **at, councilId=council["id"], items=["NARRATIVE"]
    )
    assert again["__typename"] == "AlreadyExists"
    case = await bases.a_case(loop, "hana")
    theirs = await bases.asked_for(loop, "sato", "COUNCIL_EXCHANGE", case, sender="hana")
    outside = await loop.person("hana").do(
        bases.BRING_TO_COUNCIL,
        id=theirs["id"],
        version=theirs["version"],
        councilId=council["id"],
        items=["NARRATIVE"],
    )
    assert (outside["__typename"], outside["state"]) == ("WrongState", "not_listed")
    assert outside["ja"]


async def test_a_company_on_the_list_opens_nothing_by_it(loop: Loop) -> None:
    council = await a_council(loop, "ines", "kato")
    asked = await bases.asked_for(loop, "kato", "COUNCIL_EXCHANGE")
    item = await bases.brought(loop, asked, council["id"])
    at = {"id": asked["id"], "version": asked["version"]}
    for refused in (
        await loop.person("mori").do(bases.ASSIGN, id=item["id"], organisationId=loop.organisations["kato"]),
        await loop.person("ines").do(said.SEND, **at, councilExchange={"itemId": item["id"]}),
    ):
        assert refused["detail"] == "COMPANY_NEEDS_CONSENT"


async def test_the_coordinating_agency_counts_from_the_notice_that_names_it_and_all_see_it(
    loop: Loop,
) -> None:
    council = await a_council(loop, "ines", "hana")
    at: dict[str, Any] = {"id": council["id"], "version": council["version"]}
    hana = loop.organisations["hana"]
    outsider = await loop.person("mori").do(bases.AGENCY, **at, organisationId=loop.organisations["sato"])
    assert (outsider["__typename"], outsider["state"]) == ("WrongState", "not_listed")
    named = await does(loop, "mori", bases.AGENCY, "council", **at, organisationId=hana)
    assert (named["coordinatingAgency"], named["namedAgency"]) == (None, {"name": "生駒市福祉総務課"})
    quiet = await bases.brought(loop, await bases.asked_for(loop, "sato", "COUNCIL_EXCHANGE"), council["id"])
    assert quiet["assigned"] == []
    others = (await loop.person("ines").ask(bases.READ_COUNCIL, id=council["id"])).data["council"]
    assert others["namedAgency"] is None
    assert "(指定なし)" in others["publicNotice"]
    announced = await does(
        loop, "mori", bases.ANNOUNCE, "council", id=council["id"], version=named["version"]
    )
    assert announced["coordinatingAgency"] == {"name": "生駒市福祉総務課"}
    assert "調整機関: 生駒市福祉総務課" in announced["publicNotice"]
    for name in ("ines", "hana"):
        assert "COORDINATING_AGENCY_ANNOUNCED" in await loop.told(name)
    asked = await bases.asked_for(loop, "sato", "CONSENT")
    item = await bases.brought(loop, asked, council["id"])
    assert item["assigned"] == [{"name": "生駒市福祉総務課"}]
    assert await opened_to(loop, "hana", asked["id"]) == STORY_ONLY
    consent = await loop.consent(await case_of(loop, asked["id"]), "sato")
    await loop.step("ines", said.SEND, id=asked["id"], version=asked["version"], consentId=consent["id"])
    for end in ("ines", "sato"):
        given = (await loop.read(end, asked["id"]) or {})["disclosures"]
        assert {("COUNCIL_EXCHANGE", "生駒市福祉総務課"), ("CONSENT", "こども食堂ひだまり")} == {
            (each["basis"], each["recipients"][0]["name"]) for each in given
        }, "each end finds to whom it was opened"


async def test_what_opens_counts_from_today_and_the_papers_are_history(loop: Loop) -> None:
    long_ago, yesterday = "2024-06-01", (loop.today - timedelta(days=1)).isoformat()
    made = await does(loop, "mori", bases.ESTABLISH, "council", name="協議会", establishedOn=long_ago)
    entry: dict[str, Any] = {"councilId": made["id"], "organisationId": loop.organisations["ines"]}
    early = await loop.person("mori").do(bases.ADD_MEMBER, **entry, fromOn=yesterday)
    assert (early["field"], early["detail"]) == ("fromOn", "PAST")
    await does(loop, "mori", bases.ADD_MEMBER, "councilMember", **entry, joinedOn=long_ago)
    council = await does(
        loop, "mori", bases.ANNOUNCE, "council", id=made["id"], version=made["version"], on=long_ago
    )
    today = loop.today.isoformat()
    assert (council["announcedOn"], council["noticeOn"]) == (today, long_ago)
    (member,) = council["members"]
    days = ("fromOn", "announcedOn", "joinedOn", "noticeOn")
    assert [member[day] for day in days] == [today, today, long_ago, long_ago]
    page = await loop.cities.stage.http.get("/t/ikoma/council")
    assert long_ago in page.text
    at: dict[str, Any] = {"id": member["id"], "version": member["version"]}
    tomorrow = (loop.today + timedelta(days=1)).isoformat()
    for field in ("joinedOn", "noticeOn"):
        to_come: dict[str, Any] = {field: tomorrow}
        wrong = await loop.person("mori").do(bases.CORRECT_MEMBER, **at, **to_come)
        assert (wrong["field"], wrong["detail"]) == (field, "TO_COME")
    right = {"joinedOn": "2024-05-01", "noticeOn": long_ago}
    corrected = await does(loop, "mori", bases.CORRECT_MEMBER, "councilMember", **at, **right)
    assert [corrected[day] for day in days] == [today, today, "2024-05-01", long_ago]
    async with loop.cities.stage.sql() as sql:
        kept = await sql.fetchval(
            "SELECT codes FROM tsunagari.audit_entry WHERE action = 'correct_council_member'"
        )
    said_then = json.loads(kept)
    assert (said_then["joined_before"], said_then["joined_on"]) == (long_ago, "2024-05-01")


async def test_the_public_notice_is_made_of_the_register(loop: Loop) -> None:
    """施行規則1条: that it was set up, its name, the coordinating agency, who composes it."""
    made = await does(
        loop, "mori", bases.ESTABLISH, "council", name="生駒市協議会", establishedOn="2026-04-01"
    )
    unseen = (await loop.person("anyone").ask(bases.READ_COUNCIL, id=made["id"])).data["council"]
    assert unseen is None
    council = await a_council(loop, "hana", "sato")
    notice: str = (await loop.person("anyone").ask(bases.READ_COUNCIL, id=council["id"])).data["council"][
        "publicNotice"
    ]
    lines = notice.splitlines()
    assert lines[1:4] == [
        "一 設置した旨: 2026年4月1日に設置",
        "二 名称: 生駒市孤独・孤立対策地域協議会",
        "三 孤独・孤立対策調整機関: (指定なし)",
    ]
    assert set(lines[4].removeprefix("四 構成する関係機関等: ").split("、")) == {
        "生駒市福祉総務課",
        "こども食堂ひだまり",
    }
    await leaves(loop, council["id"], "sato")
    notice = (await loop.person("anyone").ask(bases.READ_COUNCIL, id=council["id"])).data["council"][
        "publicNotice"
    ]
    assert "ひだまり" not in notice
    kept = (await loop.person("mori").ask(bases.READ_COUNCIL, id=council["id"])).data["council"]["members"]
    assert len(kept) == 2, "who left stays on the register"
    public = (await loop.person("anyone").ask(bases.READ_COUNCIL, id=council["id"])).data["council"]
    assert len(public["members"]) == 1


async def test_the_register_is_the_coordinators(loop: Loop) -> None:
    council = await a_council(loop, "ines")
    at: dict[str, Any] = {"id": council["id"], "version": council["version"]}
    for name in ("ines", "hana", "kato"):
        refused = await loop.person(name).do(bases.ANNOUNCE, **at)
        assert refused["__typename"] == "NotAllowed"
    tomorrow = (loop.today + timedelta(days=1)).isoformat()
    early = await loop.person("mori").do(bases.ANNOUNCE, **at, on=tomorrow)
    assert (early["__typename"], early["field"]) == ("InvalidInput", "on")
    twice = await loop.person("mori").do(
        bases.ADD_MEMBER, councilId=council["id"], organisationId=loop.organisations["ines"]
    )
    assert twice["__typename"] == "AlreadyExists"
    kept = await does(
        loop, "mori", bases.KEEP_COUNCIL, "council", **at, name="改名", establishedOn="2026-05-01"
    )
    assert kept["name"] == "改名"


async def test_the_coordinator_does_not_assign_their_own_department(loop: Loop) -> None:
    mine = (await loop.person("mori").ask(MINE)).data["myOrganisation"]["id"]
    loop.organisations["mori"] = mine
    council = await bases.a_council(loop, "ines", "mori")
    asked = await bases.asked_for(loop, "hana", "COUNCIL_EXCHANGE")
    item = await bases.brought(loop, asked, council["id"])
    refused = await loop.person("mori").do(bases.ASSIGN, id=item["id"], organisationId=mine)
    assert refused["detail"] == "OWN_ORGANISATION"
    assert await opened_to(loop, "mori", asked["id"]) == SHUT


async def case_of(loop: Loop, referral: str) -> str:
    async with loop.cities.stage.sql() as sql:
        case = await sql.fetchval(
            "SELECT case_id FROM tsunagari.referral WHERE id = $1", referral.removeprefix("referral_")
        )
    return f"case_{case}"

"""Who would join: conditions as they were worded, classes, days of review, what applicants are told."""

import datetime as dt
from typing import Any

from libs.persistence.worker import Worker
from services.platform.notices.memberships import JOBS
from tests.members.said import does, own, tries
from tests.resources.said import told
from tests.stage.cities import Cities
from tests.stage.stage import Person

CONDITIONS = (
    "{ platform { version reviewEveryDays nextReviewOn } membershipConditions { nodes { id text } } }"
)
CLASSES = "{ memberClasses { nodes { id name kinds votes version } } }"
QUEUE = "{ applications { totalCount nodes { name } } }"
AGREED = """query ($id: ID!) { organisation(id: $id) { declineCode declineReason memberClass { name }
  hiddenFields agreements { totalCount nodes { at condition { text until } } } } }"""
NO_VIOLENCE, NO_POLITICS, NO_RELIGION = (
    "反社会的勢力ではない",
    "政治活動を目的としない",
    "宗教活動を目的としない",
)


async def _work_off(cities: Cities) -> None:
    async with cities.stage.worker() as claims, cities.stage.database() as tenants:
        while await Worker(claims, tenants, JOBS).do_due():
            pass


async def _version(cities: Cities) -> int:
    return (await cities.mori.ask(CONDITIONS)).data["platform"]["version"]


async def _conditions(person: Person) -> dict[str, str]:
    found = (await person.ask(CONDITIONS)).data["membershipConditions"]["nodes"]
    return {each["text"]: each["id"] for each in found}


async def _set(cities: Cities, *texts: str) -> None:
    await does(cities.mori, "setConditions", version=await _version(cities), texts=list(texts))


def _applying(**given: Any) -> dict[str, Any]:
    said = {"kind": "NPO", "name": "NPO法人みどり", "applicantName": "緑川", "applicantEmail": "m@example.jp"}
    return {**said, **given}


async def test_an_application_agrees_to_each_condition_as_it_is_worded(cities: Cities) -> None:
    stranger = cities.stranger
    await _set(cities, NO_VIOLENCE, NO_POLITICS)
    listed = await _conditions(cities.anyone)
    assert list(listed) == [NO_VIOLENCE, NO_POLITICS]
    one = [listed[NO_VIOLENCE]]
    refused = await tries(stranger, "apply", **_applying(agreedConditionIds=one))
    assert (refused["problem"], refused["detail"]) == ("INVALID_INPUT", "NOT_AGREED")
    applied = (await does(stranger, "apply", **_applying(agreedConditionIds=list(listed.values()))))[
        "organisation"
    ]

    await _set(cities, NO_RELIGION, NO_VIOLENCE)
    now = await _conditions(cities.anyone)
    assert (list(now), now[NO_VIOLENCE]) == ([NO_RELIGION, NO_VIOLENCE], listed[NO_VIOLENCE])
    stale = await tries(cities.kato, "apply", **_applying(agreedConditionIds=list(listed.values())))
    assert stale["problem"] in ("NOT_FOUND", "ALREADY_EXISTS")
    for reader in (stranger, cities.mori):
        seen = (await reader.ask(AGREED, id=applied["id"])).data["organisation"]
        texts = {
            each["condition"]["text"]: each["condition"]["until"] for each in seen["agreements"]["nodes"]
        }
        assert texts.keys() == {NO_VIOLENCE, NO_POLITICS}
        assert texts[NO_VIOLENCE] is None
        assert texts[NO_POLITICS] is not None
    assert (await tries(cities.ines, "setConditions", version=1, texts=[]))["problem"] == "NOT_ALLOWED"
    await does(cities.mori, "approveMember", id=applied["id"], version=applied["version"])
    other = (await cities.sato.ask(AGREED, id=applied["id"])).data["organisation"]
    assert (other["agreements"], "agreements" in other["hiddenFields"]) == (None, True)


async def test_the_queue_its_days_and_what_the_applicant_is_told(cities: Cities) -> None:
    stranger, today = cities.stranger, dt.datetime.now(dt.timezone(dt.timedelta(hours=9))).date()
    settings = {"reviewEveryDays": 14, "reviewFrom": str(today - dt.timedelta(days=15))}
    changed = await does(cities.mori, "changeSettings", version=await _version(cities), **settings)
    assert changed["platform"]["nextReviewOn"] == str(today + dt.timedelta(days=13))
    applied = (await does(stranger, "apply", **_applying()))["organisation"]
    await _work_off(cities)
    assert await told(cities.mori) == ["APPLICATION_RECEIVED"]
    assert (await cities.mori.ask(QUEUE)).data["applications"]["nodes"] == [{"name": "NPO法人みどり"}]
    assert (await cities.sato.ask(QUEUE)).data["applications"]["totalCount"] == 0
    assert (await stranger.ask(CONDITIONS)).data["platform"]["nextReviewOn"] is not None

    why = {"reason": "活動地域が市外のため", "code": "OUT_OF_AREA", "notes": "電話で確認"}
    declined = await does(cities.mori, "declineMember", id=applied["id"], version=applied["version"], **why)
    assert declined["organisation"]["status"] == "DECLINED"
    await _work_off(cities)
    assert await told(stranger) == ["APPLICATION_DECLINED"]
    seen = (await stranger.ask(AGREED, id=applied["id"])).data["organisation"]
    assert (seen["declineCode"], seen["declineReason"]) == ("OUT_OF_AREA", "活動地域が市外のため")
    async with cities.stage.sql() as connection:
        mail = "SELECT count(*) FROM tsunagari.notice_delivery WHERE kind = 'application_declined'"
        assert await connection.fetchval(mail) == 1
    assert (await cities.mori.ask(QUEUE)).data["applications"]["totalCount"] == 0


async def test_classes_are_the_platforms_own_and_given_by_its_coordinator(cities: Cities) -> None:
    full = {"name": "正会員", "kinds": ["NPO", "GOVERNMENT"], "votes": True}
    made = (await does(cities.mori, "defineMemberClass", memberClass=full))["memberClass"]
    support = {"name": "賛助会員", "kinds": ["COMPANY"], "votes": False}
    await does(cities.mori, "defineMemberClass", memberClass=support)
    assert (await tries(cities.kato, "defineMemberClass", memberClass=full))["problem"] == "NOT_ALLOWED"
    listed = (await cities.anyone.ask(CLASSES)).data["memberClasses"]["nodes"]
    assert [each["name"] for each in listed] == ["正会員", "賛助会員"]

    wished = await tries(cities.stranger, "apply", **_applying(kind="COMPANY", memberClassId=made["id"]))
    assert (wished["field"], wished["detail"]) == ("memberClassId", "KIND")
    mine = await own(cities.ines)
    given = {"id": mine["id"], "version": mine["version"], "memberClassId": made["id"]}
    assert (await tries(cities.ines, "setMemberClass", **given))["problem"] == "NOT_ALLOWED"
    await does(cities.mori, "setMemberClass", **given)
    shown = (await cities.kato.ask(AGREED, id=mine["id"])).data["organisation"]
    assert shown["memberClass"] == {"name": "正会員"}
    named = "query ($of: ID) { organisations(memberClass: $of) { nodes { name } } }"
    found = (await cities.kato.ask(named, of=made["id"])).data["organisations"]["nodes"]
    assert found == [{"name": "NPO法人つながる生駒"}]
    await does(cities.mori, "endMemberClass", id=made["id"], version=made["version"])
    again = await tries(cities.mori, "setMemberClass", **{**given, "version": mine["version"] + 1})
    assert again["problem"] == "NOT_FOUND"
    shown = (await cities.kato.ask(AGREED, id=mine["id"])).data["organisation"]
    assert shown["memberClass"] == {"name": "正会員"}


async def test_a_representative_hands_over_before_the_term_ends(cities: Cities) -> None:
    mine = await own(cities.ines)
    me = (await cities.ines.ask("{ me { id } }")).data["me"]["id"]
    invited = await does(cities.ines, "invitePerson", organisationId=mine["id"], name="後藤", roles=["DESK"])
    successor = invited["person"]["id"]
    await does(cities.stranger, "acceptInvitation", code=invited["code"])
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=9))).date()
    until = str(today + dt.timedelta(days=60))
    term = await does(
        cities.ines, "setTerm", organisationId=mine["id"], personId=me, fromOn=str(today), untilOn=until
    )
    assert term["person"]["termUntil"] == until
    desk = await tries(cities.ines, "setTerm", organisationId=mine["id"], personId=successor)
    assert desk["problem"] == "NOT_FOUND"
    await _work_off(cities)
    assert "TERM_ENDS_SOON" not in await told(cities.ines)
    cities.stage.clock.move(days=31)
    await _work_off(cities)
    assert (await told(cities.ines)).count("TERM_ENDS_SOON") == 1
    assert (await told(cities.mori)).count("TERM_ENDS_SOON") == 1

    over = {"organisationId": mine["id"], "predecessorId": me, "successorId": successor}
    assert (await tries(cities.stranger, "handOver", **over))["problem"] == "NOT_ALLOWED"
    handed = await does(cities.ines, "handOver", **over, untilOn="2029-03-31")
    assert handed["person"]["roles"] == ["DESK", "REPRESENTATIVE"]
    assert handed["person"]["termUntil"] == "2029-03-31"
    again = await tries(cities.ines, "handOver", **over)
    assert again["problem"] in ("NOT_ALLOWED", "NOT_FOUND")
    back = {"organisationId": mine["id"], "predecessorId": successor, "successorId": me}
    assert (await does(cities.stranger, "handOver", **back))["person"]["roles"] == ["REPRESENTATIVE"]

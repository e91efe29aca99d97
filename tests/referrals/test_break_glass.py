"""Break-glass: the minimum, to the people named, for hours; a second person looks at it."""

import json
from datetime import timedelta
from typing import Any

from services.operator.environment import VARIABLES
from tests.operator.test_commands import run
from tests.referrals import bases
from tests.referrals import documents as said
from tests.referrals.bases import does, glasses, in_danger, opened_to, person_of
from tests.referrals.conftest import CONTACT, NAME, NARRATIVE, Loop
from tests.referrals.test_councils import SHUT
from tests.stage.cities import ACCEPT, INVITE
from tests.stage.server import url_of
from tests.stage.stage import Person

APPOINT = "mutation ($input: AppointCoordinatorInput!) { appointCoordinator(input: $input) { __typename } }"
DISMISS = "mutation ($input: DismissCoordinatorInput!) { dismissCoordinator(input: $input) { __typename } }"
TO_REVIEW = "{ breakGlassesToReview { nodes { id viewerCan } } }"
BOTH = {"L2": "open", "L3": "open", "L4": "shut"}


async def test_it_opens_to_the_named_person_and_ends_by_itself(loop: Loop) -> None:
    sent = await in_danger(loop)
    assert sent["state"] == "SENT"
    assert await opened_to(loop, "mori", sent["id"]) == BOTH
    opened = await loop.reveal("mori", sent["id"], "L3")
    assert (opened["personName"], opened["contact"]) == (NAME, None)
    assert opened["accessEntry"]["basis"] == "VITAL_INTEREST"
    assert CONTACT not in str(opened)
    loop.cities.stage.clock.move(hours=24, seconds=1)
    assert await opened_to(loop, "mori", sent["id"]) == SHUT


async def test_nothing_that_was_not_named_as_needed_opens(loop: Loop) -> None:
    sent = await in_danger(loop, items=["NARRATIVE"])
    assert await opened_to(loop, "mori", sent["id"]) == {"L2": "open", "L3": "shut", "L4": "shut"}


async def test_colleagues_of_the_named_person_see_nothing(loop: Loop) -> None:
    """It names people, not organisations."""
    sent = await in_danger(loop)
    async with loop.cities.stage.sql() as sql:
        await sql.execute(
            "UPDATE tsunagari.break_glass_person SET person_id = $1",
            (await person_of(loop, "hana")).removeprefix("person_"),
        )
    assert await opened_to(loop, "mori", sent["id"]) == SHUT


async def test_only_government_opens_it_and_only_people_of_government_are_named(loop: Loop) -> None:
    asked = await bases.asked_for(loop, "hana", "VITAL_INTEREST")
    danger = {"reason": "安否不明", "personIds": [await person_of(loop, "hana")], "items": ["NARRATIVE"]}
    npo = await loop.person("ines").do(
        said.SEND, id=asked["id"], version=asked["version"], vitalInterest=danger
    )
    assert npo["__typename"] == "NotAllowed"
    theirs = await bases.asked_for(loop, "sato", "VITAL_INTEREST", sender="hana")
    at = {"id": theirs["id"], "version": theirs["version"]}
    for change, detail in (
        ({"personIds": [await person_of(loop, "sato")]}, "NOT_GOVERNMENT"),
        ({}, "NOBODY_OF_RECIPIENT"),
    ):
        refused = await loop.person("hana").do(said.SEND, **at, vitalInterest=danger | change)
        assert refused["detail"] == detail
    wrongs: tuple[tuple[dict[str, Any], str], ...] = (
        ({"hours": 73}, "hours"),
        ({"items": []}, "items"),
        ({"items": ["SAFETY_NOTES"]}, "items"),
        ({"reason": " "}, "reason"),
        ({"reason": f"{NAME}さんと連絡がつかない"}, "reason"),
    )
    for change, field in wrongs:
        refused = await loop.person("hana").do(bases.BREAK, **at, danger=danger | change)
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)


async def test_a_second_person_reviews_and_what_is_not_justified_ends_at_once(loop: Loop) -> None:
    """Mori coordinates and is named: it is Sato, appointed beside her, who looks at it."""
    sent = await in_danger(loop)
    await appoint(loop, "sato", "hana")
    (glass,) = await glasses(loop, "mori")
    assert glass["reviewDueAt"] > glass["expiresAt"][:10]
    assert (glass["opener"], glass["namedPeople"]) == ({"name": "Hana"}, [{"name": "Mori"}])
    for involved in ("hana", "mori"):
        (seen,) = await glasses(loop, involved)
        assert seen["viewerCan"] == []
        own = await loop.person(involved).do(bases.REVIEW, id=glass["id"], version=1, finding="JUSTIFIED")
        assert own["__typename"] == "NotAllowed", involved
    (waiting,) = (await loop.person("sato").ask(TO_REVIEW)).data["breakGlassesToReview"]["nodes"]
    assert waiting == {"id": glass["id"], "viewerCan": ["REVIEW_BREAK_GLASS"]}
    given: dict[str, Any] = {"id": glass["id"], "version": 1, "finding": "TOO_WIDE", "note": "住所は不要"}
    reviewed = await does(loop, "sato", bases.REVIEW, "breakGlass", **given)
    assert (reviewed["finding"], reviewed["reviewedBy"]) == ("TOO_WIDE", {"name": "Sato"})
    assert await opened_to(loop, "mori", sent["id"]) == SHUT
    assert (await loop.person("sato").ask(TO_REVIEW)).data["breakGlassesToReview"]["nodes"] == []
    again = await loop.person("sato").do(bases.REVIEW, id=glass["id"], version=2, finding="JUSTIFIED")
    assert (again["__typename"], again["state"]) == ("WrongState", "reviewed")


async def test_a_colleague_of_the_opener_reviews_only_where_nobody_else_could(loop: Loop) -> None:
    await in_danger(loop)
    colleague = await colleague_of_hana(loop)
    (glass,) = await glasses(loop, "mori")
    with_sato = await appoint(loop, "sato")
    assert (await colleague.ask(bases.READ_GLASS, id=glass["id"])).data["breakGlass"]["viewerCan"] == []
    refused = await colleague.do(bases.REVIEW, id=glass["id"], version=1, finding="JUSTIFIED")
    assert refused["__typename"] == "NotAllowed"
    await dismiss(loop, with_sato)
    reviewed = await colleague.do(bases.REVIEW, id=glass["id"], version=1, finding="JUSTIFIED")
    assert reviewed["__typename"] == "BreakGlassPayload"


async def test_where_nobody_may_review_it_opens_all_the_same_and_is_seen_by_others(loop: Loop) -> None:
    """The only coordinator is the one it names; three working days by this platform's own calendar."""
    version = (await loop.person("mori").ask(said.TERMS)).data["referralTerms"]["version"]
    closed = [(loop.today + timedelta(days=days)).isoformat() for days in range(1, 60)]
    await loop.person("mori").do(said.CHANGE_TERMS, version=version, closedDays=closed)
    sent = await in_danger(loop)
    assert await opened_to(loop, "mori", sent["id"]) == BOTH
    (glass,) = await glasses(loop, "mori")
    assert glass["reviewDueAt"][:10] > closed[-1], "the platform's closed days are no working days"
    assert "BREAK_GLASS_NO_REVIEWER" in await loop.told("mori")
    async with loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.break_glass SET review_due_at = now() - interval '1 minute'")
    on_stage = {variable: url_of(loop.cities.stage.name, role) for role, variable in VARIABLES.items()}
    done = run("doctor", "--json", **on_stage)
    (row,) = [each for each in json.loads(done.stdout) if each["check"] == "break-glass reviews"]
    assert (row["ok"], "ikoma: 1" in row["said"], "takamatsu" in row["said"]) == (False, True, False)


async def test_a_live_referral_is_opened_to_more_people_where_it_stands(loop: Loop) -> None:
    mine = await person_of(loop, "mori")
    draft = (
        await loop.person("hana").do(
            said.CREATE,
            caseId=await bases.a_case(loop, "hana"),
            card={"needCategory": "HEALTH", "ask": "見守りをお願いします。"},
        )
    )["referral"]
    danger = {"reason": "安否不明", "personIds": [mine], "items": ["NARRATIVE"], "hours": 1}
    await does(
        loop, "hana", bases.BREAK, "breakGlass", id=draft["id"], version=draft["version"], danger=danger
    )
    assert (await loop.reveal("mori", draft["id"], "L2"))["narrative"] == NARRATIVE
    assert (await loop.read("hana", draft["id"]) or {})["state"] == "DRAFT"
    assert await glasses(loop, "sato") == []


async def test_a_later_one_opens_nothing_more_to_whom_it_does_not_name(loop: Loop) -> None:
    """Mori was to know the name; the contact went to a colleague in the same department, an hour later."""
    sent = await in_danger(loop, items=["PERSON_NAME"])
    at = {"id": sent["id"], "version": sent["version"]}
    danger = {
        "reason": "安否不明",
        "personIds": [await person_of(loop, "mori")],
        "items": ["CONTACT"],
        "hours": 1,
    }
    later = await does(loop, "hana", bases.BREAK, "breakGlass", **at, danger=danger)
    async with loop.cities.stage.sql() as sql:
        await sql.execute(
            "UPDATE tsunagari.break_glass_person SET person_id = $1 WHERE break_glass_id = $2",
            (await person_of(loop, "hana")).removeprefix("person_"),
            later["id"].removeprefix("break_glass_"),
        )
    opened = await loop.reveal("mori", sent["id"], "L3")
    assert (opened["personName"], opened["contact"]) == (NAME, None)
    assert CONTACT not in str(opened)


async def appoint(loop: Loop, *names: str) -> list[str]:
    people = [await person_of(loop, name) for name in names]
    for each in people:
        answer = await loop.person("mori").do(APPOINT, personId=each)
        assert answer["__typename"] == "PersonPayload", answer
    return people


async def dismiss(loop: Loop, people: list[str]) -> None:
    for each in people:
        answer = await loop.person("mori").do(DISMISS, personId=each)
        assert answer["__typename"] == "PersonPayload", answer


async def colleague_of_hana(loop: Loop) -> Person:
    """Somebody else of the opener's department, who coordinates too."""
    department = loop.organisations["hana"]
    invited = await loop.person("hana").do(INVITE, organisationId=department, name="Abe", roles=["DESK"])
    abe = loop.cities.stage.person("abe", "ikoma")
    accepted = await abe.do(ACCEPT, code=invited["code"])
    answer = await loop.person("mori").do(APPOINT, personId=accepted["person"]["id"])
    assert answer["__typename"] == "PersonPayload", answer
    return abe


async def test_what_cannot_wait_is_named_and_sent_in_one_step(loop: Loop) -> None:
    """Hana asks Mori's department at once; what is refused leaves the draft as it was."""
    opened = await bases.draft_of(loop, "hana")
    at = {"id": opened["id"], "version": opened["version"]}
    danger = {"reason": "安否不明", "personIds": [await person_of(loop, "mori")], "items": ["NARRATIVE"]}
    city = (await loop.person("mori").ask("query { myOrganisation { id } }")).data["myOrganisation"]["id"]
    wrongly: list[dict[str, Any]] = [
        {"vitalInterest": danger, "basis": "CONSENT"},
        {"vitalInterest": danger | {"hours": 73}, "basis": "VITAL_INTEREST"},
    ]
    for wrong in wrongly:
        refused = await loop.person("hana").do(said.REQUEST_BASIS, **at, recipientId=city, **wrong)
        assert refused["__typename"] == "InvalidInput"
    assert (await loop.read("hana", opened["id"]) or {})["state"] == "DRAFT"
    sent = await loop.step(
        "hana", said.REQUEST_BASIS, **at, recipientId=city, basis="VITAL_INTEREST", vitalInterest=danger
    )
    assert sent["state"] == "SENT"
    assert (await opened_to(loop, "mori", sent["id"]))["L2"] == "open"
    assert "BREAK_GLASS_OPENED" in await loop.told("mori")
    (glass,) = await glasses(loop, "mori")
    assert glass["finding"] is None

"""A meeting from its call to its published minutes; who may read and do what on the way."""

from typing import Any

from libs.persistence.roles import APP, WORKER
from libs.persistence.worker import Worker
from services.platform.meetings.jobs import JOBS
from tests.files.papers import PDF
from tests.files.sending import sent
from tests.groups.said import does as group_does
from tests.groups.said import founded, group_of, organisation_of, titles
from tests.groups.said import tries as group_tries
from tests.meetings.said import (
    DECISION,
    MEETING,
    MINUTES,
    does,
    held,
    kinds,
    plan,
    seen,
    tries,
    voted,
)
from tests.stage.cities import Cities

CHARTERS = """query ($id: ID!) { workingGroup(id: $id) { charters { nodes { number body quorum } } } }"""
DECISIONS = (
    """query ($id: ID!) { decisions(workingGroupId: $id, outcome: ADOPTED) { totalCount nodes { title } } }"""
)


async def _group(cities: Cities) -> str:
    """Ines chairs; Hana and Kato have seats; Sato observes."""
    group = await founded(cities.mori, cities.ines, cities.hana, cities.kato)
    sato = {"workingGroupId": group, "organisationId": await organisation_of(cities.sato)}
    both = await group_tries(cities.mori, "giveSeat", **sato, isChair=True, isObserver=True)
    assert (both["problem"], both["detail"]) == ("INVALID_INPUT", "OBSERVER")
    await group_does(cities.ines, "giveSeat", **sato, isObserver=True)
    chaired = await group_tries(cities.mori, "nameChair", **sato)
    assert chaired["state"] == "no_seat"
    return group


async def test_an_observer_reads_as_its_kind_does_and_has_no_word(cities: Cities) -> None:
    group = await _group(cities)
    posts: dict[str, Any] = {}
    for audience in ("ALL", "PUBLIC_SECTOR_AND_NPOS", "PUBLIC_SECTOR"):
        said = {"audience": audience, "title": audience, "body": "本文"}
        posts[audience] = await group_does(cities.hana, "writePost", workingGroupId=group, **said)
    assert await titles(cities.sato, group) == {"ALL", "PUBLIC_SECTOR_AND_NPOS"}
    unheard: tuple[tuple[str, dict[str, Any]], ...] = (
        ("writePost", {"workingGroupId": group, "audience": "ALL", "title": "a", "body": "b"}),
        ("writeComment", {"postId": posts["ALL"]["id"], "body": "b"}),
        ("pinPost", {"id": posts["ALL"]["id"], "version": 1, "pinned": True}),
    )
    for name, given in unheard:
        assert (await group_tries(cities.sato, name, **given))["problem"] == "NOT_ALLOWED"
    board = """query ($id: ID!) { workingGroup(id: $id) { viewerCan } }"""
    assert (await cities.sato.ask(board, id=group)).data["workingGroup"]["viewerCan"] == []
    seats = (await group_of(cities.mori, group))["seats"]["nodes"]
    assert len(seats) == 4


async def test_from_the_call_to_what_is_published(cities: Cities) -> None:
    group = await _group(cities)
    await _chartered(cities, group)
    meeting = await _called(cities, group)
    meeting = await _came(cities, meeting)
    await _decided(cities, group, meeting)
    await _written(cities, meeting)


async def _chartered(cities: Cities, group: str) -> None:
    refused = await tries(cities.hana, "adoptCharter", workingGroupId=group, body="規約")
    assert refused["problem"] == "NOT_ALLOWED"
    for number, quorum in ((1, "TWO_THIRDS"), (2, "MAJORITY")):
        adopted = await does(
            cities.ines, "adoptCharter", workingGroupId=group, body=f"規約 第{number}版", quorum=quorum
        )
        assert (adopted["number"], adopted["quorum"]) == (number, quorum)
    charters = (await cities.sato.ask(CHARTERS, id=group)).data["workingGroup"]["charters"]["nodes"]
    assert [each["number"] for each in charters] == [2, 1]


async def _called(cities: Cities, group: str) -> dict[str, Any]:
    call = {"workingGroupId": group, "plan": plan(cities)}
    assert (await tries(cities.hana, "callMeeting", **call))["problem"] == "NOT_ALLOWED"
    assert (await tries(cities.ueda, "callMeeting", **call))["problem"] == "NOT_FOUND"
    for wrong, field in (
        (plan(cities, days=-1), "startsAt"),
        (plan(cities) | {"endsAt": cities.stage.clock().isoformat()}, "endsAt"),
        (plan(cities, joinUrl="javascript:alert(1)"), "joinUrl"),
    ):
        said = await tries(cities.ines, "callMeeting", workingGroupId=group, plan=wrong)
        assert (said["problem"], said["field"]) == ("INVALID_INPUT", field)
    meeting = await does(cities.ines, "callMeeting", **call)
    assert meeting["invited"]["totalCount"] == 4
    for name in ("hana", "kato", "sato"):
        assert await kinds(cities.person(name)) == ["MEETING_CALLED"]
        assert (await seen(cities.person(name), MEETING, meeting["id"])) is not None
    for name in ("ueda", "oda", "anyone", "stranger"):
        assert (await seen(cities.person(name), MEETING, meeting["id"])) is None
    meeting = await does(
        cities.ines, "editMeeting", id=meeting["id"], version=1, plan=plan(cities, venue="公民館")
    )
    assert "MEETING_CHANGED" in await kinds(cities.kato)
    upload = await sent(cities.ines, "次第.pdf", PDF)
    paper = await does(cities.ines, "attachAgenda", id=meeting["id"], uploadId=upload["id"])
    assert (paper["name"], paper["audience"]) == ("次第.pdf", "ALL")

    return meeting


async def _came(cities: Cities, meeting: dict[str, Any]) -> dict[str, Any]:
    """Ines and Hana do, Kato is excused, Sato listens."""
    await does(cities.hana, "answerMeeting", id=meeting["id"], comes=True)
    await does(cities.kato, "answerMeeting", id=meeting["id"], comes=True)
    await does(cities.sato, "answerMeeting", id=meeting["id"], comes=True)
    kato = {"id": meeting["id"], "organisationId": await organisation_of(cities.kato)}
    assert (await tries(cities.hana, "markAttendance", **kato, standing="APOLOGY"))[
        "problem"
    ] == "NOT_ALLOWED"
    await does(cities.ines, "markAttendance", **kato, standing="APOLOGY")
    early = await tries(cities.ines, "holdMeeting", id=meeting["id"], version=meeting["version"])
    assert early["inState"] == "early"
    cities.stage.clock.move(days=7, minutes=5)
    await does(cities.ines, "answerMeeting", id=meeting["id"], comes=True)
    meeting = await does(cities.ines, "holdMeeting", id=meeting["id"], version=meeting["version"])
    assert (meeting["state"], meeting["quorum"]) == ("HELD", "MAJORITY")
    assert (meeting["seatsCounted"], meeting["seatsPresent"]) == (3, 2)
    standing = {each["organisation"]["name"]: each["standing"] for each in meeting["attendance"]["nodes"]}
    assert standing["こども食堂ひだまり"] == "OBSERVER"
    late = await tries(cities.kato, "answerMeeting", id=meeting["id"], comes=True)
    assert late["inState"] == "held"

    return meeting


async def _decided(cities: Cities, group: str, meeting: dict[str, Any]) -> None:
    decided = {"meetingId": meeting["id"], "title": "見守りの分担", "outcome": "ADOPTED"}
    for votes, detail in (
        (await voted((cities.kato, "IN_FAVOUR")), "NO_VOTE"),
        (await voted((cities.sato, "IN_FAVOUR")), "NO_VOTE"),
        (await voted((cities.ines, "IN_FAVOUR"), (cities.hana, "AGAINST")), "COUNT"),
    ):
        said = await tries(cities.ines, "recordDecision", **decided, votes=votes)
        assert (said["problem"], said["detail"]) == ("INVALID_INPUT", detail)
    votes = await voted((cities.ines, "IN_FAVOUR"), (cities.hana, "ABSTAINED"))
    decision = await does(cities.ines, "recordDecision", **decided, votes=votes)
    assert [decision[each] for each in ("inFavour", "against", "abstained")] == [1, 0, 1]
    assert (await cities.sato.ask(DECISIONS, id=group)).data["decisions"]["totalCount"] == 1
    assert (await seen(cities.anyone, DECISION, decision["id"])) is None
    await does(cities.ines, "publishDecision", id=decision["id"], version=1, published=True)
    public = await seen(cities.anyone, DECISION, decision["id"])
    assert public is not None
    assert (public["title"], public["outcome"], public["votes"]["totalCount"]) == (
        "見守りの分担",
        "ADOPTED",
        0,
    )


async def _written(cities: Cities, meeting: dict[str, Any]) -> None:
    written = {"meetingId": meeting["id"], "title": "議事録", "body": "分担を決めた。"}
    minutes = await does(cities.hana, "writeMinutes", audience="PUBLIC_SECTOR_AND_NPOS", **written)
    twice = await tries(cities.ines, "writeMinutes", audience="ALL", **written)
    assert twice["problem"] == "ALREADY_EXISTS"
    drafts = {name: await seen(cities.person(name), MINUTES, minutes["id"]) for name in READERS}
    assert {name for name, found in drafts.items() if found} == {"ines", "hana", "mori"}
    upload = await sent(cities.hana, "別紙.pdf", PDF)
    await does(cities.hana, "attachToMinutes", id=minutes["id"], uploadId=upload["id"])
    agreed = await does(cities.hana, "agreeMinutes", id=minutes["id"], version=minutes["version"])
    assert (agreed["state"], agreed["agreements"]) == ("DRAFT", 1)
    edited = await does(
        cities.hana,
        "editMinutes",
        id=minutes["id"],
        version=minutes["version"],
        body="次回も定めた。",
    )
    assert (edited["state"], edited["agreements"]) == ("DRAFT", 0)
    agreed = await does(cities.ines, "agreeMinutes", id=minutes["id"], version=edited["version"])
    assert (agreed["state"], agreed["agreedBy"]) == ("AGREED", "CHAIR")
    changed = await tries(cities.hana, "editMinutes", id=minutes["id"], version=agreed["version"], body="別")
    assert (changed["problem"], changed["inState"]) == ("WRONG_STATE", "agreed")
    assert (await seen(cities.sato, MINUTES, minutes["id"])) is None
    published = await does(cities.hana, "publishMinutes", id=minutes["id"], version=agreed["version"])
    assert (published["state"], published["files"]["totalCount"]) == ("PUBLISHED", 1)
    read = {name: await seen(cities.person(name), MINUTES, minutes["id"]) for name in READERS}
    assert {name for name, found in read.items() if found} == {"ines", "hana", "mori", "sato"}


READERS = ("ines", "hana", "kato", "mori", "sato", "ueda", "anyone")


async def test_without_the_chair_most_of_those_present_agree_and_no_quorum_adopts_nothing(
    cities: Cities,
) -> None:
    group = await _group(cities)
    meeting = await held(cities, group, (cities.hana,))
    assert (meeting["seatsCounted"], meeting["seatsPresent"], meeting["quorum"]) == (3, 1, "MAJORITY")
    decided = {"meetingId": meeting["id"], "title": "分担"}
    short = await tries(cities.ines, "recordDecision", **decided, outcome="ADOPTED")
    assert short["detail"] == "NO_QUORUM"
    await does(cities.ines, "recordDecision", **decided, outcome="DEFERRED")
    meeting = await held(cities, group, (cities.hana, cities.kato))
    minutes = await does(
        cities.kato, "writeMinutes", meetingId=meeting["id"], audience="ALL", title="議事録", body="本文"
    )
    foreign = await tries(cities.sato, "agreeMinutes", id=minutes["id"], version=1)
    assert foreign["problem"] == "NOT_FOUND"
    for person, state in ((cities.hana, "DRAFT"), (cities.hana, "DRAFT"), (cities.kato, "AGREED")):
        said = await does(person, "agreeMinutes", id=minutes["id"], version=1)
        assert said["state"] == state
    assert said["agreedBy"] == "MAJORITY"


async def test_the_chair_is_reminded_of_minutes_on_working_days_and_not_for_ever(cities: Cities) -> None:
    group = await _group(cities)
    await held(cities, group, (cities.ines, cities.hana))
    stage = cities.stage
    told: list[int] = []
    async with stage.database(WORKER) as claims, stage.database(APP) as tenants:
        worker = Worker(claims, tenants, JOBS)
        async with stage.sql() as sql:
            await sql.execute("DELETE FROM tsunagari.work_due WHERE kind <> 'meeting.minutes_due'")
        for _ in range(5):
            stage.clock.move(days=4)
            await worker.do_due()
            told.append((await kinds(cities.ines)).count("MINUTES_DUE"))
            stage.clock.move(days=12)  # past five working days, whatever holidays there are
            await worker.do_due()
    assert told[0] == 0, "four days hold no five working days"
    assert (await kinds(cities.ines)).count("MINUTES_DUE") == 3
    assert "MINUTES_DUE" not in await kinds(cities.hana)


async def test_a_meeting_called_off_is_over(cities: Cities) -> None:
    group = await _group(cities)
    meeting = await does(cities.mori, "callMeeting", workingGroupId=group, plan=plan(cities))
    gone = await does(cities.ines, "cancelMeeting", id=meeting["id"], version=1)
    assert gone["state"] == "CANCELLED"
    assert "MEETING_CANCELLED" in await kinds(cities.sato)
    for name, given in (
        ("editMeeting", {"id": meeting["id"], "version": 2, "plan": plan(cities)}),
        ("answerMeeting", {"id": meeting["id"], "comes": True}),
        ("holdMeeting", {"id": meeting["id"], "version": 2}),
    ):
        assert (await tries(cities.ines, name, **given))["inState"] == "cancelled"

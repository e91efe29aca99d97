"""A working group: chartered, written in, met, its minutes agreed and published."""

from typing import Any

from tests.files.papers import PDF
from tests.files.sending import added, fetched, link_to, sent
from tests.groups.said import does as in_group
from tests.groups.said import founded, group_of, titles
from tests.journey.month.town import Town, at
from tests.meetings.said import DECISION, MEETING, MINUTES, does, seen, voted
from tests.practices.test_practices import OFFER, WORKED
from tests.referrals.conftest import Loop

NAME = "見守り部会"
UNREAD = "query ($id: ID!) { workingGroup(id: $id) { unreadPosts { totalCount nodes { id } } } }"


async def chartered_and_seated(town: Town) -> None:
    """Ines's organisation chairs; the other three have seats."""
    mori, ines, sato, hana, kato = (town.person(each) for each in ("mori", "ines", "sato", "hana", "kato"))
    group = await founded(mori, ines, sato, hana, kato, name=NAME)
    organisations = {name: await town.organisation(name) for name in ("ines", "sato", "hana", "kato")}
    town.loop = Loop(town.cities, group, organisations)
    charter = await does(ines, "adoptCharter", workingGroupId=group, body="規約 第1版", quorum="MAJORITY")
    assert charter["number"] == 1
    seats = (await group_of(kato, group))["seats"]
    assert seats["totalCount"] == 4
    posts = (
        ("ALL", "はじめまして"),
        ("PUBLIC_SECTOR_AND_NPOS", "訪問の分担"),
        ("PUBLIC_SECTOR", "予算の見通し"),
    )
    for audience, title in posts:
        said = {"audience": audience, "title": title, "body": "本文"}
        await in_group(hana, "writePost", workingGroupId=group, **said)
    assert await titles(ines, group) == {"はじめまして", "訪問の分担"}
    assert await titles(kato, group) == {"はじめまして"}
    (unread,) = (await kato.ask(UNREAD, id=group)).data["workingGroup"]["unreadPosts"]["nodes"]
    await in_group(kato, "markPostsRead", postId=unread["id"])
    assert (await kato.ask(UNREAD, id=group)).data["workingGroup"]["unreadPosts"]["totalCount"] == 0
    file = await added(hana, group, "名簿.pdf", PDF, "PUBLIC_SECTOR_AND_NPOS")
    assert (await fetched(town.cities, await link_to(ines, file["id"]))).content == PDF


async def called(town: Town) -> None:
    """For the eighth, with its agenda as a paper."""
    plan = {"title": "第1回見守り部会", "agenda": "1 見守りの分担", "venue": "市役所3階"}
    times = {"startsAt": at(8, 14), "endsAt": at(8, 16)}
    ines = town.person("ines")
    meeting = await does(ines, "callMeeting", workingGroupId=town.loop.group, plan=plan | times)
    paper = await sent(ines, "次第.pdf", PDF)
    await does(ines, "attachAgenda", id=meeting["id"], uploadId=paper["id"])
    for name in ("sato", "hana", "kato"):
        assert "MEETING_CALLED" in await town.told(name)
    for name in ("ines", "hana", "sato"):
        await does(town.person(name), "answerMeeting", id=meeting["id"], comes=True)
    town.remembered["meeting"] = meeting


async def held(town: Town) -> None:
    """Three of four came: the decision is one."""
    ines, meeting = town.person("ines"), town.remembered["meeting"]
    shown = await seen(ines, MEETING, meeting["id"]) or {}
    assert [each["name"] for each in shown["files"]["nodes"]] == ["次第.pdf"]
    meeting = await does(ines, "holdMeeting", id=meeting["id"], version=shown["version"])
    assert [meeting[each] for each in ("state", "seatsCounted", "seatsPresent")] == ["HELD", 4, 3]
    votes = await voted((ines, "IN_FAVOUR"), (town.person("hana"), "IN_FAVOUR"))
    decided = {"meetingId": meeting["id"], "title": "見守りの分担", "outcome": "ADOPTED"}
    decision = await does(ines, "recordDecision", **decided, votes=votes)
    await does(ines, "publishDecision", id=decision["id"], version=decision["version"], published=True)
    public = await seen(town.person("anyone"), DECISION, decision["id"]) or {}
    assert (public["title"], public["inFavour"]) == ("見守りの分担", 2)


async def minutes_are_reminded_of_and_written(town: Town) -> None:
    """Five working days later nobody had written them; then Hana does, and Ines's chair agrees."""
    assert "MINUTES_DUE" in await town.told("ines")
    written = {"meetingId": town.remembered["meeting"]["id"], "title": "議事録", "body": "分担を決めた。"}
    minutes = await does(town.person("hana"), "writeMinutes", audience="ALL", **written)
    assert await _readers(town, minutes) == {"ines", "hana", "mori", "sato"}, (
        "who was there, and the coordinator"
    )
    agreed = await does(town.person("ines"), "agreeMinutes", id=minutes["id"], version=minutes["version"])
    assert (agreed["state"], agreed["agreedBy"]) == ("AGREED", "CHAIR")
    await does(town.person("hana"), "publishMinutes", id=minutes["id"], version=agreed["version"])
    assert await _readers(town, minutes) == {"ines", "hana", "mori", "sato", "kato"}


async def a_practice_is_offered(town: Town) -> None:
    offered = (await town.person("mori").do(OFFER, **WORKED))["practice"]
    assert (offered["state"], offered["source"]) == ("OFFERED", "生駒市")


async def _readers(town: Town, minutes: dict[str, Any]) -> set[str]:
    names = ("ines", "hana", "mori", "sato", "kato", "anyone")
    return {name for name in names if await seen(town.person(name), MINUTES, minutes["id"])}

"""Meetings in people's own calendars, read back by another's parser; never in a calendar of everybody."""

from typing import Any

import icalendar

from tests.events.stage import CREATE_FEED, announced
from tests.groups.said import does as group_does
from tests.groups.said import founded, group_of, organisation_of
from tests.meetings.said import does, plan
from tests.stage.cities import Cities

TITLE = "第1回見守り部会"
MY_MEETINGS = "{ myMeetings { totalCount nodes { title } } }"


async def _read(cities: Cities, path: str) -> dict[str, Any]:
    response = await cities.stage.http.get(f"/t/ikoma/{path}")
    assert response.status_code == 200
    for secret in ("見守りの分担", "meet.example.jp"):
        assert secret not in response.text, "what a group talks about does not go to a calendar's server"
    return {str(each["SUMMARY"]): each for each in icalendar.Calendar.from_ical(response.content).events}


async def test_a_meeting_is_in_the_calendars_of_whom_it_calls_and_in_no_other(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana)
    sato = {"workingGroupId": group, "organisationId": await organisation_of(cities.sato)}
    await group_does(cities.ines, "giveSeat", **sato, isObserver=True)
    await group_does(cities.mori, "publishWorkingGroup", id=group, version=1, published=True)
    asked = plan(cities, joinUrl="https://meet.example.jp/bukai")
    meeting = await does(cities.ines, "callMeeting", workingGroupId=group, plan=asked)
    await announced(cities.ines, title="行事", to_everybody=True)
    feeds: dict[tuple[str, str], str] = {}
    for name in ("ines", "sato", "kato", "mori"):
        for scope in ("ALL", "MINE"):
            feeds[name, scope] = (await cities.person(name).do(CREATE_FEED, scope=scope))["path"]
    of_group: dict[str, Any] = {"scope": "GROUP", "workingGroupId": group}
    for name in ("hana", "kato"):
        feeds[name, "GROUP"] = (await cities.person(name).do(CREATE_FEED, **of_group))["path"]
    has = {key: TITLE in await _read(cities, path) for key, path in feeds.items()}
    # the coordinator may read every meeting, and is called to none
    assert {key for key, found in has.items() if found} == {
        *(("ines", scope) for scope in ("ALL", "MINE")),
        *(("sato", scope) for scope in ("ALL", "MINE")),
        ("mori", "ALL"),
        ("hana", "GROUP"),
    }
    for public in ("calendar.ics", f"calendar.group/{group}"):
        assert TITLE not in await _read(cities, public)
    assert "行事" in await _read(cities, feeds["kato", "ALL"])
    assert (await cities.mori.ask(MY_MEETINGS)).data["myMeetings"]["totalCount"] == 0
    assert (await cities.sato.ask(MY_MEETINGS)).data["myMeetings"]["nodes"] == [{"title": TITLE}]
    await _changes(cities, feeds["sato", "MINE"], meeting)
    seat = next(
        each
        for each in (await group_of(cities.mori, group))["seats"]["nodes"]
        if each["organisation"]["name"] == "こども食堂ひだまり"
    )
    await group_does(cities.ines, "endSeat", id=seat["id"], version=seat["version"])
    assert set(await _read(cities, feeds["sato", "ALL"])) == {"行事"}


async def _changes(cities: Cities, path: str, meeting: dict[str, Any]) -> None:
    """A change keeps the UID and raises the sequence; called off it stays, as cancelled."""
    before = (await _read(cities, path))[TITLE]
    assert (str(before["LOCATION"]), str(before["STATUS"])) == ("市役所3階", "CONFIRMED")
    assert str(before["DESCRIPTION"]) == "部会: 見守り部会"
    assert (before["DTEND"].dt - before["DTSTART"].dt).total_seconds() == 7_200
    assert before["DTSTART"].params["TZID"] == "Asia/Tokyo"
    moved = plan(cities, days=9, title="日程変更")
    edited = await does(cities.ines, "editMeeting", id=meeting["id"], version=meeting["version"], plan=moved)
    after = (await _read(cities, path))["日程変更"]
    await does(cities.ines, "cancelMeeting", id=meeting["id"], version=edited["version"])
    last = (await _read(cities, path))["日程変更"]
    assert before["UID"] == after["UID"] == last["UID"]
    assert before["SEQUENCE"] < after["SEQUENCE"] < last["SEQUENCE"]
    assert (after["DTSTART"].dt - before["DTSTART"].dt).days == 2
    assert (str(after["STATUS"]), str(last["STATUS"])) == ("CONFIRMED", "CANCELLED")

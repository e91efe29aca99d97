"""A study session: announced, full, waited for, attended, told of; and the calendars that know of it."""

import datetime as dt
from typing import Any

import icalendar
import recurring_ical_events

from tests.events.residents import Resident
from tests.events.stage import CREATE_FEED, TAKE, a_talk, announced
from tests.events.test_registration import LIST, OPEN, PLACES, REVEAL
from tests.events.test_series import READ_REPORT, REPORT
from tests.journey.month.town import Town, at

TITLE = "孤独・孤立を学ぶ会"


async def announced_and_full(town: Town) -> None:
    """Three places: Sato's kitchen takes one, two residents one each; the fourth to come waits."""
    session = await announced(
        town.person("ines"),
        to_everybody=True,
        **_content(kind="STUDY_SESSION", forResidents=True, offerHours=24),
    )
    town.remembered["session"] = session["id"]
    taken = await town.person("sato").do(TAKE, eventId=session["id"], count=1)
    assert taken["place"]["state"] == "TAKEN"
    people = [Resident(town.stage.http, name, email=f"{name}@mail.example") for name in ("aoi", "ren", "mei")]
    said = [await each.register(session["id"]) for each in people]
    assert [("席を確保しました" in text, "順番にお待ち" in text) for text in said] == [
        (True, False),
        (True, False),
        (False, True),
    ]
    town.remembered["residents"] = people
    await _in_the_calendars(town)


async def one_gives_up_and_the_next_is_offered(town: Town) -> None:
    aoi, _, mei = town.remembered["residents"]
    assert "消去しました" in await aoi.mine(do="cancel-surely")
    await town.works()
    assert any("空き" in body for body in town.mails("mei@mail.example"))
    assert "席が空きました" in await mei.mine()
    assert "席を確保しました" in await mei.mine(do="accept")


async def reminded(town: Town) -> None:
    """The day before, whoever has a place."""
    assert "EVENT_REMINDER" in await town.told("sato")
    ren_and_mei = [town.mails(f"{name}@mail.example") for name in ("ren", "mei")]
    assert all(any(TITLE in body for body in bodies) for bodies in ren_and_mei)


async def attended_and_reported(town: Town) -> None:
    """Ren types the code that stands in the room; the list has the others; the report is public."""
    ines, session = town.person("ines"), town.remembered["session"]
    _, ren, _ = town.remembered["residents"]
    event = (await ines.ask("query ($id: ID!) { event(id: $id) { version } }", id=session)).data["event"]
    opened = (await ines.do(OPEN, id=session, version=event["version"]))["event"]
    assert "出席を受け付けました" in await ren.mine(do="attend", attendanceCode=opened["attendanceCode"])
    await town.day(15, 16)
    known = (await ines.do(REVEAL, eventId=session))["participants"]
    assert sorted(name for each in known for name in each["names"]) == ["mei", "ren"]
    places = (await ines.ask(PLACES, id=session, state="TAKEN")).data["event"]["places"]["nodes"]
    came = [{"placeId": each["id"], "attended": 1} for each in places]
    assert (await ines.do(LIST, eventId=session, places=came))["__typename"] == "EventPayload"
    told: dict[str, Any] = {"eventId": session, "summary": "三人で語りあった。", "published": True}
    await ines.do(REPORT, **told, attended=3)
    read = (await town.person("anyone").ask(READ_REPORT, id=session)).data["event"]
    assert (read["title"], read["report"]["attended"]) == (TITLE, 3)


async def _in_the_calendars(town: Town) -> None:
    """The town's own for everybody, Sato's own by a link of his; read by another's parser."""
    made = await town.person("sato").do(CREATE_FEED, scope="MINE")
    for path in ("calendar.ics", made["path"]):
        answer = await town.stage.http.get(f"/t/ikoma/{path}")
        calendar: Any = icalendar.Calendar.from_ical(answer.content)
        found: Any = recurring_ical_events.of(calendar).at(dt.date(2027, 6, 15))
        assert [str(each["SUMMARY"]) for each in found] == [TITLE]
        assert found[0]["DTSTART"].dt.isoformat() == at(15, 14)


def _content(**more: Any) -> dict[str, Any]:
    times = {"startsAt": at(15, 14), "endsAt": at(15, 16)}
    return {**a_talk(title=TITLE, titleKana="", occurrences=[times], deadline=at(14, 17), capacity=3), **more}

"""A course from its text to its report: it is an event, and its participants' names are the host's alone."""

from typing import Any

from tests.events import stage as events
from tests.stage.cities import Cities
from tests.training import stage as said
from tests.training.stage import announced, planned, published_text, read, report

ATTENDEES = """query ($id: ID!) { event(id: $id) { attendeeCount places {
  nodes { id version attendees count } } } }"""


async def test_from_the_text_to_the_report(cities: Cities) -> None:
    mori, ines, sato = cities.mori, cities.ines, cities.sato
    text = await _the_text(cities)
    refused = await ines.do(
        said.CREATE, event=events.a_talk(), course=said.details(text["id"], declared=False)
    )
    assert refused["field"] == "declared"
    course = await planned(ines, text["id"])
    assert (course["state"], course["event"]["capacity"], course["event"]["kind"]) == (
        "PLANNED",
        50,
        "COURSE",
    )
    assert course["declaredAt"] is not None
    assert await _reads(cities, course["id"]) == {"ines", "mori"}, "a draft"
    shown = await ines.do(
        events.PUBLISH, id=course["event"]["id"], version=course["event"]["version"], toEverybody=True
    )
    assert shown["__typename"] == "EventPayload"
    assert await _reads(cities, course["id"]) == {"ines", "mori", "sato", "kato", "anyone"}
    card = await read(sato, course["id"])
    assert (card["state"], card["declaredAt"], card["viewerCan"]) == ("ANNOUNCED", None, [])
    await sato.do(events.TAKE, eventId=course["event"]["id"], count=3, attendees=["佐藤 花"])
    names = [await _attendees(each, course) for each in (ines, mori)]
    assert [[each["attendees"] for each in found] for found in names] == [[["佐藤 花"]], [None]]
    early = await ines.do(said.REPORT_COURSE, id=course["id"], version=course["version"])
    assert early["state"] == "not_held"
    cities.stage.clock.move(days=11)
    assert (await read(ines, course["id"]))["state"] == "HELD"
    unrecorded = await ines.do(said.REPORT_COURSE, id=course["id"], version=course["version"])
    assert unrecorded["state"] == "unrecorded", "attendance that is not recorded is no zero"
    (place,) = names[0]
    came = await ines.do(events.ATTENDED, id=place["id"], version=place["version"], attended=2)
    assert came["__typename"] == "PlacePayload", came
    told = await report(ines, course["id"], walkIns=4)
    assert (told["state"], told["heads"]) == ("REPORTED", 6)
    assert (await read(sato, course["id"]))["heads"] is None, "the host's and the coordinator's"
    late = await ines.do(said.EDIT, id=course["id"], version=told["version"], course=said.details(text["id"]))
    assert late["state"] == "reported"


async def _the_text(cities: Cities) -> dict[str, Any]:
    """Mori's; what was published stands, and its next version is another text."""
    mori, ines = cities.mori, cities.ines
    short = await mori.do(said.CREATE_TEXT, text=said.a_text(lectureMinutes=45))
    assert (short["field"], short["detail"]) == ("minutes", "MINUTES")
    other = await ines.do(said.CREATE_TEXT, text=said.a_text())
    assert other["__typename"] == "NotAllowed"
    draft = (await mori.do(said.CREATE_TEXT, text=said.a_text()))["courseText"]
    assert (await ines.ask(said.TEXT, id=draft["id"])).data["courseText"] is None
    absent = await ines.do(said.CREATE, event=events.a_talk(), course=said.details(draft["id"]))
    assert absent["__typename"] == "NotFound"
    text = (await mori.do(said.PUBLISH_TEXT, id=draft["id"], version=draft["version"]))["courseText"]
    edited = await mori.do(said.EDIT_TEXT, id=text["id"], version=text["version"], text=said.a_text())
    assert edited["state"] == "published"
    following = await mori.do(
        said.RENEW_TEXT, id=text["id"], version=text["version"], textVersion="令和8年度版"
    )
    assert following["courseText"]["previous"] == {"id": text["id"]}
    return text


async def _attendees(person: Any, course: dict[str, Any]) -> list[dict[str, Any]]:
    found = (await person.ask(ATTENDEES, id=course["event"]["id"])).data["event"]
    assert found["attendeeCount"] == 3
    return found["places"]["nodes"]


async def _reads(cities: Cities, course: str) -> set[str]:
    """Who finds it, by id and in the list alike."""
    found: set[str] = set()
    for name in ("ines", "mori", "sato", "kato", "anyone", "ueda"):
        person = cities.person(name)
        one = await read(person, course)
        listed = (await person.ask(said.COURSES)).data["courses"]["nodes"]
        assert (one is not None) == ({"id": course} in listed), name
        found |= {name} if one else set()
    return found


async def test_a_childrens_course_is_agreed_with_the_school_first(cities: Cities) -> None:
    ines = cities.ines
    minutes = {"edition": "CHILDREN", "openingMinutes": 5, "lectureMinutes": 30, "surveyMinutes": 10}
    text = await published_text(cities.mori, **minutes)
    course = await planned(ines, text["id"], schoolContact="生駒小学校 教頭")
    at = {"id": course["event"]["id"], "version": course["event"]["version"]}
    for everybody in (True, False):
        refused = await ines.do(events.PUBLISH, **at, toEverybody=everybody)
        assert refused["state"] == "school_arrangements"
    agreed = {
        "schoolContact": "生駒小学校 教頭",
        "schoolTiming": "10月の3時間目",
        "schoolCounsellor": "当日同席",
        "schoolFollowUp": "担任とスクールソーシャルワーカー",
    }
    edited = await ines.do(
        said.EDIT, id=course["id"], version=course["version"], course=said.details(text["id"], **agreed)
    )
    assert edited["course"]["schoolContact"] == "生駒小学校 教頭"
    shown = await ines.do(events.PUBLISH, **at, toEverybody=True)
    assert shown["__typename"] == "EventPayload"
    assert (await read(cities.anyone, course["id"]))["schoolContact"] is None


async def test_a_lecturer_is_sent(cities: Cities) -> None:
    mori, kato, sato, hana = cities.mori, cities.kato, cities.sato, cities.hana
    text = (await published_text(mori))["id"]
    own = await announced(kato, text)
    refused = await kato.do(said.ASK_LECTURER, id=own["id"], version=own["version"])
    assert refused["state"] == "own_lecturer"
    course = await announced(kato, text, lecturing="DISPATCH", venueCategory="WORKPLACE")
    asked = await said.asked_for_lecturer(kato, course, wishes="平日の午後")
    again = await kato.do(said.ASK_LECTURER, id=course["id"], version=course["version"])
    assert again["__typename"] == "AlreadyExists"
    assert "DISPATCH_REQUESTED" in await _told(mori)
    people = {each: (await cities.person(each).ask(said.ME)).data["me"]["id"] for each in ("sato", "hana")}
    offer: dict[str, Any] = {"personId": people["sato"], "source": "MEMBER"}
    assert (await kato.do(said.OFFER, **_at(asked), **offer))["__typename"] == "NotAllowed"
    assert (await sato.ask(said.DISPATCH, id=asked["id"])).data["dispatch"] is None
    offered = (await mori.do(said.OFFER, **_at(asked), **offer))["dispatch"]
    assert "DISPATCH_OFFERED" in await _told(sato)
    seen = (await sato.ask(said.DISPATCH, id=asked["id"])).data["dispatch"]
    assert set(seen["viewerCan"]) == {"ACCEPT_DISPATCH", "DECLINE_DISPATCH"}
    declined = await sato.do(said.DECLINE, **_at(offered))
    assert declined["dispatch"] is None, "who declined has no more to do with it"
    assert "DISPATCH_DECLINED" in await _told(kato)
    offered = (await kato.ask(said.DISPATCH, id=asked["id"])).data["dispatch"]
    offer = {"personId": people["hana"], "source": "REVIEW_BOARD"}
    offered = (await mori.do(said.OFFER, **_at(offered), **offer))["dispatch"]
    assigned = (await hana.do(said.TAKE_ON, **_at(offered)))["dispatch"]
    assert (assigned["state"], assigned["lecturer"]) == ("ASSIGNED", {"id": people["hana"]})
    assert "DISPATCH_ASSIGNED" in await _told(kato)
    gone = (await kato.do(said.WITHDRAW, **_at(assigned)))["dispatch"]
    assert gone["state"] == "WITHDRAWN"
    assert "DISPATCH_WITHDRAWN" in await _told(hana)


def _at(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "version": row["version"]}


async def _told(person: Any) -> list[str]:
    found = (await person.ask(said.NOTICES)).data["inbox"]["notices"]["nodes"]
    return [each["kind"] for each in found]

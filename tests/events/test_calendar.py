"""The calendar to subscribe to, read back by another's parser (icalendar, recurring-ical-events)."""

import datetime as dt
from typing import Any

import icalendar
import pytest
import recurring_ical_events

from services.platform.events.web.calendar_text import MOST_OCTETS, calendar
from tests.events.stage import CANCEL, CREATE_FEED, EDIT, PUBLISH, TAKE, a_talk, announced, drafted
from tests.stage.cities import Cities

JST = dt.timezone(dt.timedelta(hours=9))
PATH = "/t/ikoma/calendar.ics"
SPAN: dict[str, Any] = {
    "occurrences": [
        {"startsAt": "2027-03-01T09:00:00+09:00", "endsAt": "2027-03-01T17:00:00+09:00", "days": 3},
        {"startsAt": "2027-03-06T00:00:00+09:00", "allDay": True, "days": 2},
        {"startsAt": "2027-03-10T18:30:00+09:00"},
    ],
    "deadline": None,
}


async def _feed(cities: Cities, path: str = PATH) -> Any:
    """The calendar as the other parser reads it; its values are typed no closer."""
    response = await cities.stage.http.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    return _parsed(response.content)


def _parsed(body: bytes) -> Any:
    return icalendar.Calendar.from_ical(body)


async def test_it_holds_what_is_published_and_nothing_else(cities: Cities) -> None:
    await drafted(cities.ines, title="下書き")
    await announced(cities.ines, title="会員のみ")
    await announced(cities.hana, title="一般公開", to_everybody=True)
    assert [str(each["SUMMARY"]) for each in (await _feed(cities)).events] == ["一般公開"]
    assert (await _feed(cities, "/t/takamatsu/calendar.ics")).events == []


async def test_no_secret_of_an_event_is_in_it(cities: Cities) -> None:
    await announced(cities.ines, to_everybody=True)
    response = await cities.stage.http.get(PATH)
    assert "つながりサポーター講座" in response.text
    assert "meet.example.jp" not in response.text
    assert "work@example.jp" not in response.text


async def test_days_in_a_row_whole_days_and_no_stated_end(cities: Cities) -> None:
    await announced(cities.ines, to_everybody=True, **SPAN)
    read = await _feed(cities)
    found: Any = recurring_ical_events.of(read).between(dt.date(2027, 3, 1), dt.date(2027, 3, 31))
    starts = sorted(str(each["DTSTART"].dt) for each in found)
    assert starts == [
        "2027-03-01 09:00:00+09:00",
        "2027-03-02 09:00:00+09:00",
        "2027-03-03 09:00:00+09:00",
        "2027-03-06",
        "2027-03-10 18:30:00+09:00",
    ]
    by_start = {str(each["DTSTART"].dt): each for each in found}
    assert by_start["2027-03-06"]["DTEND"].dt == dt.date(2027, 3, 8)
    assert by_start["2027-03-03 09:00:00+09:00"]["DTEND"].dt == dt.datetime(2027, 3, 3, 17, tzinfo=JST)
    assert "DTEND" not in read.events[2]


async def test_the_time_zone_is_stated(cities: Cities) -> None:
    await announced(cities.ines, to_everybody=True)
    zones = (await _feed(cities)).timezones
    assert [str(each["TZID"]) for each in zones] == ["Asia/Tokyo"]
    assert zones[0].to_tz().utcoffset(dt.datetime(2027, 7, 1)) == dt.timedelta(hours=9)  # noqa: DTZ001 - a wall clock's time


async def test_a_change_keeps_the_uid_and_raises_the_sequence(cities: Cities) -> None:
    shown = await announced(cities.ines, to_everybody=True)
    before = (await _feed(cities)).events[0]
    edited = await cities.ines.do(
        EDIT, id=shown["id"], version=shown["version"], event=a_talk(title="新しい題", venue="別館")
    )
    after = (await _feed(cities)).events[0]
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert (str(after["SUMMARY"]), str(after["LOCATION"])) == ("新しい題", "別館 会場・オンライン併用")
    await cities.ines.do(CANCEL, id=shown["id"], version=edited["event"]["version"], reason="台風")
    last = (await _feed(cities)).events[0]
    assert (before["STATUS"], last["STATUS"], last["UID"]) == ("CONFIRMED", "CANCELLED", before["UID"])
    assert "中止の理由: 台風" in str(last["DESCRIPTION"])


async def test_taken_back_it_leaves_the_calendar(cities: Cities) -> None:
    shown = await announced(cities.ines, to_everybody=True)
    assert len((await _feed(cities)).events) == 1
    await cities.ines.do(PUBLISH, id=shown["id"], version=shown["version"], toEverybody=False)
    assert (await _feed(cities)).events == []


async def test_unchanged_it_is_not_sent_again(cities: Cities) -> None:
    shown = await announced(cities.ines, to_everybody=True)
    first = await cities.stage.http.get(PATH)
    tag = first.headers["etag"]
    again = await cities.stage.http.get(PATH, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert "content-length" not in again.headers
    await cities.ines.do(CANCEL, id=shown["id"], version=shown["version"])
    changed = await cities.stage.http.get(PATH, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


@pytest.mark.parametrize(
    "path", ["/t/nowhere/calendar.ics", "/t/IKOMA/calendar.ics", "/t/ikoma%00/calendar.ics", "/t/ikoma/x.ics"]
)
async def test_a_city_that_is_not_there(cities: Cities, path: str) -> None:
    assert (await cities.stage.http.get(path)).status_code == 404
    assert (await cities.stage.http.get(PATH)).status_code == 200


async def test_it_is_only_read(cities: Cities) -> None:
    refused = await cities.stage.http.post(PATH)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert (await cities.stage.http.head(PATH)).status_code == 200


async def test_more_events_than_one_page(cities: Cities) -> None:
    for number in range(27):
        await announced(cities.ines, title=f"行事{number}", to_everybody=True)
    read = await _feed(cities)
    assert len({str(each["UID"]) for each in read.events}) == 27


def _card(**changes: Any) -> dict[str, Any]:
    empty = dict.fromkeys(
        ("url", "latitude", "longitude", "capacity", "deadline", "cancelReason", "organiser"), None
    )
    texts = dict.fromkeys(("description", "venue", "address", "audience", "fee", "inquiries"), "")
    made = "2027-01-01T00:00:00+00:00"
    occurrence = {"id": "occurrence_1", "startsAt": made, "endsAt": None, "allDay": False, "days": 1}
    return {
        **empty,
        **texts,
        "title": "題",
        "state": "ANNOUNCED",
        "deliveryMode": "ROOM",
        "createdAt": made,
        "updatedAt": made,
        "version": 1,
        "allOccurrences": [{**occurrence, "dropped": False}],
        **changes,
    }


@pytest.mark.parametrize(
    "title",
    [
        '題, 副題; 注\\意:「"引用"」',
        "長い題" * 60,
        "👩‍👩‍👧‍👦家族の会" * 12,
        "END:VEVENT",
        "1行目\nBEGIN:VALARM\nTRIGGER:PT0S",
    ],
)
def test_any_text_comes_back_as_it_was_and_opens_no_line(title: str) -> None:
    body = calendar("ikoma", [_card(title=title, description=title)])
    (event,) = _parsed(body).events
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (title, title)
    assert event.subcomponents == []
    assert max(len(line) for line in body.split(b"\r\n")) <= MOST_OCTETS
    assert body.count(b"\n") == body.count(b"\r\n")


def test_place_coordinates_and_address_are_carried() -> None:
    card = _card(
        venue="塩江美術館",
        address="高松市塩江町",
        latitude=34.1757248157,
        longitude=134.0503544349,
        url="https://example.jp/催し?a=1,2;b#c",
    )
    (event,) = _parsed(calendar("takamatsu", [card])).events
    assert str(event["LOCATION"]) == "塩江美術館 高松市塩江町"
    assert event["GEO"].to_ical() == "34.175725;134.050354"
    assert str(event["URL"]) == "https://example.jp/%E5%82%AC%E3%81%97?a=1,2;b#c"


REVOKE_FEED = """mutation ($input: RevokeCalendarFeedInput!) { revokeCalendarFeed(input: $input) { __typename
  ... on CalendarFeedPayload { calendarFeed { revokedAt } } ... on UserError { code } } }"""
MY_FEEDS = "{ myCalendarFeeds { nodes { id scope } } }"


async def test_a_persons_own_calendar_behind_a_link_that_ends(cities: Cities) -> None:
    """It shows what the person may see now; revoked, of another city, or of no member it is one answer."""
    await announced(cities.ines, title="会員のみ")
    await announced(cities.hana, title="一般公開", to_everybody=True)
    await drafted(cities.kato, title="よその下書き")
    attending = await announced(cities.ines, title="参加する")
    await cities.sato.do(TAKE, eventId=attending["id"], count=1)
    made = {scope: await cities.sato.do(CREATE_FEED, scope=scope) for scope in ("ALL", "MINE")}
    read = await _feed(cities, f"/t/ikoma/{made['ALL']['path']}")
    assert {str(each["SUMMARY"]) for each in read.events} == {"会員のみ", "一般公開", "参加する"}
    mine = await _feed(cities, f"/t/ikoma/{made['MINE']['path']}")
    assert [str(each["SUMMARY"]) for each in mine.events] == ["参加する"]
    for name, seen_by_them in (("sato", 2), ("ines", 0), ("mori", 0)):
        own = (await cities.person(name).ask(MY_FEEDS)).data["myCalendarFeeds"]["nodes"]
        assert len(own) == seen_by_them
    async with cities.stage.sql() as connection:
        kept = await connection.fetchval("SELECT string_agg(c::text, '') FROM tsunagari.calendar_feed c")
    assert made["ALL"]["path"].split("/")[1] not in kept
    assert (await cities.stranger.do(CREATE_FEED))["code"] == "NOT_ALLOWED"
    feed = made["ALL"]["calendarFeed"]
    for name in ("ines", "mori", "ueda"):
        refused = await cities.person(name).do(REVOKE_FEED, id=feed["id"], version=feed["version"])
        assert refused["code"] == "NOT_FOUND"
    await cities.sato.do(REVOKE_FEED, id=feed["id"], version=feed["version"])
    own = (await cities.sato.ask("{ myOrganisation { id version } }")).data["myOrganisation"]
    suspended = await cities.mori.do(
        "mutation ($input: OrganisationInput!) { suspendMember(input: $input) { __typename } }", **own
    )
    assert suspended == {"__typename": "OrganisationPayload"}
    gone = [
        await cities.stage.http.get(path)
        for path in (
            f"/t/ikoma/{made['ALL']['path']}",
            f"/t/ikoma/{made['MINE']['path']}",
            f"/t/takamatsu/{made['MINE']['path']}",
            "/t/ikoma/calendar/none",
        )
    ]
    assert [(each.status_code, each.content) for each in gone] == [(404, b"")] * 4


async def test_a_day_that_was_taken_out_is_cancelled_and_keeps_its_uid(cities: Cities) -> None:
    """Expanded by another's library it is seen as cancelled; a working group has a calendar of its own."""
    shown = await announced(cities.ines, to_everybody=True, **SPAN)
    before = {str(each["UID"]): each for each in (await _feed(cities)).events}
    fewer = a_talk(occurrences=SPAN["occurrences"][:2], deadline=None)
    await cities.ines.do(EDIT, id=shown["id"], version=shown["version"], event=fewer)
    after = {str(each["UID"]): each for each in (await _feed(cities)).events}
    assert after.keys() == before.keys()
    assert sorted(str(each["STATUS"]) for each in after.values()) == ["CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert all(after[uid]["SEQUENCE"] > before[uid]["SEQUENCE"] for uid in before)
    group = "working_group_00000000-0000-7000-8000-000000000000"
    assert (await _feed(cities, f"/t/ikoma/calendar.group/{group}")).events == []
    assert (await cities.stage.http.get("/t/ikoma/calendar.group/none")).status_code == 404

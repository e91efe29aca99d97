"""Places at an event: taken while there are any, given up, counted; seen by whom the policy says."""

import asyncio

from tests.events.stage import (
    ATTENDED,
    CANCEL,
    EDIT,
    GIVE_UP,
    TAKE,
    a_talk,
    announced,
    drafted,
    in_days,
    seen,
)
from tests.stage.cities import APPLY, APPROVE, Cities

MY_PLACES = "{ myPlaces { totalCount nodes { id count state event { title joinUrl } } } }"
NODE = "query ($id: ID!) { node(id: $id) { id ... on Place { count } } }"


async def test_places_are_taken_and_the_link_to_join_opens(cities: Cities) -> None:
    shown = await announced(cities.ines)
    taken = await cities.sato.do(TAKE, eventId=shown["id"], count=3, attendees=["佐藤 花", "佐藤 月"])
    assert taken["place"]["event"] == {"placesLeft": 17}
    read = await seen(cities.sato, shown["id"])
    assert read is not None
    assert read["joinUrl"] == "https://meet.example.jp/tsunagari"
    assert "joinUrl" not in read["hiddenFields"]
    mine = (await cities.sato.ask(MY_PLACES)).data["myPlaces"]
    assert [each["count"] for each in mine["nodes"]] == [3]
    still = await seen(cities.kato, shown["id"])
    assert still is not None
    assert (still["joinUrl"], still["placesLeft"]) == (None, 17)


async def test_who_attends_is_the_organisers_and_each_ones_own(cities: Cities) -> None:
    shown = await announced(cities.ines, to_everybody=True)
    place = (await cities.sato.do(TAKE, eventId=shown["id"], count=2, attendees=["佐藤 花"]))["place"]["id"]
    await cities.hana.do(TAKE, eventId=shown["id"], count=1)
    of_ines = await seen(cities.ines, shown["id"])
    assert of_ines is not None
    assert of_ines["attendeeCount"] == 3
    assert [each["attendees"] for each in of_ines["places"]["nodes"]] == [[], ["佐藤 花"]]
    found = {
        name: (await cities.person(name).ask(NODE, id=place)).data["node"]
        for name in ("ines", "sato", "mori", "hana", "kato", "ueda", "stranger", "anyone")
    }
    one = {"id": place, "count": 2}
    assert found == {
        "ines": one,
        "sato": one,
        "mori": one,
        "hana": None,
        "kato": None,
        "ueda": None,
        "stranger": None,
        "anyone": None,
    }
    of_kato = await seen(cities.kato, shown["id"])
    assert of_kato is not None
    assert (of_kato["places"], of_kato["attendeeCount"]) == (None, None)
    assert (await cities.kato.ask(MY_PLACES)).data["myPlaces"]["totalCount"] == 0


async def test_twenty_places_for_forty_organisations_at_once(cities: Cities) -> None:
    shown = await announced(cities.ines, capacity=20)
    people = [f"member{number}" for number in range(40)]
    for subject in people:
        await _admit(cities, subject)
    said = await asyncio.gather(
        *(cities.stage.person(subject, "ikoma").do(TAKE, eventId=shown["id"], count=1) for subject in people)
    )
    assert sum(each["__typename"] == "PlacePayload" for each in said) == 20
    refused = [each for each in said if each["__typename"] != "PlacePayload"]
    assert {(each["__typename"], each["state"]) for each in refused} == {("WrongState", "full")}
    read = await seen(cities.ines, shown["id"])
    assert read is not None
    assert (read["placesLeft"], read["attendeeCount"], read["places"]["totalCount"]) == (0, 20, 20)


async def test_more_than_are_left_is_full_and_fewer_still_fit(cities: Cities) -> None:
    shown = await announced(cities.ines, capacity=5)
    await cities.sato.do(TAKE, eventId=shown["id"], count=4)
    full = await cities.hana.do(TAKE, eventId=shown["id"], count=2)
    assert full["state"] == "full"
    assert "1人分" in full["ja"]
    assert (await cities.hana.do(TAKE, eventId=shown["id"], count=1))["place"]["event"]["placesLeft"] == 0


async def test_without_a_limit_nobody_is_refused(cities: Cities) -> None:
    shown = await announced(cities.ines, capacity=None)
    taken = await cities.kato.do(TAKE, eventId=shown["id"], count=900)
    assert taken["place"]["event"]["placesLeft"] is None


async def test_given_up_places_are_free_again_and_the_link_closes(cities: Cities) -> None:
    shown = await announced(cities.ines, capacity=2)
    place = (await cities.sato.do(TAKE, eventId=shown["id"], count=2))["place"]
    for name in ("hana", "kato", "ueda"):
        assert (await cities.person(name).do(GIVE_UP, id=place["id"], version=1))["code"] == "NOT_FOUND"
    assert (await cities.ines.do(GIVE_UP, id=place["id"], version=1))["code"] == "NOT_ALLOWED"
    back = await cities.sato.do(GIVE_UP, id=place["id"], version=place["version"])
    assert (back["place"]["state"], back["place"]["event"]["placesLeft"]) == ("GIVEN_UP", 2)
    again = await cities.sato.do(GIVE_UP, id=place["id"], version=back["place"]["version"])
    assert again["state"] == "given_up"
    assert (await seen(cities.sato, shown["id"]) or {})["joinUrl"] is None
    assert (await cities.hana.do(TAKE, eventId=shown["id"], count=2))["__typename"] == "PlacePayload"
    assert (await cities.sato.do(TAKE, eventId=shown["id"], count=1))["state"] == "full"


async def test_one_organisation_has_one_set_of_places(cities: Cities) -> None:
    shown = await announced(cities.ines)
    first = (await cities.sato.do(TAKE, eventId=shown["id"], count=2))["place"]
    assert (await cities.sato.do(TAKE, eventId=shown["id"], count=1))["code"] == "ALREADY_EXISTS"
    await cities.sato.do(GIVE_UP, id=first["id"], version=1)
    anew = await cities.sato.do(TAKE, eventId=shown["id"], count=1)
    assert anew["place"]["event"]["placesLeft"] == 19


async def test_places_of_what_is_closed_or_not_open_yet(cities: Cities) -> None:
    draft = await drafted(cities.ines)
    assert (await cities.ines.do(TAKE, eventId=draft["id"], count=1))["state"] == "draft"
    assert (await cities.sato.do(TAKE, eventId=draft["id"], count=1))["code"] == "NOT_FOUND"
    elsewhere = await announced(cities.ines, reservable=False)
    assert (await cities.sato.do(TAKE, eventId=elsewhere["id"], count=1))["state"] == "not_reservable"
    shown = await announced(cities.ines)
    assert (await cities.stranger.do(TAKE, eventId=shown["id"], count=1))["code"] == "NOT_FOUND"
    public = await announced(cities.ines, to_everybody=True)
    assert (await cities.stranger.do(TAKE, eventId=public["id"], count=1))["code"] == "NOT_ALLOWED"
    cities.stage.clock.move(days=9)
    assert (await cities.sato.do(TAKE, eventId=shown["id"], count=1))["state"] == "closed"
    cities.stage.clock.move(days=9)
    assert (await cities.sato.do(TAKE, eventId=shown["id"], count=1))["state"] == "over"
    gone = await announced(cities.ines, occurrences=[{"startsAt": in_days(40)}], deadline=None)
    await cities.ines.do(CANCEL, id=gone["id"], version=gone["version"])
    assert (await cities.sato.do(TAKE, eventId=gone["id"], count=1))["state"] == "cancelled"


async def test_a_number_of_persons_is_asked_for(cities: Cities) -> None:
    shown = await announced(cities.ines, capacity=None)
    for count in (0, -1, 1_001):
        refused = await cities.sato.do(TAKE, eventId=shown["id"], count=count)
        assert (refused["field"], refused["detail"]) == ("count", "NUMBER_OF_PERSONS")
    names = await cities.sato.do(TAKE, eventId=shown["id"], count=1, attendees=["一", "二"])
    assert (names["field"], names["detail"]) == ("attendees", "MORE_THAN_COUNT")
    broken = await cities.sato.do(TAKE, eventId=shown["id"], count=1, attendees=["a\u0007b"])
    assert (broken["field"], broken["detail"]) == ("attendees", "control_character")
    assert (await cities.sato.do(TAKE, eventId=shown["id"], count=1_000))["place"]["count"] == 1_000


async def test_the_capacity_never_falls_below_what_is_taken(cities: Cities) -> None:
    shown = await announced(cities.ines, capacity=10)
    await cities.sato.do(TAKE, eventId=shown["id"], count=6)
    low = await cities.ines.do(EDIT, id=shown["id"], version=shown["version"], event=a_talk(capacity=5))
    assert (low["field"], low["detail"]) == ("capacity", "BELOW_TAKEN")
    fits = await cities.ines.do(EDIT, id=shown["id"], version=shown["version"], event=a_talk(capacity=6))
    assert fits["event"]["placesLeft"] == 0


async def test_the_organiser_records_who_came_once_it_has_started(cities: Cities) -> None:
    shown = await announced(cities.ines)
    place = (await cities.sato.do(TAKE, eventId=shown["id"], count=2))["place"]["id"]
    early = await cities.ines.do(ATTENDED, id=place, version=1, attended=1)
    assert early["state"] == "ahead"
    cities.stage.clock.move(days=10, minutes=5)
    assert (await cities.sato.do(ATTENDED, id=place, version=1, attended=2))["code"] == "NOT_ALLOWED"
    assert (await cities.kato.do(ATTENDED, id=place, version=1, attended=2))["code"] == "NOT_FOUND"
    assert (await cities.sato.do(GIVE_UP, id=place, version=1))["state"] == "started"
    assert (await cities.ines.do(ATTENDED, id=place, version=1, attended=-1))["field"] == "attended"
    done = await cities.ines.do(ATTENDED, id=place, version=1, attended=0)
    assert done["place"]["attended"] == 0
    stale = await cities.ines.do(ATTENDED, id=place, version=1, attended=2)
    assert stale["code"] == "STALE_VERSION"


async def _admit(cities: Cities, subject: str) -> None:
    applied = await cities.stage.person(subject, "ikoma").do(
        APPLY, kind="NPO", name=f"団体{subject}", applicantName=subject
    )
    organisation = applied["organisation"]
    admitted = await cities.mori.do(APPROVE, id=organisation["id"], version=organisation["version"])
    assert admitted["organisation"]["status"] == "ACTIVE"

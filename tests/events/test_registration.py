"""Residents register without an account: 20 in, the rest in order; an offer passes on; names are erased."""

import asyncio
from typing import Any

from tests.events.residents import Resident, letters, work
from tests.events.stage import CANCEL, EDIT, TAKE, a_talk, announced, in_days, seen
from tests.stage.cities import Cities

PLACES = """query ($id: ID!, $state: PlaceState) { event(id: $id) { placesLeft attendeeCount waitingList
  places(first: 100, state: $state, order: NUMBER) { totalCount nodes {
    id number state quota count attendees attended offeredUntil version viewerCan } } } }"""
DECIDE = """mutation ($input: PlaceInput!) { %s(input: $input) { __typename
  ... on PlacePayload { place { state version } } ... on UserError { code } ... on WrongState { state } } }"""
REVEAL = """mutation ($input: RevealParticipantsInput!) { revealParticipants(input: $input) { __typename
  ... on ParticipantsPayload { participants { number state names email telephone organisation
    answers { question answer } } } ... on UserError { code } } }"""
OPEN = """mutation ($input: OpenAttendanceInput!) { openAttendance(input: $input) { __typename
  ... on EventPayload { event { attendanceCode version } } ... on UserError { code } } }"""
ATTEND = """mutation ($input: AttendWithCodeInput!) { attendWithCode(input: $input) { __typename
  ... on PlacePayload { place { attended } } ... on UserError { code } ... on InvalidInput { detail } } }"""
LIST = """mutation ($input: RecordAttendanceListInput!) { recordAttendanceList(input: $input) { __typename
  ... on EventPayload { event { id } } ... on UserError { code } ... on WrongState { state } } }"""
INBOX = "{ inbox { notices { nodes { kind about } } } }"


async def test_two_hundred_race_for_twenty_places(cities: Cities) -> None:
    """Nobody gets in twice or beyond, and who waits stands in the order in which they came."""
    shown = await announced(cities.ines, to_everybody=True, forResidents=True, capacity=20, kind="EXCHANGE")
    people = [Resident(cities.stage.http, f"住民{n}", telephone="090-0000-0000") for n in range(200)]

    async def comes(who: Resident) -> str:
        return await who.send(f"events/{shown['id']}", form=who.name)

    said = await asyncio.gather(*(comes(who) for who in people))
    assert {who.status for who in people} == {200}, {who.text for who in people if who.status != 200}
    assert len({who.code for who in people}) == 200
    assert sum("席を確保しました" in each for each in said) == 20
    assert sum("順番にお待ち" in each for each in said) == 180
    read = (await cities.ines.ask(PLACES, id=shown["id"])).data["event"]
    assert (read["placesLeft"], read["attendeeCount"], read["waitingList"]) == (0, 20, 180)
    async with cities.stage.sql() as connection:
        rows = await connection.fetch("SELECT number, state FROM tsunagari.place ORDER BY number")
    assert [row["number"] for row in rows] == list(range(1, 201))
    assert [row["state"] for row in rows] == ["taken"] * 20 + ["waiting"] * 180
    # three give up at once: the first three of the line are offered what became free, and nobody else
    inside = [who for who, text in zip(people, said, strict=True) if "席を確保" in text][:3]
    await asyncio.gather(*(who.mine(do="cancel-surely") for who in inside))
    late = Resident(cities.stage.http, "あとから", telephone="090-1111-1111")
    await late.send(f"events/{shown['id']}", form="late")
    assert "順番にお待ち" in late.text
    await work(cities)
    offered = (await cities.ines.ask(PLACES, id=shown["id"], state="OFFERED")).data["event"]["places"]
    assert [each["number"] for each in offered["nodes"]] == [21, 22, 23]


async def test_a_place_is_offered_in_order_expires_and_passes_on(cities: Cities) -> None:
    shown = await announced(
        cities.ines, to_everybody=True, forResidents=True, capacity=2, offerHours=24, deadline=None
    )
    await cities.sato.do(TAKE, eventId=shown["id"], count=2)
    aoi = Resident(cities.stage.http, "葵", email="aoi@example.jp")
    ren = Resident(cities.stage.http, "蓮", email="ren@example.jp")
    await aoi.register(shown["id"])
    await ren.register(shown["id"])
    full = await cities.hana.do(TAKE, eventId=shown["id"], count=1)
    assert full["state"] == "full"
    hana = (await cities.hana.do(TAKE, eventId=shown["id"], count=1, wait=True))["place"]
    assert hana["state"] == "WAITING"
    held = (await cities.sato.ask("{ myPlaces { nodes { id version } } }")).data["myPlaces"]["nodes"][0]
    fewer = await cities.sato.do(
        "mutation ($input: ChangePlacesInput!) { changePlaces(input: $input) {"
        " ... on PlacePayload { place { count } } ... on UserError { code } } }",
        **held,
        count=1,
    )
    assert fewer == {"place": {"count": 1}}
    await work(cities)
    assert "席が空きました" in await aoi.mine()
    assert "順番にお待ち" in await ren.mine()
    # a scanner that follows the link takes nothing; she answers too late, and it is 蓮's turn
    cities.stage.clock.move(hours=24, minutes=1)
    assert "次の方に回ります" in await aoi.mine(do="accept")
    await work(cities)
    assert "次の方に回りました" in await aoi.mine()
    assert "席を確保しました" in await ren.mine(do="accept")
    assert await letters(cities, "aoi@example.jp") == ["event_waiting", "event_offered", "event_passed"]
    assert await letters(cities, "ren@example.jp") == ["event_waiting", "event_offered"]
    # the organisation is told in its inbox, and one that was cancelled before frees for it
    await ren.mine(do="cancel")
    assert "席を確保しています" in await ren.mine()
    await ren.mine(do="cancel-surely")
    await work(cities)
    told = (await cities.hana.ask(INBOX)).data["inbox"]["notices"]["nodes"]
    assert {"kind": "PLACE_OFFERED", "about": hana["id"]} in told
    accepted = await cities.hana.do(DECIDE % "acceptPlaces", id=hana["id"], version=2)
    assert accepted["place"]["state"] == "TAKEN"
    for name in ("ines", "mori", "sato", "kato"):
        assert (await cities.person(name).do(DECIDE % "acceptPlaces", id=hana["id"], version=3))["code"] in {
            "NOT_ALLOWED",
            "NOT_FOUND",
        }


async def test_reserved_places_and_approval(cities: Cities) -> None:
    """Of six two are the residents' and one the host's; three are whoever's comes first."""
    shown = await announced(
        cities.ines,
        to_everybody=True,
        forResidents=True,
        capacity=6,
        reservedResidents=2,
        reservedHost=1,
        coHostIds=[(await cities.hana.ask("{ myOrganisation { id } }")).data["myOrganisation"]["id"]],
    )
    assert {
        name: (await seen(cities.person(name), shown["id"]) or {})["placesLeft"]
        for name in ("ines", "hana", "sato", "anyone")
    } == {"ines": 4, "hana": 4, "sato": 3, "anyone": 5}
    assert (await cities.sato.do(TAKE, eventId=shown["id"], count=4))["state"] == "full"
    assert (await cities.sato.do(TAKE, eventId=shown["id"], count=3))["place"]["state"] == "TAKEN"
    assert (await cities.kato.do(TAKE, eventId=shown["id"], count=1))["state"] == "full"
    assert (await cities.hana.do(TAKE, eventId=shown["id"], count=1))["place"]["state"] == "TAKEN"
    aoi = Resident(cities.stage.http, "葵", telephone="0743-00-0000")
    assert "席を確保" in await aoi.register(shown["id"], count="2")
    ren = Resident(cities.stage.http, "蓮", telephone="0743-00-0001")
    assert "順番にお待ち" in await ren.register(shown["id"])
    told = (await cities.hana.ask(INBOX)).data["inbox"]["notices"]["nodes"]
    assert {"kind": "NAMED_CO_HOST", "about": shown["id"]} in told

    asked = await announced(cities.ines, to_everybody=True, forResidents=True, approval=True, capacity=1)
    mei = Resident(cities.stage.http, "芽衣", email="mei@example.jp")
    assert "主催者が確認" in await mei.register(asked["id"])
    sato = (await cities.sato.do(TAKE, eventId=asked["id"], count=1))["place"]
    (of_mei, _) = (await cities.ines.ask(PLACES, id=asked["id"])).data["event"]["places"]["nodes"]
    assert "APPROVE_PLACES" in of_mei["viewerCan"]
    assert (await cities.sato.do(DECIDE % "approvePlaces", id=sato["id"], version=1))["code"] == "NOT_ALLOWED"
    assert (await cities.kato.do(DECIDE % "approvePlaces", id=of_mei["id"], version=1))["code"] == "NOT_FOUND"
    done = await cities.ines.do(DECIDE % "approvePlaces", id=of_mei["id"], version=of_mei["version"])
    assert done["place"]["state"] == "TAKEN"
    behind = await cities.mori.do(DECIDE % "approvePlaces", id=sato["id"], version=sato["version"])
    assert behind["place"]["state"] == "WAITING"
    gone = await cities.ines.do(DECIDE % "declinePlaces", id=sato["id"], version=behind["place"]["version"])
    assert gone["place"]["state"] == "REFUSED"
    assert await letters(cities, "mei@example.jp") == ["event_asked", "event_taken"]


async def test_what_a_resident_wrote_is_the_hosts_alone_and_erased(cities: Cities) -> None:
    """Names are sealed, opened by a logged mutation; of a course not even by the coordinator."""
    question = {"text": "アレルギーはありますか", "required": True, "choices": ["ない", "ある"]}
    shown = await announced(
        cities.ines, to_everybody=True, forResidents=True, kind="COURSE", questions=[question], keepDays=7
    )
    aoi = Resident(cities.stage.http, "佐倉 葵", email="aoi@example.jp")
    assert "答えてください" in await aoi.register(shown["id"])
    assert aoi.status == 400
    assert 'value="佐倉 葵"' in aoi.html
    assert "メールアドレスの形" in await aoi.register(shown["id"], email="aoi@", answer1="2")
    assert "電話番号を入力" in await aoi.register(shown["id"], email="", answer1="2")
    await aoi.register(shown["id"], answer1="2")
    assert aoi.status == 200
    first = aoi.code
    # sent twice by an impatient thumb: one registration, and the code that was shown last
    again = Resident(cities.stage.http, aoi.name, email=aoi.email)
    await again.send(f"events/{shown['id']}", form="thumb", answer1="1")
    await again.send(f"events/{shown['id']}", form="thumb", answer1="1")
    await cities.sato.do(TAKE, eventId=shown["id"], count=1, attendees=["佐藤 花"], answers=["ない"])
    opened = (await cities.ines.do(REVEAL, eventId=shown["id"]))["participants"]
    assert [(each["number"], each["names"], each["email"], each["organisation"]) for each in opened] == [
        (1, ["佐倉 葵"], "aoi@example.jp", None),
        (2, ["佐倉 葵"], "aoi@example.jp", None),
        (3, ["佐藤 花"], "", "こども食堂ひだまり"),
    ]
    assert opened[0]["answers"] == [{"question": question["text"], "answer": "ある"}]
    for name in ("mori", "sato", "kato"):
        assert (await cities.person(name).do(REVEAL, eventId=shown["id"]))["code"] == "NOT_ALLOWED"
    assert (await cities.ueda.do(REVEAL, eventId=shown["id"]))["code"] == "NOT_FOUND"
    of_mori = (await cities.mori.ask(PLACES, id=shown["id"])).data["event"]["places"]["nodes"]
    assert [each["attendees"] for each in of_mori] == [None, None, None]
    # she mends her address, then cancels: the words are gone at once
    assert "変更しました" in await aoi.mine(do="change", email="aoi@example.org")
    opened = (await cities.ines.do(REVEAL, eventId=shown["id"]))["participants"]
    assert opened[0]["email"] == "aoi@example.org"
    assert "消去しました" in await again.mine(do="cancel-surely")
    assert first == aoi.code
    await _attendance(cities, shown, aoi)
    cities.stage.clock.move(days=8)
    await work(cities)
    left = (await cities.ines.do(REVEAL, eventId=shown["id"]))["participants"]
    assert [each["names"] for each in left] == [[], []]
    await aoi.mine()
    assert aoi.status == 404
    async with cities.stage.sql() as connection:
        kept = await connection.fetch(
            "SELECT sealed, attendees, attended FROM tsunagari.place ORDER BY number"
        )
    assert [tuple(row) for row in kept] == [(None, [], 1), (None, [], None), (None, [], 1)]


async def _attendance(cities: Cities, shown: dict[str, Any], aoi: Resident) -> None:
    """By the code in the room, of which some wrong ones are the end; and by the list."""
    now = await seen(cities.ines, shown["id"]) or {}
    code = (await cities.ines.do(OPEN, id=shown["id"], version=now["version"]))["event"]["attendanceCode"]
    mine = (await cities.sato.ask("{ myPlaces { nodes { id } } }")).data["myPlaces"]["nodes"][0]["id"]
    assert (await cities.sato.do(ATTEND, id=mine, code=code, attended=1))["code"] == "WRONG_STATE"
    cities.stage.clock.move(days=10, minutes=-30)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(10):
        assert (await cities.sato.do(ATTEND, id=mine, code=wrong, attended=1))["detail"] == "WRONG_CODE"
    assert (await cities.sato.do(ATTEND, id=mine, code=code, attended=1))["code"] == "WRONG_STATE"
    assert "表示されている数字と違います" in await aoi.mine(do="attend", attendanceCode=wrong)
    assert "出席を受け付けました" in await aoi.mine(do="attend", attendanceCode=code)
    listed: dict[str, Any] = {"eventId": shown["id"], "places": [{"placeId": mine, "attended": 1}]}
    assert (await cities.ines.do(LIST, **listed))["state"] == "ahead"
    cities.stage.clock.move(hours=1)
    assert (await cities.sato.do(LIST, **listed))["code"] == "NOT_ALLOWED"
    assert (await cities.ines.do(LIST, **listed))["__typename"] == "EventPayload"


async def test_all_are_told_before_of_a_change_and_of_the_end(cities: Cities) -> None:
    """Once each, and nobody who left; a stranger's code, another city's and a wrong one are one answer."""
    shown = await announced(cities.ines, to_everybody=True, forResidents=True, deadline=None)
    aoi = Resident(cities.stage.http, "葵", email="aoi@example.jp")
    ren = Resident(cities.stage.http, "蓮", email="ren@example.jp")
    for who in (aoi, ren):
        await who.register(shown["id"])
    await cities.sato.do(TAKE, eventId=shown["id"], count=1)
    await ren.mine(do="cancel-surely")
    now = await seen(cities.ines, shown["id"]) or {}
    moved = a_talk(forResidents=True, occurrences=[{"startsAt": in_days(12)}], deadline=None)
    edited = await cities.ines.do(EDIT, id=shown["id"], version=now["version"], event=moved)
    renamed = await cities.ines.do(
        EDIT, id=shown["id"], version=edited["event"]["version"], event={**moved, "title": "題だけ"}
    )
    await work(cities)
    cities.stage.clock.move(days=11, hours=1)
    await work(cities)
    await work(cities)
    await cities.ines.do(CANCEL, id=shown["id"], version=renamed["event"]["version"], reason="台風のため")
    await work(cities)
    assert await letters(cities, "aoi@example.jp") == [
        "event_taken",
        "event_changed",
        "event_reminder",
        "event_cancelled",
    ]
    assert await letters(cities, "ren@example.jp") == ["event_taken"]
    told = (await cities.sato.ask(INBOX)).data["inbox"]["notices"]["nodes"]
    assert [each["kind"] for each in reversed(told)] == ["EVENT_CHANGED", "EVENT_REMINDER", "EVENT_CANCELLED"]
    assert "台風のため" in await aoi.mine()
    # who writes another's address into a form again and again fills no mailbox
    flooded = await _another(cities)
    for number in range(7):
        await ren.send(f"events/{flooded['id']}", form=f"again-{number}")
    assert len(await letters(cities, "ren@example.jp")) == 1 + 5
    stray = Resident(cities.stage.http, "だれか", code="0000000000000000")
    elsewhere = Resident(cities.stage.http, "葵", city="takamatsu", code=aoi.code)
    answers = {await stray.mine(), await elsewhere.mine()}
    assert len(answers) == 1
    assert (stray.status, elsewhere.status) == (404, 404)
    then: dict[str, Any] = {"occurrences": [{"startsAt": in_days(30)}], "deadline": None}
    hidden = await announced(cities.ines, forResidents=True, **then)
    closed = await announced(cities.ines, to_everybody=True, **then)
    for event, status in ((hidden, 404), (closed, 409), ({"id": "event_none"}, 404)):
        await aoi.send(f"events/{event['id']}", form="x")
        assert aoi.status == status


async def _another(cities: Cities) -> dict[str, Any]:
    then = [{"startsAt": in_days(30)}]
    return await announced(cities.ines, to_everybody=True, forResidents=True, occurrences=then, deadline=None)

"""Events from draft to cancellation, as people of each kind meet them."""

from typing import Any

import pytest

from tests.events.stage import (
    CANCEL,
    CREATE,
    EDIT,
    EVENT,
    EVENTS,
    PUBLISH,
    a_talk,
    announced,
    drafted,
    in_days,
    seen,
    titles,
)
from tests.stage.cities import Cities

MEMBERS = ("ines", "sato", "hana", "kato", "mori")
OF_NO_CITY = ("ueda", "oda", "stranger", "anyone")


async def test_a_draft_is_seen_by_its_organiser_and_the_coordinator_only(cities: Cities) -> None:
    draft = await drafted(cities.ines)
    assert [name for name in (*MEMBERS, *OF_NO_CITY) if await seen(cities.person(name), draft["id"])] == [
        "ines",
        "mori",
    ]
    assert {name: await titles(cities.person(name)) for name in ("ines", "sato", "anyone")} == {
        "ines": [draft["title"]],
        "sato": [],
        "anyone": [],
    }


async def test_announced_to_the_members_it_is_theirs_and_nobody_elses(cities: Cities) -> None:
    shown = await announced(cities.ines)
    assert shown["state"] == "ANNOUNCED"
    found = [name for name in (*MEMBERS, *OF_NO_CITY) if await seen(cities.person(name), shown["id"])]
    assert found == list(MEMBERS)
    assert await titles(cities.ueda) == []


async def test_published_it_is_everybodys_in_its_own_city(cities: Cities) -> None:
    shown = await announced(cities.ines, to_everybody=True)
    found = [name for name in (*MEMBERS, *OF_NO_CITY) if await seen(cities.person(name), shown["id"])]
    assert found == [*MEMBERS, "stranger", "anyone"]
    back = await cities.ines.do(PUBLISH, id=shown["id"], version=shown["version"], toEverybody=False)
    assert back["event"]["published"] is False
    assert await seen(cities.anyone, shown["id"]) is None
    assert await seen(cities.kato, shown["id"]) is not None


async def test_who_reads_which_field(cities: Cities) -> None:
    """The join link and who attends are withheld by policy, and named in hiddenFields."""
    shown = await announced(cities.ines, to_everybody=True)
    hidden = {
        name: sorted((await seen(cities.person(name), shown["id"]) or {})["hiddenFields"])
        for name in (*MEMBERS, "anyone")
    }
    withheld = ["allSpeakers", "attendanceCode", "attendeeCount", "joinUrl", "places", "waitingList"]
    assert hidden == {
        "ines": [],
        "mori": [],
        "sato": withheld,
        "hana": withheld,
        "kato": withheld,
        "anyone": withheld,
    }
    of_kato = await seen(cities.kato, shown["id"])
    assert of_kato is not None
    assert (of_kato["joinUrl"], of_kato["attendeeCount"], of_kato["placesLeft"]) == (None, None, 20)
    of_ines = await seen(cities.ines, shown["id"])
    assert of_ines is not None
    assert of_ines["joinUrl"] == "https://meet.example.jp/tsunagari"


async def test_only_the_organiser_and_the_coordinator_run_it(cities: Cities) -> None:
    shown = await announced(cities.ines)
    for name in ("sato", "hana", "kato"):
        refused = await cities.person(name).do(CANCEL, id=shown["id"], version=shown["version"])
        assert refused["code"] == "NOT_ALLOWED", name
    for name in ("ueda", "oda", "stranger"):
        refused = await cities.person(name).do(CANCEL, id=shown["id"], version=shown["version"])
        assert refused["code"] == "NOT_FOUND", name
    changed = await cities.mori.do(
        EDIT, id=shown["id"], version=shown["version"], event=a_talk(title="日程変更")
    )
    assert changed["event"]["title"] == "日程変更"


async def test_a_hidden_draft_and_an_absent_event_are_one_answer(cities: Cities) -> None:
    draft = await drafted(cities.ines)
    absent = "event_00000000-0000-7000-8000-000000000000"
    hidden = await cities.sato.do(CANCEL, id=draft["id"], version=1)
    assert hidden == await cities.sato.do(CANCEL, id=absent, version=1)
    assert (await cities.ines.do(CANCEL, id=draft["id"], version=1))["__typename"] == "EventPayload"


async def test_the_coordinator_creates_for_an_organisation_and_others_do_not(cities: Cities) -> None:
    mine = (await cities.sato.ask("{ myOrganisation { id name } }")).data["myOrganisation"]
    refused = await cities.kato.do(CREATE, event=a_talk(), organisationId=mine["id"])
    assert refused["code"] == "NOT_ALLOWED"
    made = await cities.mori.do(CREATE, event=a_talk(), organisationId=mine["id"])
    assert made["event"]["organiser"]["name"] == mine["name"]
    assert await seen(cities.sato, made["event"]["id"]) is not None
    elsewhere = (await cities.ueda.ask("{ myOrganisation { id } }")).data["myOrganisation"]
    assert (await cities.mori.do(CREATE, event=a_talk(), organisationId=elsewhere["id"]))[
        "code"
    ] == "NOT_FOUND"
    stranger = await cities.stranger.do(CREATE, event=a_talk())
    assert stranger["code"] == "NOT_ALLOWED"


async def test_a_second_edit_of_the_same_version_is_a_conflict(cities: Cities) -> None:
    draft = await drafted(cities.ines)
    first = await cities.ines.do(EDIT, id=draft["id"], version=1, event=a_talk(title="先"))
    assert first["event"]["version"] == 2
    second = await cities.mori.do(EDIT, id=draft["id"], version=1, event=a_talk(title="後"))
    assert (second["__typename"], second["current"]) == ("StaleVersion", 2)
    assert (await seen(cities.ines, draft["id"]) or {})["title"] == "先"


async def test_cancelled_it_stays_readable_and_takes_no_change(cities: Cities) -> None:
    shown = await announced(cities.ines)
    gone = await cities.ines.do(CANCEL, id=shown["id"], version=shown["version"], reason="台風のため")
    assert gone["event"]["cancelReason"] == "台風のため"
    assert (await seen(cities.kato, shown["id"]) or {})["state"] == "CANCELLED"
    now: dict[str, Any] = {"id": shown["id"], "version": gone["event"]["version"]}
    tries = ((EDIT, {**now, "event": a_talk()}), (PUBLISH, {**now, "toEverybody": True}), (CANCEL, now))
    for mutation, given in tries:
        refused = await cities.ines.do(mutation, **given)
        assert refused["state"] == "cancelled"


async def test_a_cancelled_draft_stays_hidden(cities: Cities) -> None:
    draft = await drafted(cities.ines)
    await cities.ines.do(CANCEL, id=draft["id"], version=1)
    assert await seen(cities.sato, draft["id"]) is None
    assert await seen(cities.ines, draft["id"]) is not None


async def test_occurrences_are_kept_in_order_of_time_and_replaced_by_an_edit(cities: Cities) -> None:
    late = {"startsAt": "2027-03-02T10:00:00+09:00", "endsAt": "2027-03-02T12:00:00+09:00"}
    early = {"startsAt": "2027-03-01T09:00:00+09:00", "days": 3, "endsAt": "2027-03-01T17:00:00+09:00"}
    whole = {"startsAt": "2027-03-05T13:00:00+09:00", "allDay": True, "days": 2}
    draft = await drafted(cities.ines, occurrences=[late, whole, early], deadline=None)
    assert [(each["startsAt"], each["days"], each["allDay"]) for each in draft["occurrences"]] == [
        ("2027-03-01T00:00:00+00:00", 3, False),
        ("2027-03-02T01:00:00+00:00", 1, False),
        ("2027-03-04T15:00:00+00:00", 2, True),
    ]
    assert (draft["startsAt"], draft["endsAt"]) == ("2027-03-01T00:00:00+00:00", None)
    fewer = await cities.ines.do(
        EDIT, id=draft["id"], version=1, event=a_talk(occurrences=[late], deadline=None)
    )
    assert [each["startsAt"] for each in fewer["event"]["occurrences"]] == ["2027-03-02T01:00:00+00:00"]
    assert fewer["event"]["endsAt"] == "2027-03-02T03:00:00+00:00"
    again = await cities.ines.do(
        EDIT, id=draft["id"], version=2, event=a_talk(occurrences=[late, early], deadline=None)
    )
    assert [each["days"] for each in again["event"]["occurrences"]] == [3, 1]


async def test_upcoming_and_past(cities: Cities) -> None:
    await announced(cities.ines, title="来週")
    await announced(
        cities.ines,
        title="先月",
        occurrences=[{"startsAt": in_days(-30), "endsAt": in_days(-30, hours=1)}],
        deadline=None,
    )
    await announced(
        cities.ines, title="開催中", occurrences=[{"startsAt": in_days(-2), "days": 5}], deadline=None
    )
    assert await titles(cities.kato, when="UPCOMING") == ["開催中", "来週"]
    assert await titles(cities.kato, when="PAST") == ["先月"]
    assert await titles(cities.kato) == ["先月", "開催中", "来週"]
    assert await titles(cities.kato, order="LATEST") == ["来週", "開催中", "先月"]


async def test_search_folds_kana_and_pages_go_on(cities: Cities) -> None:
    for number in range(3):
        await announced(
            cities.ines,
            title=f"子ども食堂{number}",
            titleKana="コドモショクドウ",
            occurrences=[{"startsAt": in_days(10 + number)}],
        )
    await announced(cities.ines, title="講演会", titleKana="")
    assert len(await titles(cities.hana, search="こどもしょくどう")) == 3
    first = (await cities.hana.ask(EVENTS, search="食堂", first=2)).data["events"]
    assert first["totalCount"] == 3
    rest = (await cities.hana.ask(EVENTS, search="食堂", first=2, after=first["pageInfo"]["endCursor"])).data[
        "events"
    ]
    names = [each["title"] for each in (*first["nodes"], *rest["nodes"])]
    assert names == ["子ども食堂0", "子ども食堂1", "子ども食堂2"]


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"title": "  "}, "title", "REQUIRED"),
    ({"title": "あ\u0007い"}, "title", "control_character"),
    ({"title": "あ" * 301}, "title", "too_long"),
    ({"description": "長" * 8_001}, "description", "too_long"),
    ({"venue": "一階\n二階"}, "venue", "line_break"),
    ({"occurrences": []}, "occurrences", "NUMBER_OF_OCCURRENCES"),
    ({"occurrences": [{"startsAt": in_days(9)}] * 101}, "occurrences", "NUMBER_OF_OCCURRENCES"),
    ({"occurrences": [{"startsAt": in_days(9)}] * 2}, "occurrences", "SAME_OCCURRENCE"),
    (
        {"occurrences": [{"startsAt": in_days(9), "endsAt": in_days(8)}]},
        "occurrences",
        "END_BEFORE_START",
    ),
    ({"occurrences": [{"startsAt": "2027-03-01T10:00:00"}]}, "occurrences", "OFFSET_REQUIRED"),
    ({"occurrences": [{"startsAt": "0001-01-01T00:00:00+09:00"}]}, "occurrences", "YEAR"),
    ({"occurrences": [{"startsAt": in_days(9), "days": 0}]}, "occurrences", "DAYS"),
    (
        {"occurrences": [{"startsAt": in_days(9), "endsAt": in_days(11), "days": 2}]},
        "occurrences",
        "DAYS_OVERLAP",
    ),
    (
        {"occurrences": [{"startsAt": in_days(9), "endsAt": in_days(10), "allDay": True}]},
        "occurrences",
        "ALL_DAY_WITH_END",
    ),
    ({"capacity": 0}, "capacity", "CAPACITY"),
    ({"deadline": in_days(-1)}, "deadline", "DEADLINE_PASSED"),
    ({"deadline": in_days(12)}, "deadline", "DEADLINE_AFTER_EVENT"),
    ({"deadline": "2027-01-01T00:00:00"}, "deadline", "OFFSET_REQUIRED"),
    ({"joinUrl": "javascript:alert(1)"}, "joinUrl", "WEB_ADDRESS"),
    ({"deliveryMode": "ROOM"}, "joinUrl", "NOT_ONLINE"),
    ({"url": "市のページ"}, "url", "WEB_ADDRESS"),
    ({"latitude": 91.0}, "latitude", "DEGREES"),
]


@pytest.mark.parametrize("case", range(0, len(BAD), 8))
async def test_bad_input_is_named_in_both_languages(cities: Cities, case: int) -> None:
    for changes, field, detail in BAD[case : case + 8]:
        refused = await cities.ines.do(CREATE, event=a_talk(**changes))
        assert (refused.get("field"), refused.get("detail")) == (field, detail), changes
        assert refused["ja"] != refused["en"]
    assert await titles(cities.ines) == []


async def test_an_event_of_a_working_group_needs_a_seat_there(cities: Cities) -> None:
    made = await cities.mori.do(
        """mutation ($input: CreateWorkingGroupInput!) { createWorkingGroup(input: $input) {
          __typename ... on WorkingGroupPayload { workingGroup { id } } } }""",
        name="見守り部会",
    )
    group = made["workingGroup"]["id"]
    refused = await cities.sato.do(CREATE, event=a_talk(workingGroupId=group))
    assert refused["code"] == "NOT_ALLOWED"
    wrong = await cities.mori.do(CREATE, event=a_talk(workingGroupId="person" + group[13:]))
    assert wrong["code"] == "NOT_FOUND"
    hung = await cities.mori.do(CREATE, event=a_talk(workingGroupId=group))
    await cities.mori.do(PUBLISH, id=hung["event"]["id"], version=1, toEverybody=False)
    await announced(cities.ines, title="部会とは別")
    said = await cities.kato.ask(
        "query ($id: ID!) { events(workingGroup: $id) { nodes { workingGroup { name } } } }", id=group
    )
    assert said.data["events"]["nodes"] == [{"workingGroup": {"name": "見守り部会"}}]


async def test_what_was_done_is_in_the_audit(cities: Cities) -> None:
    shown = await announced(cities.ines, to_everybody=True)
    await cities.sato.do(CANCEL, id=shown["id"], version=shown["version"])
    await cities.ines.do(CANCEL, id=shown["id"], version=shown["version"], reason="秘密の理由")
    async with cities.stage.sql() as admin:
        entries = await admin.fetch(
            "SELECT action, codes::text FROM tsunagari.audit_entry "
            "WHERE object_type = 'event' ORDER BY sequence"
        )
    assert [each["action"] for each in entries] == [
        "create_event",
        "publish_event",
        "refused:cancel_event",
        "cancel_event",
    ]
    assert "秘密" not in str(entries)


async def test_one_event_by_its_id_of_another_type_is_absent(cities: Cities) -> None:
    shown = await announced(cities.ines)
    said = await cities.ines.ask(EVENT, id=shown["id"].replace("event_", "place_"))
    assert said.data["event"] is None

"""Working groups: who makes them, who sees what of them, where they are found."""

from typing import Any

import pytest

from tests.groups.said import GROUPS, does, founded, group_of, organisation_of, tries
from tests.stage.cities import Cities
from tests.stage.stage import Person

FOR_MEMBERS = {
    "charters",
    "files",
    "unreadPosts",
    "published",
    "boardOpenToCompanies",
    "chair",
    "seats",
    "seatRequests",
    "posts",
}


async def _found(person: Person, search: str | None = None) -> list[str]:
    groups = (await person.ask(GROUPS, search=search)).data["workingGroups"]
    assert groups["totalCount"] == len(groups["nodes"])
    for each in groups["nodes"]:
        assert (await group_of(person, each["id"]))["name"] == each["name"]
    return [each["name"] for each in groups["nodes"]]


async def test_mori_makes_a_group_with_its_chair(cities: Cities) -> None:
    for name in ("ines", "hana", "kato", "stranger"):
        refused = await tries(cities.person(name), "createWorkingGroup", name="見守り部会")
        assert refused["problem"] == "NOT_ALLOWED"
    chair = await organisation_of(cities.ines)
    made = await does(
        cities.mori,
        "createWorkingGroup",
        name="見守り部会",
        purpose="顔の見える関係\n月1回",
        chairOrganisationId=chair,
    )
    assert made["chair"] == {"name": "NPO法人つながる生駒"}
    assert [each["isChair"] for each in made["seats"]["nodes"]] == [True]
    assert made["boardOpenToCompanies"] is made["published"] is False
    elsewhere = await organisation_of(cities.ueda)
    refused = await tries(cities.mori, "createWorkingGroup", name="別の部会", chairOrganisationId=elsewhere)
    assert refused["problem"] == "NOT_FOUND"
    assert await _found(cities.mori) == ["見守り部会"]


@pytest.mark.parametrize("name", ["ines", "sato", "hana", "kato", "mori", "anyone", "stranger"])
async def test_a_published_group_by_field(cities: Cities, name: str) -> None:
    identity = await founded(cities.mori, cities.ines, cities.hana, purpose="見守り")
    version = (await group_of(cities.mori, identity))["version"]
    hidden_before = name in {"anyone", "stranger"}
    before: dict[str, Any] | None = await group_of(cities.person(name), identity)
    assert (before is None) is hidden_before
    await does(cities.mori, "publishWorkingGroup", id=identity, version=version, published=True)
    seen = await group_of(cities.person(name), identity)
    assert (seen["name"], seen["purpose"], seen["state"]) == ("見守り部会", "見守り", "ACTIVE")
    assert set(seen["hiddenFields"]) == (FOR_MEMBERS if hidden_before else set())
    assert seen["chair"] == (None if hidden_before else {"name": "NPO法人つながる生駒"})
    assert seen["published"] is (None if hidden_before else True)
    if hidden_before:
        assert seen["seats"] is None
    else:  # a seat is shown to the group itself and to the coordinator
        seated = name in {"ines", "hana", "mori"}
        assert seen["seats"]["totalCount"] == len(seen["seats"]["nodes"]) == (2 if seated else 0)


async def test_groups_are_found_by_name_and_only_in_their_own_city(cities: Cities) -> None:
    await founded(cities.mori, cities.ines)
    await founded(cities.mori, cities.hana, name="子ども・若者ブカイ")
    await founded(cities.oda, cities.ueda, name="高松の部会")
    assert await _found(cities.kato) == ["子ども・若者ブカイ", "見守り部会"]
    assert await _found(cities.kato, "ﾌﾞｶｲ") == ["子ども・若者ブカイ"]
    assert await _found(cities.kato, "%") == []
    assert await _found(cities.ueda) == ["高松の部会"]
    assert await _found(cities.anyone) == await _found(cities.stranger) == []


async def test_ones_own_groups_are_those_with_a_seat_today(cities: Cities) -> None:
    mine = "{ myWorkingGroups { totalCount nodes { name } } }"
    await founded(cities.mori, cities.ines, cities.hana)
    await founded(cities.mori, cities.hana, name="子ども部会")
    seen = {
        name: [
            each["name"] for each in (await cities.person(name).ask(mine)).data["myWorkingGroups"]["nodes"]
        ]
        for name in ("ines", "hana", "sato", "mori", "anyone")
    }
    assert seen == {
        "ines": ["見守り部会"],
        "hana": ["子ども部会", "見守り部会"],
        "sato": [],
        "mori": [],
        "anyone": [],
    }


async def test_mori_edits_opens_and_closes_a_group(cities: Cities) -> None:
    identity = await founded(cities.mori, cities.ines)
    version = (await group_of(cities.mori, identity))["version"]
    changes: list[tuple[str, dict[str, object]]] = [
        ("editWorkingGroup", {"name": "居場所部会"}),
        ("publishWorkingGroup", {"published": True}),
        ("openBoard", {"toCompanies": True}),
    ]
    for action, change in changes:
        for name in ("ines", "hana", "kato"):
            refused = await tries(cities.person(name), action, id=identity, version=version, **change)
            assert refused["problem"] == "NOT_ALLOWED"
        assert (await tries(cities.oda, action, id=identity, version=version, **change))[
            "problem"
        ] == "NOT_FOUND"
        done = await does(cities.mori, action, id=identity, version=version, **change)
        stale = await tries(cities.mori, action, id=identity, version=version, **change)
        assert (stale["problem"], stale["current"]) == ("STALE_VERSION", version + 1)
        version = done["version"]
    seen = await group_of(cities.kato, identity)
    assert (seen["name"], seen["published"], seen["boardOpenToCompanies"]) == ("居場所部会", True, True)
    assert await _found(cities.kato, "見守り") == []
    await does(cities.mori, "editWorkingGroup", id=identity, version=version, state="CLOSED")
    closed = await tries(
        cities.ines, "writePost", workingGroupId=identity, audience="ALL", title="報告", body="本文"
    )
    assert (closed["problem"], closed["state"]) == ("WRONG_STATE", "closed")


@pytest.mark.parametrize(
    ("given", "field", "detail"),
    [
        ({"name": ""}, "name", "REQUIRED"),
        ({"name": "あ" * 201}, "name", "too_long"),
        ({"name": "部\u0001会"}, "name", "control_character"),
        ({"purpose": "あ" * 4_001}, "purpose", "too_long"),
        ({"chairOrganisationId": "x"}, "chairOrganisationId", "MALFORMED_ID"),
    ],
)
async def test_what_cannot_be_taken_is_named(
    cities: Cities, given: dict[str, object], field: str, detail: str
) -> None:
    form: dict[str, object] = {"name": "見守り部会", **given}
    refused = await tries(cities.mori, "createWorkingGroup", **form)
    assert (refused["problem"], refused["field"], refused["detail"]) == ("INVALID_INPUT", field, detail)
    assert refused["ja"] != refused["en"]
    assert await _found(cities.mori) == []
    await does(cities.mori, "createWorkingGroup", name="見守り部会")


async def test_what_mori_does_is_in_the_audit_chain(cities: Cities) -> None:
    identity = await founded(cities.mori, cities.ines)
    await tries(cities.ines, "openBoard", id=identity, version=1, toCompanies=True)
    await does(cities.mori, "openBoard", id=identity, version=1, toCompanies=True)
    async with cities.stage.sql() as database:
        rows = await database.fetch(
            "SELECT action FROM tsunagari.audit_entry WHERE object_id = $1 ORDER BY sequence",
            identity.removeprefix("working_group_"),
        )
    assert [row["action"] for row in rows] == ["create_working_group", "refused:open_board", "open_board"]

"""The directory of members, as people of each kind read it."""

from typing import Any

import pytest

from tests.members.said import ONE, applied, does, names_seen, own
from tests.stage.cities import Cities
from tests.stage.stage import Person

DIRECTORY = """query ($search: String, $kind: OrganisationKind, $status: OrganisationStatus,
    $order: OrganisationOrder, $first: Int, $after: String, $last: Int, $before: String) {
  organisations(search: $search, kind: $kind, status: $status, order: $order,
      first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { id name kind hiddenFields workContact }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
MEMBERS = {"生駒市", "生駒市福祉総務課", "NPO法人つながる生駒", "こども食堂ひだまり", "まちの電器株式会社"}


async def _found(person: Person, **asked: Any) -> list[str]:
    said = await person.ask(DIRECTORY, **asked)
    return [each["name"] for each in said.data["organisations"]["nodes"]]


@pytest.mark.parametrize("search", ["ヒダマリ", "ひだまり", "ﾋﾀﾞﾏﾘ", "ひだ まり", "食堂ひだ"])
async def test_ines_finds_an_npo_however_its_kana_is_typed(cities: Cities, search: str) -> None:
    assert await _found(cities.ines, search=search) == ["こども食堂ひだまり"]


async def test_search_takes_old_characters_for_new_ones_and_wildcards_for_themselves(cities: Cities) -> None:
    said = await applied(cities.stranger, "廣澤會ｻﾛﾝ", nameKana="ひろさわかいさろん", services="居場所100%")
    await does(cities.mori, "approveMember", id=said["id"], version=said["version"])
    assert await _found(cities.ines, search="広沢会サロン") == ["廣澤會ｻﾛﾝ"]
    assert await _found(cities.ines, search="100%") == ["廣澤會ｻﾛﾝ"]
    assert await _found(cities.ines, search="1%0") == []
    assert await _found(cities.ines, search="_") == []


async def test_the_directory_runs_in_the_order_of_the_fifty_sounds(cities: Cities) -> None:
    for subject, name, kana in (("a", "ガーデン会", "ガーデンカイ"), ("b", "かえで会", "かえでかい")):
        said = await applied(cities.stage.person(subject, "ikoma"), name, nameKana=kana)
        await does(cities.mori, "approveMember", id=said["id"], version=said["version"])
    order = [name for name in await _found(cities.ines) if name != "生駒市"]  # which has no reading
    assert order == [
        "生駒市福祉総務課",
        "ガーデン会",  # かあ…, before かえ…
        "かえで会",
        "こども食堂ひだまり",
        "NPO法人つながる生駒",
        "まちの電器株式会社",
    ]


@pytest.mark.parametrize("order", ["KANA", "NEWEST"])
async def test_pages_forward_and_backward_show_the_same_directory(cities: Cities, order: str) -> None:
    whole = await _found(cities.ines, order=order, first=100)
    assert set(whole) == MEMBERS
    forward: list[str] = []
    page: dict[str, Any] = {"first": 2}
    while page:
        said = (await cities.ines.ask(DIRECTORY, order=order, **page)).data["organisations"]
        assert said["totalCount"] == len(whole)
        assert said["pageInfo"]["hasPreviousPage"] is bool(forward)
        forward += [each["name"] for each in said["nodes"]]
        more = said["pageInfo"]["hasNextPage"]
        page = {"first": 2, "after": said["pageInfo"]["endCursor"]} if more else {}
    assert forward == whole
    backward: list[str] = []
    page = {"last": 2}
    while page:
        said = (await cities.ines.ask(DIRECTORY, order=order, **page)).data["organisations"]
        backward = [each["name"] for each in said["nodes"]] + backward
        more = said["pageInfo"]["hasPreviousPage"]
        page = {"last": 2, "before": said["pageInfo"]["startCursor"]} if more else {}
    assert backward == whole


@pytest.mark.parametrize("name", ["ines", "hana", "kato", "mori", "stranger", "anyone", "ueda"])
async def test_the_directory_is_what_single_answers_show(cities: Cities, name: str) -> None:
    await applied(cities.stage.person("midori", "ikoma"))
    ines = await own(cities.ines)
    await does(cities.ines, "publishOrganisation", id=ines["id"], version=ines["version"], published=True)
    async with cities.stage.sql() as database:
        every = [row["id"] for row in await database.fetch("SELECT id FROM tsunagari.organisation")]
    asker = cities.person(name)
    singly = set[str]()
    for identity in every:
        one = (await asker.ask(ONE, id=f"organisation_{identity}")).data["organisation"]
        singly |= set() if one is None else {one["name"]}
    assert await names_seen(asker) == singly
    assert len(singly) == {"mori": 6, "ueda": 2, "stranger": 2, "anyone": 2}.get(name, 5)


async def test_the_public_sees_only_what_is_published_and_of_members_of_today(cities: Cities) -> None:
    assert await names_seen(cities.anyone) == {"生駒市"}
    ines = await own(cities.ines)
    said = await does(
        cities.ines, "publishOrganisation", id=ines["id"], version=ines["version"], published=True
    )
    assert said["organisation"]["published"] is True
    assert await names_seen(cities.anyone) == {"生駒市", "NPO法人つながる生駒"}
    shown = (await cities.anyone.ask(ONE, id=ines["id"])).data["organisation"]
    assert shown["name"] == "NPO法人つながる生駒"
    assert shown["workContact"] is shown["memberSince"] is shown["status"] is shown["published"] is None
    await does(cities.mori, "suspendMember", id=ines["id"], version=said["organisation"]["version"])
    assert await names_seen(cities.anyone) == {"生駒市"}


async def test_the_public_reaches_the_directory_by_path_too(cities: Cities) -> None:
    response = await cities.stage.http.post(
        "/t/ikoma/graphql", json={"query": "{ organisations { nodes { name } } }"}
    )
    assert response.json()["data"]["organisations"]["nodes"] == [{"name": "生駒市"}]
    other = await cities.stage.http.post(
        "/t/takamatsu/graphql", json={"query": "{ organisations { nodes { name } } }"}
    )
    assert other.json()["data"]["organisations"]["nodes"] == [{"name": "高松市"}]


async def test_another_city_is_absent(cities: Cities) -> None:
    assert await names_seen(cities.ueda) == {"高松市", "NPO法人たかまつの灯"}
    assert await names_seen(cities.ines) == MEMBERS
    ines = await own(cities.ines)
    assert (await cities.ines.ask(ONE, id=ines["id"])).data["organisation"]["name"] == ines["name"]
    for asker in (cities.ueda, cities.oda):
        assert (await asker.ask(ONE, id=ines["id"])).data["organisation"] is None
        node = await asker.ask("query ($id: ID!) { node(id: $id) { id } }", id=ines["id"])
        assert node.data["node"] is None


async def test_only_the_coordinator_filters_by_status(cities: Cities) -> None:
    await applied(cities.stranger)
    assert await _found(cities.mori, status="APPLIED") == ["NPO法人みどり"]
    assert await _found(cities.hana, status="APPLIED") == []
    assert await _found(cities.hana, status="ACTIVE") == ["生駒市福祉総務課"]
    assert await _found(cities.stranger, status="APPLIED") == ["NPO法人みどり"]
    assert set(await _found(cities.mori, kind="GOVERNMENT")) == {"生駒市", "生駒市福祉総務課"}


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ({"first": 101}, None),
        ({"first": 2, "last": 2}, "PAGE_DIRECTION"),
        ({"after": "nonsense"}, "MALFORMED_CURSOR"),
        ({"after": "WyJORVdFU1QiLCAieCJd"}, "MALFORMED_CURSOR"),
        ({"first": -1}, None),
    ],
)
async def test_a_page_that_cannot_be_is_refused_in_both_languages(
    cities: Cities, asked: dict[str, Any], detail: str | None
) -> None:
    said = await cities.ines.ask(DIRECTORY, **asked)
    assert said.code in {"INVALID_INPUT", "TOO_MUCH"}, said.body
    extensions = said.errors[0]["extensions"]
    assert detail is None or extensions["detail"] == detail
    assert extensions["ja"] != extensions["en"]
    assert len(await _found(cities.ines, first=100)) == len(MEMBERS)


async def test_an_id_that_is_none_is_an_error_and_one_of_another_type_is_absent(cities: Cities) -> None:
    said = await cities.ines.ask(ONE, id="organisation_1")
    assert said.code == "INVALID_INPUT"
    assert said.errors[0]["extensions"]["detail"] == "MALFORMED_ID"
    ines = await own(cities.ines)
    other = ines["id"].replace("organisation", "person")
    assert (await cities.ines.ask(ONE, id=other)).data["organisation"] is None

"""Posts and their audiences: what each member of a group reads, writes, edits and removes."""

import pytest

from tests.groups.said import ONE_POST, does, founded, titles, tries
from tests.stage.cities import Cities

BODY = {"title": "報告", "body": "本文"}
READ = {
    "hana": {"全員へ", "行政とNPOへ", "行政へ"},
    "ines": {"全員へ", "行政とNPOへ"},
    "kato": {"全員へ"},
    "mori": {"全員へ", "行政とNPOへ", "行政へ"},
    "sato": set[str](),
}


async def _posted(cities: Cities) -> tuple[str, dict[str, str]]:
    """A group of department, NPO and company, and a post for each audience by its title."""
    group = await founded(cities.mori, cities.ines, cities.hana, cities.kato)
    posts: dict[str, str] = {}
    for audience, title in (
        ("ALL", "全員へ"),
        ("PUBLIC_SECTOR_AND_NPOS", "行政とNPOへ"),
        ("PUBLIC_SECTOR", "行政へ"),
    ):
        post = await does(
            cities.hana, "writePost", workingGroupId=group, audience=audience, title=title, body="本文"
        )
        posts[title] = post["id"]
    return group, posts


@pytest.mark.parametrize("name", READ)
async def test_each_reads_what_is_for_them(cities: Cities, name: str) -> None:
    group, posts = await _posted(cities)
    assert await titles(cities.person(name), group) == READ[name]
    for title, identity in posts.items():
        seen = (await cities.person(name).ask(ONE_POST, id=identity)).data["post"]
        assert (seen is not None) is (title in READ[name])
        if seen is not None:
            assert seen["hiddenFields"] == []
            assert seen["author"] == {"name": "Hana"}
            assert seen["authorOrganisation"] == {"name": "生駒市福祉総務課"}
            assert (seen["body"], seen["workingGroup"]) == ("本文", {"name": "見守り部会"})


@pytest.mark.parametrize("name", ["anyone", "stranger", "ueda", "oda"])
async def test_nobody_from_outside_reads_a_post(cities: Cities, name: str) -> None:
    _, posts = await _posted(cities)
    for identity in posts.values():
        assert (await cities.person(name).ask(ONE_POST, id=identity)).data["post"] is None


async def test_who_holds_a_seat_writes_for_an_audience_that_is_theirs(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.kato, cities.hana)
    may = {
        "hana": {"ALL", "PUBLIC_SECTOR_AND_NPOS", "PUBLIC_SECTOR"},
        "ines": {"ALL", "PUBLIC_SECTOR_AND_NPOS"},
        "kato": {"ALL"},
        "mori": {"ALL", "PUBLIC_SECTOR_AND_NPOS", "PUBLIC_SECTOR"},
    }
    for name, audiences in may.items():
        for audience in ("ALL", "PUBLIC_SECTOR_AND_NPOS", "PUBLIC_SECTOR"):
            said = await tries(
                cities.person(name), "writePost", workingGroupId=group, audience=audience, **BODY
            )
            if audience in audiences:
                assert said["post"]["audience"] == audience
            else:
                assert (said["problem"], said["detail"]) == ("INVALID_INPUT", "AUDIENCE")
    for name, problem in (("sato", "NOT_ALLOWED"), ("ueda", "NOT_FOUND"), ("stranger", "NOT_FOUND")):
        said = await tries(cities.person(name), "writePost", workingGroupId=group, audience="ALL", **BODY)
        assert said["problem"] == problem


async def test_the_organisation_that_wrote_edits(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana)
    post = await does(cities.ines, "writePost", workingGroupId=group, audience="ALL", **BODY)
    for name, problem in (("hana", "NOT_ALLOWED"), ("mori", "NOT_ALLOWED"), ("sato", "NOT_FOUND")):
        refused = await tries(cities.person(name), "editPost", id=post["id"], version=1, title="改ざん")
        assert refused["problem"] == problem
    closed = await tries(cities.ines, "editPost", id=post["id"], version=1, audience="PUBLIC_SECTOR")
    assert (closed["problem"], closed["field"]) == ("INVALID_INPUT", "audience")
    edited = await does(cities.ines, "editPost", id=post["id"], version=1, title="訂正")
    assert (edited["title"], edited["body"], edited["audience"]) == ("訂正", "本文", "ALL")
    stale = await tries(cities.ines, "editPost", id=post["id"], version=1, title="古い")
    assert stale["problem"] == "STALE_VERSION"


async def test_a_post_is_removed_by_its_organisation_or_the_coordinator_with_its_text(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana)
    for remover in (cities.ines, cities.mori):
        post = await does(cities.ines, "writePost", workingGroupId=group, audience="ALL", **BODY)
        refused = await tries(cities.hana, "removePost", id=post["id"], version=1)
        assert refused["problem"] == "NOT_ALLOWED"
        removed = await tries(remover, "removePost", id=post["id"], version=1)
        assert (removed["__typename"], removed["post"]) == ("PostPayload", None)
        assert (await cities.mori.ask(ONE_POST, id=post["id"])).data["post"] is None
        again = await tries(remover, "removePost", id=post["id"], version=1)
        assert again["problem"] == "NOT_FOUND"
    async with cities.stage.sql() as database:
        assert await database.fetchval("SELECT count(*) FROM tsunagari.post") == 0
        count = "SELECT count(*) FROM tsunagari.audit_entry WHERE action = $1"
        assert await database.fetchval(count, "remove_post") == 2
        assert await database.fetchval(count, "refused:remove_post") == 2


@pytest.mark.parametrize(
    ("given", "field", "detail"),
    [
        ({"title": ""}, "title", "REQUIRED"),
        ({"title": "二\n行"}, "title", "line_break"),
        ({"title": "あ" * 201}, "title", "too_long"),
        ({"body": " \n "}, "body", "REQUIRED"),
        ({"body": "あ" * 20_001}, "body", "too_long"),
        ({"body": "見\u0007えない"}, "body", "control_character"),
        ({"workingGroupId": "部会"}, "workingGroupId", "MALFORMED_ID"),
    ],
)
async def test_what_cannot_be_posted_is_named(
    cities: Cities, given: dict[str, object], field: str, detail: str
) -> None:
    group = await founded(cities.mori, cities.ines)
    form: dict[str, object] = {"workingGroupId": group, "audience": "ALL", **BODY}
    refused = await tries(cities.ines, "writePost", **(form | given))
    assert (refused["problem"], refused["field"], refused["detail"]) == ("INVALID_INPUT", field, detail)
    await does(cities.ines, "writePost", **form)


async def test_posts_come_newest_first_in_pages_both_ways(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines)
    for number in range(5):
        await does(
            cities.ines, "writePost", workingGroupId=group, audience="ALL", title=f"{number}", body="本文"
        )
    pages = """query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      workingGroup(id: $id) { posts(first: $first, after: $after, last: $last, before: $before) {
        nodes { title } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
    first = (await cities.ines.ask(pages, id=group, first=2)).data["workingGroup"]["posts"]
    assert [each["title"] for each in first["nodes"]] == ["4", "3"]
    after = first["pageInfo"]["endCursor"]
    second = (await cities.ines.ask(pages, id=group, first=2, after=after)).data["workingGroup"]["posts"]
    assert [each["title"] for each in second["nodes"]] == ["2", "1"]
    before = second["pageInfo"]["startCursor"]
    back = (await cities.ines.ask(pages, id=group, last=2, before=before)).data["workingGroup"]["posts"]
    assert [each["title"] for each in back["nodes"]] == ["4", "3"]
    assert back["pageInfo"]["hasPreviousPage"] is False

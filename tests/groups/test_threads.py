"""Threads: comments for whom the post is, what is unread, what stays on top."""

from typing import Any

from tests.groups.said import does, founded, tries
from tests.stage.cities import Cities

THREAD = """query ($id: ID!) { post(id: $id) { isPinned comments { totalCount nodes {
  id version body audience author { name } viewerCan } } } }"""
UNREAD = """query ($id: ID!, $order: PostOrder = NEWEST) { workingGroup(id: $id) {
  unreadPosts(first: 1) { totalCount } posts(order: $order) { nodes { title isPinned } } } }"""


async def _posted(cities: Cities, group: str, title: str, audience: str = "ALL") -> dict[str, Any]:
    return await does(
        cities.hana, "writePost", workingGroupId=group, audience=audience, title=title, body="本文"
    )


async def test_comments_go_where_their_post_goes(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana, cities.kato)
    post = await _posted(cities, group, "案")
    said = [
        await does(cities.person(name), "writeComment", postId=post["id"], body=f"{name}より")
        for name in ("kato", "ines", "mori")
    ]
    thread = (await cities.kato.ask(THREAD, id=post["id"])).data["post"]["comments"]
    assert [each["body"] for each in thread["nodes"]] == ["katoより", "inesより", "moriより"]
    assert thread["nodes"][0]["viewerCan"] == ["EDIT_COMMENT", "REMOVE_COMMENT"]
    assert thread["nodes"][1]["viewerCan"] == []
    foreign = await tries(cities.kato, "editComment", id=said[1]["id"], version=1, body="改ざん")
    assert foreign["problem"] == "NOT_ALLOWED"
    assert (await does(cities.kato, "editComment", id=said[0]["id"], version=1, body="訂正"))[
        "body"
    ] == "訂正"
    narrowed = {"id": post["id"], "version": 1, "audience": "PUBLIC_SECTOR_AND_NPOS"}
    await does(cities.hana, "editPost", **narrowed)
    assert (await tries(cities.kato, "editComment", id=said[0]["id"], version=3, body="b"))["problem"] == (
        "NOT_FOUND"
    )
    assert (await tries(cities.kato, "writeComment", postId=post["id"], body="b"))["problem"] == "NOT_FOUND"
    thread = (await cities.ines.ask(THREAD, id=post["id"])).data["post"]["comments"]
    assert {each["audience"] for each in thread["nodes"]} == {"PUBLIC_SECTOR_AND_NPOS"}
    removed = await tries(cities.mori, "removeComment", id=said[1]["id"], version=2)
    assert (removed["__typename"], removed["comment"]) == ("CommentPayload", None)
    await tries(cities.hana, "removePost", id=post["id"], version=2)
    async with cities.stage.sql() as sql:
        assert await sql.fetchval("SELECT count(*) FROM tsunagari.comment") == 0


async def test_each_has_their_own_unread_and_pinned_ones_come_first(cities: Cities) -> None:
    group = await founded(cities.mori, cities.ines, cities.hana, cities.kato)
    posts = [await _posted(cities, group, f"{number}") for number in range(3)]
    await _posted(cities, group, "行政へ", "PUBLIC_SECTOR")

    async def unread(name: str) -> int:
        found = (await cities.person(name).ask(UNREAD, id=group)).data["workingGroup"]
        count: int = found["unreadPosts"]["totalCount"]
        return count

    assert [await unread(name) for name in ("ines", "kato", "hana", "sato", "mori")] == [3, 3, 0, 0, 4]
    await does(cities.ines, "markPostsRead", postId=posts[1]["id"])
    await does(cities.ines, "markPostsRead", postId=posts[0]["id"])  # a mark goes forward only
    assert [await unread(name) for name in ("ines", "kato")] == [1, 3]
    hidden = await tries(cities.sato, "markPostsRead", postId=posts[0]["id"])
    assert hidden["problem"] == "NOT_FOUND"
    await does(cities.ines, "markPostsRead", postId=posts[2]["id"])
    assert await unread("ines") == 0

    assert (await tries(cities.hana, "pinPost", id=posts[0]["id"], version=1, pinned=True))["problem"] == (
        "NOT_ALLOWED"
    )
    assert (await does(cities.ines, "pinPost", id=posts[0]["id"], version=1, pinned=True))["isPinned"] is True
    shown = (await cities.kato.ask(UNREAD, id=group, order="PINNED")).data["workingGroup"]["posts"]["nodes"]
    assert [each["title"] for each in shown] == ["0", "2", "1"]

"""The adjusted policy is one policy: for lists and single rows, for the command line and for who watches."""

import asyncio
import json
import uuid
from typing import Any

from libs.persistence.roles import APP
from libs.serving.notices import Notices
from services.operator.environment import VARIABLES
from tests.operator.test_commands import refused, run
from tests.policies import documents as said
from tests.policies.conftest import SUMMARY, Office
from tests.referrals.conftest import Loop
from tests.stage.groups import a_group
from tests.stage.stage import Person, Stage

GROUPS = "query ($first: Int!) { workingGroups(first: $first) { totalCount nodes { id name purpose } } }"
GROUP = "query ($id: ID!) { workingGroup(id: $id) { id name purpose } }"
PAGE = """query ($after: String) { workingGroups(first: 1, after: $after) { nodes { id }
  pageInfo { hasNextPage endCursor } } }"""
CARD = {"object": "working_group.card", "relation": "tenant"}


async def test_a_list_is_the_rows_that_each_alone_is_visible(loop: Loop, office: Office) -> None:
    """Companies find the groups in which they hold a seat and no others; NPOs none of their cards' texts."""
    made = [loop.group, *[await a_group(loop.cities, f"部会{number}", "sato") for number in range(3)]]
    await office.drafts(said.TIGHTEN, line=CARD | {"kind": "company"}, becomes="group")
    await office.drafts(said.TIGHTEN, line=CARD | {"kind": "npo"}, becomes="chair")
    await office.publishes()
    found: dict[str, int] = {}
    for name in ("mori", "ines", "sato", "hana", "kato", "ueda", "stranger", "anyone"):
        person = loop.person(name)
        single = [row for row in [await _one(person, each) for each in made] if row is not None]
        listed = (await person.ask(GROUPS, first=50)).data["workingGroups"]
        assert listed["totalCount"] == len(listed["nodes"]) == len(single), name
        assert sorted(listed["nodes"], key=_id) == sorted(single, key=_id), name
        assert await _paged(person) == [each["id"] for each in listed["nodes"]], name
        found[name] = len(single)
    assert found == {"mori": 4, "hana": 4, "kato": 1} | dict.fromkeys(
        ("ines", "sato", "ueda", "stranger", "anyone"), 0
    )


def _id(row: dict[str, Any]) -> str:
    return row["id"]


async def _one(person: Person, group: str) -> dict[str, Any] | None:
    return (await person.ask(GROUP, id=group)).data["workingGroup"]


async def _paged(person: Person) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        page = (await person.ask(PAGE, after=after)).data["workingGroups"]
        found += [each["id"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


async def test_an_action_that_is_tightened_is_refused(board: Loop, office: Office) -> None:
    """Only who chairs posts from now on: Sato, who holds a seat, reads and does not write."""
    line = {"kind": "npo", "object": "working_group", "act": "write_post", "relation": "group"}
    await office.drafts(said.TIGHTEN, line=line, becomes="chair")
    await office.publishes()
    write = """mutation ($input: WritePostInput!) { writePost(input: $input) { __typename } }"""
    post: dict[str, Any] = {
        "workingGroupId": board.group,
        "audience": "ALL",
        "title": "集まり",
        "body": "来週です",
    }
    assert (await board.person("sato").do(write, **post))["__typename"] == "NotAllowed"
    assert (await board.person("hana").do(write, **post))["__typename"] == "PostPayload"


async def test_mori_reads_the_table_in_force_three_ways(board: Loop, office: Office) -> None:
    before = await office.table() or {}
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    assert await office.table() == before, "a draft is not in force"
    await office.publishes()
    after = await office.table() or {}
    assert (before["version"], after["version"]) == (1, 2)
    changed = [new for old, new in zip(before["rows"], after["rows"], strict=True) if new != old]
    assert [(each["kind"], each["name"], each["cellJa"]) for each in changed] == [
        ("company", "referral.summary", "∅")
    ]
    for form in ("text", "csv"):
        lines = zip(before[form].splitlines(), after[form].splitlines(), strict=False)
        assert any("referral.summary" in new or "∅" in new for old, new in lines if old != new), form


async def test_publishing_wakes_who_watches_without_a_worker(board: Loop, office: Office) -> None:
    """What they then read is read under the new policy; correctness never rests on it."""
    async with board.cities.stage.sql() as sql:
        rows = await sql.fetch("SELECT slug, tenant_id FROM tsunagari.tenant")
    tenants = {row["slug"]: row["tenant_id"] for row in rows}
    watched = uuid.UUID(board.group.removeprefix("working_group_"))
    notices = Notices(board.cities.stage.url(APP))
    async with (
        notices.of((tenants["ikoma"], "board", watched)) as ours,
        notices.of((tenants["takamatsu"], "board", watched)) as theirs,
    ):
        await notices.start()
        async with asyncio.timeout(20):
            await asyncio.gather(ours.wait(), theirs.wait())  # it listens, and wakes all that waited before
            ours.clear()
            theirs.clear()
            await office.drafts(said.TIGHTEN, line=SUMMARY)
            await office.publishes()
            await ours.wait()
        assert not theirs.is_set()
    await notices.close()


async def test_the_command_line_prints_a_platforms_own_table(board: Loop, office: Office) -> None:
    login = _login(board.cities.stage)
    baseline = run("policy", "table", "--csv")
    assert run("policy", "table", "--csv", "--tenant", "ikoma", **login).stdout == baseline.stdout
    assert run("policy", "diff", "ikoma", **login).returncode == 0
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    await office.publishes()
    printed = run("policy", "table", "--csv", "--tenant", "ikoma", **login).stdout
    assert len([line for line in printed.splitlines() if line not in baseline.stdout.splitlines()]) == 1
    cells: list[dict[str, str]] = json.loads(
        run("policy", "table", "--json", "--tenant", "ikoma", **login).stdout
    )
    assert [
        cell["en"] for cell in cells if (cell["name"], cell["kind"]) == ("referral.summary", "company")
    ] == ["∅"]
    differs = run("policy", "diff", "ikoma", **login)
    assert differs.returncode == 1
    assert "(referral.summary), company: group and posted and open_board → ∅" in differs.stdout
    assert run("policy", "diff", "takamatsu", **login).returncode == 0
    refused(run("policy", "table", "--tenant", "nowhere", **login), "NOT_FOUND")
    asked = ("policy", "explain", "referral.urgency", "group", "posted", "open_board", "--kind", "company")
    assert run(*asked).returncode == 0
    assert run(*asked, "--tenant", "ikoma", **login).returncode == 1


def _login(stage: Stage) -> dict[str, str]:
    return {VARIABLES[APP]: stage.url(APP)}

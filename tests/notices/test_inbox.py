"""The inbox: each reads their own, marks it as read, hears of what is new, chooses how to be told."""

import asyncio
import json
import uuid
from typing import Any

import httpx
import pytest

from services.platform.notices.actions.telling import people
from services.platform.notices.models.kinds import KINDS
from tests.notices.conftest import ABOUT, Desk
from tests.stage.served import served
from tests.stage.tokens import token_of

ERRORS = "... on UserError { code ja en }"
MARK_READ = f"""mutation ($input: MarkReadInput!) {{ markRead(input: $input) {{ __typename
  ... on InboxPayload {{ inbox {{ unread }} }} {ERRORS} }} }}"""
PREFER = f"""mutation ($input: SetNoticePreferencesInput!) {{ setNoticePreferences(input: $input) {{
  __typename ... on InboxPayload {{ inbox {{ language mailBoard mailReferrals }} }} {ERRORS} }} }}"""
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


async def three_for_sato(desk: Desk) -> list[str]:
    for kind in ("referral_sent", "note_written", "answer_due_soon"):
        await desk.tell(kind, people(desk.people["sato"]))
    return [each["id"] for each in (await desk.inbox("sato"))["notices"]["nodes"]]


async def test_newest_first_in_the_readers_language(desk: Desk) -> None:
    await three_for_sato(desk)
    inbox = await desk.inbox("sato", first=2)
    assert inbox["unread"] == 3
    assert inbox["notices"]["totalCount"] == 3
    assert [each["text"] for each in inbox["notices"]["nodes"]] == [
        KINDS["answer_due_soon"].ja,
        KINDS["note_written"].ja,
    ]
    chosen = await desk.person("sato").do(PREFER, id=inbox["id"], language="EN", mailBoard="NONE")
    assert chosen["inbox"] == {"language": "EN", "mailBoard": "NONE", "mailReferrals": None}
    rest = await desk.inbox("sato", after=inbox["notices"]["pageInfo"]["endCursor"])
    assert [each["text"] for each in rest["notices"]["nodes"]] == [KINDS["referral_sent"].en]


async def test_every_kind_is_shown_with_its_words(desk: Desk) -> None:
    for kind in KINDS:
        await desk.tell(kind, people(desk.people["hana"]))
    newest = (await desk.inbox("hana", first=100))["notices"]
    older = (await desk.inbox("hana", first=100, after=newest["pageInfo"]["endCursor"]))["notices"]
    shown = [*newest["nodes"], *older["nodes"]]
    assert {each["kind"].lower(): each["text"] for each in shown} == {
        name: kind.ja for name, kind in KINDS.items()
    }


async def test_some_are_read_or_all_up_to_one(desk: Desk) -> None:
    newest, middle, oldest = await three_for_sato(desk)
    sato = desk.person("sato")
    assert (await sato.do(MARK_READ, ids=[newest]))["inbox"] == {"unread": 2}
    unread = (await desk.inbox("sato", unread=True))["notices"]
    assert [each["id"] for each in unread["nodes"]] == [middle, oldest]
    assert unread["totalCount"] == 2
    assert (await sato.do(MARK_READ, upTo=middle))["inbox"] == {"unread": 0}
    read = (await desk.inbox("sato", unread=False))["notices"]["nodes"]
    assert [each["version"] for each in read] == [2, 2, 2]
    assert all(each["readAt"] for each in read)
    assert (await sato.do(MARK_READ, ids=[newest]))["inbox"] == {"unread": 0}
    assert (await desk.inbox("sato"))["notices"]["nodes"][0]["version"] == 2
    refused = await sato.do(MARK_READ)
    assert (refused["__typename"], refused["code"]) == ("InvalidInput", "INVALID_INPUT")


async def test_nobody_reads_or_marks_another_ones(desk: Desk) -> None:
    """Not the coordinator, not a colleague's colleague, not the other city: absent and hidden are one."""
    newest, *_ = await three_for_sato(desk)
    theirs = (await desk.inbox("sato"))["id"]
    for name in ("mori", "ines", "ueda", "stranger", "anyone"):
        person = desk.person(name)
        for identity in (newest, theirs):
            assert (await person.ask(NODE, id=identity)).data["node"] is None
        if name in {"mori", "ines", "ueda"}:
            never = await person.do(MARK_READ, ids=[f"notice_{uuid.uuid4()}"])
            assert never["__typename"] == "NotFound"
            assert await person.do(MARK_READ, ids=[newest]) == never
            assert await person.do(MARK_READ, upTo=newest) == never
            assert await person.do(PREFER, id=theirs, language="EN") == never
    assert (await desk.inbox("sato"))["unread"] == 3
    assert (await desk.person("anyone").ask("{ inbox { id } }")).data["inbox"] is None


async def test_what_it_is_about_opens_by_its_own_policy(desk: Desk) -> None:
    await three_for_sato(desk)
    about = (await desk.inbox("sato"))["notices"]["nodes"][0]["about"]
    assert about == f"referral_{ABOUT[1]}"
    assert (await desk.person("sato").ask(NODE, id=about)).data["node"] is None


async def test_the_choice_is_whole_and_audited(desk: Desk) -> None:
    sato = desk.person("sato")
    inbox = (await desk.inbox("sato"))["id"]
    await sato.do(PREFER, id=inbox, language="EN", mailReferrals="DIGEST")
    again = await sato.do(PREFER, id=inbox, language="JA", mailBoard="NOW")
    assert again["inbox"] == {"language": "JA", "mailBoard": "NOW", "mailReferrals": None}
    rows = await desk.rows("SELECT 1 FROM tsunagari.audit_entry WHERE action = 'set_notice_preferences'")
    assert len(rows) == 2


async def test_an_open_inbox_hears_of_what_is_new(desk: Desk) -> None:
    """Over a real server: the notice is written, relayed by the worker, and read anew by the subscriber."""
    inbox = (await desk.inbox("sato"))["id"]
    query = "subscription ($id: ID!) { inboxChanged(id: $id) { unread } }"
    async with served(desk.cities.stage) as running, httpx.AsyncClient(trust_env=False, timeout=30) as http:
        async with http.stream(
            "POST",
            running.url,
            json={"query": query, "variables": {"id": inbox}},
            headers=headers("sato") | {"Accept": "text/event-stream"},
        ) as stream:
            heard = asyncio.create_task(first_result(stream))
            while not heard.done():
                await desk.tell("referral_sent", people(desk.people["sato"]))
                await asyncio.wait({heard}, timeout=0.5)
            assert (await heard)["data"]["inboxChanged"]["unread"] >= 1
        refused = await http.post(
            running.url,
            json={"query": query, "variables": {"id": inbox}},
            headers=headers("mori") | {"Accept": "text/event-stream"},
        )
        assert "NOT_FOUND" in refused.text


def headers(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_of(name)}", "Tsunagari-Acting-For": "ikoma"}


async def first_result(stream: httpx.Response) -> dict[str, Any]:
    async for line in stream.aiter_lines():
        if line.startswith("data:") and "inboxChanged" in line:
            return json.loads(line.removeprefix("data:"))
    pytest.fail("the stream ended without a result")

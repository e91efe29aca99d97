"""Hana's department and nobody else: what came is sealed, opened by a logged reveal, answered, taken."""

import json
import uuid
from typing import Any

import pytest

from libs.persistence.audit import CHAIN, HEAD, first_break
from tests.referrals.documents import MY_CASES, REVEAL_CASE
from tests.referrals.test_secrets import everything
from tests.requests import documents as said
from tests.requests.conftest import CONTACT, LINES, MORE, NAME, REPLY, SECRETS, WORDS, Desk
from tests.rights.conftest import EXPORT_LOG

OPENINGS = """query ($id: ID!) { helpRequest(id: $id) { accessLog { at purposeCode person { name } } } }"""
OTHERS = ("ines", "sato", "kato", "mori", "stranger", "anyone", "ueda")


async def test_nobody_else_learns_of_it(desk: Desk) -> None:
    await desk.phone.ask()
    request = await desk.the_request()
    for name in OTHERS:
        person = desk.loop.person(name)
        said_ = await person.ask(said.REQUESTS)
        assert "errors" in said_.body or said_.data["helpRequests"] in (
            None,
            {"totalCount": 0, "nodes": []},
        ), name
        assert (await person.ask(said.REQUEST, id=request["id"])).data["helpRequest"] is None, name
        if name != "anyone":
            for mutation, more in (
                (said.REVEAL, {"purpose": {"code": "SUPPORT"}}),
                (said.ANSWER, {"version": 1, "text": "x"}),
                (said.TAKE, {"version": 1}),
            ):
                answer = await person.ask(mutation, input={"id": request["id"], **more})
                if "errors" in answer.body:
                    assert answer.code == "UNAUTHENTICATED"
                    continue
                assert next(iter(answer.data.values()))["__typename"] == "NotFound", (name, mutation)


async def test_the_desk_is_told_and_told_again_each_working_day_until_it_answers(desk: Desk) -> None:
    desk.at(10)  # a Wednesday
    code = await desk.phone.ask()
    assert await desk.told("hana") == ["REQUEST_RECEIVED"]
    for name in ("ines", "sato", "kato", "mori"):
        assert await desk.told(name) == [], name
    desk.at(9, 1, weekday=3)
    await desk.work()
    assert await desk.told("hana") == ["REQUEST_RECEIVED"] * 2
    await desk.answer()
    await desk.phone.come_back(code)
    await desk.phone.send(words=MORE)
    assert await desk.told("hana") == ["REQUEST_RECEIVED"] * 2 + ["REQUEST_MESSAGE"]
    desk.at(9, 1, weekday=4)
    await desk.work()
    assert await desk.told("hana") == ["REQUEST_RECEIVED"] * 2 + ["REQUEST_MESSAGE", "REQUEST_RECEIVED"]
    await desk.answer()
    desk.move(days=7)
    await desk.work()
    assert len(await desk.told("hana")) == 4


async def test_a_representative_without_the_role_reads_nothing(desk: Desk) -> None:
    await desk.phone.ask()
    request = await desk.the_request()
    async with desk.loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.membership SET roles = '{representative}'")
    assert (await desk.hana.ask(said.REQUEST, id=request["id"])).data["helpRequest"] is None
    assert (await desk.reveal("hana", request["id"]))["__typename"] == "NotFound"


async def test_words_and_codes_lie_in_no_table(desk: Desk) -> None:
    code = await desk.phone.ask()
    await desk.phone.come_back(code)
    await desk.phone.send(words=MORE)
    await desk.answer()
    async with desk.loop.cities.stage.sql() as sql:
        tables = await sql.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'tsunagari'::regnamespace"
        )
        found = [
            row["relname"]
            for row in tables
            for secret in (*SECRETS, code, code.replace("-", ""))
            if await sql.fetchval(
                f"SELECT count(*) FROM tsunagari.{row['relname']} x"
                " WHERE x::text LIKE '%' || $1 || '%' OR x::text LIKE '%' || $2 || '%'",
                secret,
                secret.encode().hex(),
            )
        ]
    assert len(tables) > 20
    assert found == []


async def test_a_reveal_is_logged_before_it_answers(desk: Desk) -> None:
    await desk.phone.ask()
    request = await desk.the_request()
    assert request["readAt"] is None
    opened = await desk.reveal("hana", request["id"], "折り返しの準備")
    assert [each["text"] for each in opened["texts"]] == [WORDS, NAME, CONTACT]
    assert opened["helpRequest"]["readAt"] is not None
    async with desk.loop.cities.stage.sql() as sql:
        (entry,) = await sql.fetch("SELECT * FROM tsunagari.request_access")
        audited = await sql.fetch(
            "SELECT person_id FROM tsunagari.audit_entry WHERE action = 'reveal' AND object_type = 'request'"
        )
    assert entry["purpose_code"] == "support"
    assert "折り返しの準備".encode() not in entry["sealed_purpose"]
    found = await desk.hana.ask(OPENINGS, id=request["id"])
    assert found.data["helpRequest"]["accessLog"] == [
        {"at": entry["at"].isoformat(), "purposeCode": "SUPPORT", "person": {"name": "Hana"}}
    ]
    assert (await desk.loop.person("mori").ask(OPENINGS, id=request["id"])).data["helpRequest"] is None
    assert [row["person_id"] for row in audited] == [entry["person_id"]]


async def test_a_purpose_that_names_the_person_is_refused(desk: Desk) -> None:
    await desk.phone.ask()
    refused = await desk.reveal("hana", (await desk.the_request())["id"], "090-8765-4321 に電話")
    assert (refused["__typename"], refused["field"]) == ("InvalidInput", "purpose")


async def test_an_answer_needs_the_version_that_was_read(desk: Desk) -> None:
    code = await desk.phone.ask()
    before = await desk.the_request()
    await desk.phone.come_back(code)
    await desk.phone.send(words=MORE)
    stale = await desk.hana.do(said.ANSWER, id=before["id"], version=before["version"], text=REPLY)
    assert stale["__typename"] == "StaleVersion"
    empty = await desk.hana.do(said.ANSWER, id=before["id"], version=stale["current"], text=" ")
    assert (empty["__typename"], empty["field"]) == ("InvalidInput", "words")


async def test_taken_it_is_a_case_under_the_same_key(desk: Desk) -> None:
    code = await desk.phone.ask()
    await desk.reveal("hana", (await desk.the_request())["id"], "最初の確認")
    taken = await desk.take(needs=["LISTENING"])
    assert taken["__typename"] == "CasePayload", taken
    case = taken["case"]
    assert (case["needs"], case["state"], case["kind"]) == (["LISTENING"], "OPEN", "PERSON")
    assert (await desk.hana.ask(MY_CASES)).data["myCases"]["totalCount"] == 1
    for level, item, text in (("L2", "narrative", WORDS), ("L3", "contact", CONTACT)):
        shown = await desk.hana.do(REVEAL_CASE, id=case["id"], level=level, purpose={"code": "SUPPORT"})
        assert shown[_camel(item)] == text
    await desk.phone.come_back(code)
    assert "支援をはじめています" in desk.phone.text
    await desk.phone.send(words=MORE)
    assert MORE in desk.phone.text
    request = await desk.the_request()
    assert (request["state"], request["viewerCan"]) == ("TAKEN", ["REVEAL_REQUEST", "ANSWER_REQUEST"])
    again = await desk.take()
    assert again["__typename"] == "WrongState"
    log = await desk.hana.do(EXPORT_LOG, of=case["id"], form="JSON")
    assert "最初の確認" in [row["purpose"] for row in json.loads(log["document"])]
    async with desk.loop.cities.stage.sql() as sql:
        assert "最初の確認" not in str(await everything(sql))


async def test_of_somebody_else_the_writers_name_is_not_the_persons(desk: Desk) -> None:
    await desk.phone.ask(about="other")
    case = (await desk.take())["case"]
    shown = await desk.hana.do(REVEAL_CASE, id=case["id"], level="L3", purpose={"code": "SUPPORT"})
    assert shown["personName"] is None
    assert shown["contact"] == f"(相談した方) {NAME} / {CONTACT}"


async def test_a_taken_request_ends_with_its_case_alone(desk: Desk) -> None:
    code = await desk.phone.ask()
    await desk.take()
    desk.move(days=400)
    await desk.work()
    assert (await desk.the_request())["erasedAt"] is None
    await desk.phone.come_back(code)
    assert WORDS in desk.phone.text
    page = desk.phone.page
    assert len(page.all("form")) == 2, "it cannot be taken back any more"


async def test_kept_its_time_it_is_erased_and_words_put_it_off(desk: Desk) -> None:
    await desk.keep_page(keepDays=30)
    code = await desk.phone.ask()
    desk.move(days=20)
    await desk.phone.come_back(code)
    await desk.phone.send(words=MORE)
    desk.move(days=11)
    await desk.work()
    assert (await desk.the_request())["erasedAt"] is None
    desk.move(days=20)
    await desk.work()
    assert (await desk.the_request())["erasedAt"] is not None
    assert (await desk.the_request())["viewerCan"] == []
    await desk.phone.come_back(code)
    assert "消去されています" in desk.phone.text
    assert await desk.work() == 0, "an erased one is not looked at again"


async def test_the_chain_holds_and_names_codes_alone(desk: Desk) -> None:
    code = await desk.phone.ask()
    await desk.phone.come_back(code)
    await desk.phone.send(words=MORE)
    await desk.answer()
    await desk.take()
    async with desk.loop.cities.stage.sql() as sql:
        tenant = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
        entries = [_decoded(row) for row in await sql.fetch(CHAIN.sql, tenant)]
        head = await sql.fetchrow(HEAD.sql, tenant)
    assert first_break(entries, head) is None
    actions = [each["action"] for each in entries if each["object_type"] == "request"]
    assert actions == ["ask_for_help", "write_message", "answer_request", "reveal", "take_request"]


def _one_line(**changes: Any) -> dict[str, Any]:
    return {"lines": [LINES[0] | changes]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (_one_line(number="でんわ"), "lines[0].number"),
        (_one_line(number="javascript:1"), "lines[0].number"),
        (_one_line(name=""), "lines[0]"),
        (_one_line(spans=[]), "lines[0]"),
        ({"keepDays": 1}, "keepDays"),
        ({"mostSent": 0}, "mostSent"),
    ],
)
async def test_what_the_page_cannot_hold(desk: Desk, changes: dict[str, Any], field: str) -> None:
    refused = await desk.keep_page(**changes)
    assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)


async def test_who_can_be_the_desk(desk: Desk) -> None:
    company = await desk.keep_page(deskId=desk.loop.organisations["kato"])
    assert (company["__typename"], company["detail"]) == ("InvalidInput", "NO_MEMBER")
    never = await desk.keep_page(deskId=f"organisation_{uuid.uuid4()}")
    assert never["__typename"] == "NotFound"
    async with desk.loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.membership SET roles = '{representative}'")
    empty = await desk.keep_page(deskId=desk.loop.organisations["ines"])
    assert (empty["__typename"], empty["detail"]) == ("InvalidInput", "NOBODY_AT_DESK")


async def test_only_the_coordinator_keeps_the_page(desk: Desk) -> None:
    for name in ("hana", "ines"):
        person = desk.loop.person(name)
        shown = (await person.ask(said.PLATFORM)).data["platform"]
        assert "KEEP_HELP_PAGE" not in shown["viewerCan"]
        assert [each["number"] for each in shown["helpLines"]] == ["0743-00-0001", "0743-00-0002"]
        refused = await person.do(said.KEEP_PAGE, version=shown["version"], mostSent=1)
        assert refused["__typename"] == "NotAllowed"


async def test_what_came_stays_where_it_came_to(desk: Desk) -> None:
    await desk.phone.ask()
    await desk.keep_page(deskId=desk.loop.organisations["ines"])
    assert len(await desk.requests()) == 1
    assert await desk.requests("ines") == []


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _decoded(row: Any) -> dict[str, Any]:
    import msgspec

    entry = dict(row)
    if isinstance(entry["codes"], str):
        entry["codes"] = msgspec.json.decode(entry["codes"])
    return entry

"""Free text that others will read is looked through first; the platform decides whether findings can stay."""

from typing import Any

import pytest

from services.platform.referrals.identity_matching import identity_findings
from tests.referrals import documents as said
from tests.referrals.conftest import ASK, NAME, Loop

IDENTITY = {
    "person_name": "田中 美代子",
    "person_kana": "たなか みよこ",
    "birth_date": "1948-03-04",
    "address": "奈良県生駒市東新町8番38号",
    "contact": "0743-74-1111 または miyoko@example.jp",
    "contact_rule": "normal",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("田中美代子さんの件です", "person_name"),
        ("田中　美代子さま", "person_name"),
        ("美代子さんはお茶が好き", "person_name"),
        ("タナカミヨコさん", "person_kana"),
        ("ﾀﾅｶさんへ", "person_kana"),
        ("1948年3月4日生まれ", "birth_date"),
        ("昭和23年3月4日", "birth_date"),
        ("東新町8番38号の近く", "address"),
        ("０７４３−７４−１１１１まで", "contact"),
        ("miyoko@example.jpへ", "contact"),
    ],
)
def test_the_persons_own_identity_is_found_however_it_is_written(text: str, found: str) -> None:
    findings = identity_findings(text, IDENTITY)
    assert found in {finding.kind for finding in findings}
    assert all(0 <= finding.start < finding.end <= len(text) for finding in findings)


@pytest.mark.parametrize(
    "text",
    ["週に一度お茶を飲む相手を探しています", "田中町の集会所で", "東新町のあたり", "2026年3月までに", ""],
)
def test_what_says_nothing_of_the_person_is_left_alone(text: str) -> None:
    assert identity_findings(text, IDENTITY) == []


def test_offsets_are_those_of_the_text_as_it_was_written() -> None:
    text = "件名:ﾐﾖｺ様、田中　美代子"
    spans = {(each.kind, text[each.start : each.end]) for each in identity_findings(text, IDENTITY)}
    assert ("person_kana", "ﾐﾖｺ") in spans
    assert ("person_name", "田中　美代子") in spans


async def test_a_card_that_tells_who_it_is_is_refused_without_an_echo(loop: Loop) -> None:
    case = await loop.case()
    ask = f"{NAME}さんと話してほしい。電話は090-1234-5678です。"
    refused = await loop.person("ines").do(
        said.CREATE, caseId=case, card={"needCategory": "BELONGING", "ask": ask, "confirmFindings": True}
    )
    assert (refused["__typename"], refused["field"]) == ("InvalidInput", "ask")
    assert refused["detail"].startswith("PERSONAL_DATA ")
    assert "person_name:0-6" in refused["detail"]
    assert "telephone:" in refused["detail"]
    assert "電話番号" in refused["ja"]
    assert NAME not in str(refused)
    assert "1234" not in str(refused)


async def test_where_the_platform_lets_the_writer_confirm(loop: Loop) -> None:
    async with loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.platform_settings SET card_scan = 'confirm'")
    case = await loop.case()
    card = {"needCategory": "BELONGING", "ask": "代表電話 0743-74-1234 の窓口も知っています"}
    first = await loop.person("ines").do(said.CREATE, caseId=case, card=card)
    assert first["detail"].startswith("CONFIRM telephone:")
    made = await loop.person("ines").do(said.CREATE, caseId=case, card=card | {"confirmFindings": True})
    assert made["referral"]["state"] == "DRAFT"
    never = {"needCategory": "BELONGING", "ask": "番号は1234 5678 9018です", "confirmFindings": True}
    refused = await loop.person("ines").do(said.CREATE, caseId=case, card=never)
    assert refused["detail"].startswith("PERSONAL_DATA my_number:")


async def test_a_name_written_into_the_case_later_stops_the_posting(loop: Loop) -> None:
    case = await loop.case(personName="仮名", personKana="")
    draft = await loop.draft(case, ask="佐々木さんとお茶を飲む会")
    await loop.person("ines").do(said.KEEP_CASE, id=case, version=1, person={"personName": "佐々木 花"})
    post: dict[str, Any] = {"id": draft["id"], "version": draft["version"], "workingGroupId": loop.group}
    refused = await loop.person("ines").do(said.POST, **post)
    assert (refused["__typename"], refused["field"]) == ("InvalidInput", "ask")
    card = {"needCategory": "BELONGING", "ask": ASK}
    edited = await loop.step("ines", said.EDIT, id=draft["id"], version=1, card=card)
    posted = await loop.step("ines", said.POST, **post | {"version": edited["version"]})
    assert posted["state"] == "POSTED"


async def test_others_cannot_learn_a_name_by_trying_names(loop: Loop) -> None:
    """The refusal would be an oracle: only who holds the case is compared with it."""
    card = await loop.card(await loop.case())
    guess: dict[str, Any] = {"id": card["id"], "body": "田中さんのことでしょうか"}
    assert (await loop.person("sato").do(said.NOTE, **guess))["__typename"] == "NotePayload"
    own = await loop.person("ines").do(said.NOTE, **guess)
    assert (own["__typename"], own["field"]) == ("InvalidInput", "body")
    phone = await loop.person("sato").do(said.NOTE, id=card["id"], body="090-1234-5678 に電話を")
    assert (phone["__typename"], phone["field"]) == ("InvalidInput", "body")


async def test_texts_that_cannot_be_kept_are_refused_in_both_languages(loop: Loop) -> None:
    case = await loop.case()
    for field, card in (("ask", {"ask": "  "}), ("ask", {"ask": "あ" * 1_001}), ("area", {"area": "北\n部"})):
        given = {"needCategory": "BELONGING", "ask": ASK, **card}
        refused = await loop.person("ines").do(said.CREATE, caseId=case, card=given)
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)
        assert refused["ja"]
        assert refused["en"]
    note = await loop.person("sato").do(said.NOTE, id=(await loop.card(case))["id"], body="")
    assert (note["__typename"], note["field"]) == ("InvalidInput", "body")

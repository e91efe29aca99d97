"""All about one person in one document, for the person; and who asks for it is in the log first."""

import json
from typing import Any

import pytest

from migrations.metadata import metadata
from services.platform.rights.models.person_data import EXPORTED, LEFT_OUT
from tests.referrals.conftest import ASK, CONTACT, NAME, NARRATIVE, SAFETY
from tests.referrals.test_secrets import full_life
from tests.requests.conftest import WORDS, Desk, Phone
from tests.requests.documents import TAKE
from tests.rights.conftest import EXPORT_PERSON, Rights, number

WHY = {"code": "OTHER", "text": "開示請求への対応"}


async def exported(rights: Rights, case: str, name: str = "ines") -> dict[str, Any]:
    return await rights.loop.person(name).do(EXPORT_PERSON, caseId=case, purpose=WHY)


async def case_of(rights: Rights, referral: str) -> str:
    async with rights.loop.cities.stage.sql() as sql:
        case = await sql.fetchval("SELECT case_id FROM tsunagari.referral WHERE id = $1", number(referral))
    return f"case_{case}"


async def test_the_export_holds_everything_that_was_told_and_done(rights: Rights) -> None:
    case = await case_of(rights, await full_life(rights.loop))
    said = json.loads((await exported(rights, case))["document"])
    texts = {(each["of"], each["item"]): each["text"] for each in said["texts"]}
    assert texts["case_file", "narrative"] == NARRATIVE
    assert texts["case_file", "person_name"] == NAME
    assert texts["disclosure", "contact"] == CONTACT
    assert texts["case_file", "safety_notes"] == SAFETY
    assert texts["referral", "decline_text"] == "担当が休職中のため"
    assert {row["ask"] for row in said["referrals"]} == {ASK}
    assert {row["recipient"] for row in said["referrals"]} >= {"こども食堂ひだまり", "生駒市福祉総務課"}
    assert len(said["consents"]) == len(said["consent_recipients"]) == 2
    assert said["events"][0]["step"] == "create_referral"
    assert {row["person"] for row in said["access_log"]} == {"Sato", "Ines"}
    assert said["erasures"] == []


async def test_what_the_person_asked_before_it_became_a_case_is_in_it(rights: Rights) -> None:
    desk = Desk(rights.loop, Phone(rights.loop.cities.stage.http))
    await desk.keep_page(deskId=rights.loop.organisations["ines"])
    await desk.phone.ask()
    (request,) = await desk.requests("ines")
    taken = await rights.loop.person("ines").do(TAKE, id=request["id"], version=request["version"])
    assert "errors" not in taken, taken
    case = request["id"].replace("request_", "case_")
    said = json.loads((await exported(rights, case))["document"])
    assert ("person", "words", WORDS) in {
        (each["author"], each["part"], each["text"]) for each in said["conversation"]
    }


async def test_it_is_logged_as_an_opening_of_every_level(rights: Rights) -> None:
    case = await rights.loop.case()
    said = json.loads((await exported(rights, case))["document"])
    log = (await rights.case(case) or {})["accessLog"]
    assert sorted(each["level"] for each in log) == ["L2", "L3", "L4", "TEXTS"]
    assert {each["person"]["name"] for each in log} == {"Ines"}
    purposes = [each["text"] for each in said["texts"] if each["of"] == "access_entry"]
    assert purposes == [WHY["text"]] * 4
    assert len(await rights.audited("export_person")) == 1


@pytest.mark.parametrize("name", ["sato", "hana", "kato", "mori", "ueda", "stranger"])
async def test_nobody_else_exports_anything(rights: Rights, name: str) -> None:
    taken = await rights.loop.accepted()
    said = await rights.loop.person(name).ask(EXPORT_PERSON, input={"caseId": taken["case"], "purpose": WHY})
    assert NARRATIVE not in str(said.body)
    if name != "stranger":
        assert said.data["exportPerson"]["__typename"] == "NotFound"


async def test_without_the_caseworkers_role_the_refusal_is_kept(rights: Rights) -> None:
    """Ines at the desk alone sees the case and may not export it."""
    case = await rights.loop.case()
    await _roles(rights, ["DESK"])
    assert (await exported(rights, case))["__typename"] == "NotAllowed"
    assert len(await rights.audited("refused:export_person")) == 1
    assert (await rights.case(case) or {})["accessLog"] == []


async def test_no_log_no_export(rights: Rights) -> None:
    case = await rights.loop.case()
    async with rights.loop.cities.stage.sql() as sql:
        await sql.execute("REVOKE INSERT ON tsunagari.access_entry FROM tsunagari_app")
        said = await rights.loop.person("ines").ask(EXPORT_PERSON, input={"caseId": case, "purpose": WHY})
        assert said.errors
        assert NARRATIVE not in str(said.body)
        await sql.execute("GRANT INSERT ON tsunagari.access_entry TO tsunagari_app")


async def test_a_repeated_request_is_logged_again(rights: Rights) -> None:
    case = await rights.loop.case()
    for _ in range(2):
        said = await rights.loop.person("ines").do(
            EXPORT_PERSON, headers={"Idempotency-Key": "again"}, caseId=case, purpose=WHY
        )
        assert said["__typename"] == "ExportPersonPayload"
    async with rights.loop.cities.stage.sql() as sql:
        assert await sql.fetchval("SELECT count(*) FROM tsunagari.access_entry") == 8


async def test_after_the_erasure_there_is_nothing_to_export(rights: Rights) -> None:
    case = await rights.loop.case()
    await rights.confirmed(case)
    gone = await exported(rights, case)
    assert (gone["__typename"], gone["state"]) == ("WrongState", "erased")


def test_every_table_that_hangs_on_a_case_or_referral_is_decided_on() -> None:
    hanging = {
        table.name
        for table in metadata.tables.values()
        for key in table.foreign_key_constraints
        if key.referred_table.name in {"case_file", "referral"}
    }
    known = {table.name for table, _ in EXPORTED.values()} | LEFT_OUT.keys()
    assert hanging - known == set(), "say in models/person_data.py whether an export holds it"
    assert len(hanging) > 8


async def _roles(rights: Rights, roles: list[str]) -> None:
    mine = (await rights.loop.person("ines").ask("query { me { id } myOrganisation { id } }")).data
    said = await rights.loop.person("ines").ask(
        "mutation ($input: SetRolesInput!) { setRoles(input: $input) { __typename } }",
        input={
            "organisationId": mine["myOrganisation"]["id"],
            "personId": mine["me"]["id"],
            "roles": ["REPRESENTATIVE", *roles],
        },
    )
    assert said.data["setRoles"]["__typename"] != "NotAllowed"

"""Applying, being admitted or declined, and what an applicant learns meanwhile."""

import pytest

from tests.members.said import MINE, NAMES, ONE, applied, does, mutation, names_seen, own, tries
from tests.stage.cities import Cities

NUMBER = "7123456789012"


async def test_an_applicant_sees_itself_and_what_the_public_sees(cities: Cities) -> None:
    said = await applied(cities.stranger, confidentialAddress="非公開の家")
    assert said["status"] == "APPLIED"
    assert said["confidentialAddress"] == "非公開の家"
    assert said["memberSince"] is None
    assert await names_seen(cities.stranger) == {"生駒市", "NPO法人みどり"}
    hall = (await cities.mori.ask(NAMES)).data["organisations"]["nodes"]
    ines = next(each for each in hall if each["name"] == "NPO法人つながる生駒")
    assert (await cities.stranger.ask(ONE, id=ines["id"])).data["organisation"] is None
    assert (await cities.stranger.ask("{ workingGroups { totalCount } }")).data["workingGroups"][
        "totalCount"
    ] == 0


async def test_nobody_but_the_coordinator_sees_an_application(cities: Cities) -> None:
    said = await applied(cities.stranger, applicationStatement="見守りをしたい")
    for name in ("ines", "hana", "kato", "anyone", "ueda", "oda"):
        assert (await cities.person(name).ask(ONE, id=said["id"])).data["organisation"] is None
    assert (await cities.mori.ask(ONE, id=said["id"])).data["organisation"]["name"] == "NPO法人みどり"


async def test_mori_admits_and_the_applicant_is_a_member_at_the_next_request(cities: Cities) -> None:
    said = await applied(cities.stranger)
    for name in ("ines", "hana", "ueda"):
        refused = await tries(cities.person(name), "approveMember", id=said["id"], version=said["version"])
        assert refused["problem"] == "NOT_FOUND"
    refused = await tries(cities.stranger, "approveMember", id=said["id"], version=said["version"])
    assert refused["problem"] == "NOT_ALLOWED"
    admitted = await does(
        cities.mori, "approveMember", id=said["id"], version=said["version"], notes="面談済み"
    )
    assert admitted["organisation"]["reviewNotes"] == "面談済み"
    assert len(await names_seen(cities.stranger)) == 6
    mine = await own(cities.stranger)
    assert mine["status"] == "ACTIVE"
    assert mine["memberSince"] is not None
    assert mine["reviewNotes"] is None
    assert "reviewNotes" in mine["hiddenFields"]
    again = await tries(cities.mori, "approveMember", id=said["id"], version=mine["version"])
    assert (again["problem"], again["state"]) == ("WRONG_STATE", "active")
    stale = await tries(cities.mori, "approveMember", id=said["id"], version=said["version"])
    assert (stale["problem"], stale["current"]) == ("STALE_VERSION", mine["version"])


async def test_one_who_is_declined_reads_the_reason_and_no_notes_and_may_apply_again(
    cities: Cities,
) -> None:
    said = await applied(cities.stranger, corporateNumber=NUMBER)
    refused = await tries(cities.mori, "declineMember", id=said["id"], version=said["version"], reason="　")
    assert (refused["field"], refused["detail"]) == ("reason", "REQUIRED")
    await does(
        cities.mori,
        "declineMember",
        id=said["id"],
        version=said["version"],
        reason="活動地域が市外です",
        notes="要確認",
    )
    mine = await own(cities.stranger)
    assert (mine["status"], mine["declineReason"]) == ("DECLINED", "活動地域が市外です")
    assert mine["reviewNotes"] is mine["memberSince"] is None
    assert await names_seen(cities.stranger) == {"生駒市", "NPO法人みどり"}
    assert "NPO法人みどり" not in await names_seen(cities.ines)
    edited = await tries(
        cities.stranger, "editOrganisation", id=said["id"], version=mine["version"], area="市内"
    )
    assert edited["problem"] == "WRONG_STATE"
    second = await applied(cities.stranger, "NPO法人みどり二", corporateNumber=NUMBER)
    assert (await own(cities.stranger))["id"] == second["id"] != said["id"]


async def test_a_withdrawn_application_was_never_a_member(cities: Cities) -> None:
    said = await applied(cities.stranger)
    refused = await tries(cities.ines, "withdrawApplication", id=said["id"], version=said["version"])
    assert refused["problem"] == "NOT_FOUND"
    gone = await does(cities.stranger, "withdrawApplication", id=said["id"], version=said["version"])
    assert gone["organisation"] is None
    assert "NPO法人みどり" not in await names_seen(cities.ines)
    assert (await cities.mori.ask(ONE, id=said["id"])).data["organisation"]["status"] == "WITHDRAWN"
    assert (await cities.stranger.ask(MINE)).data["myOrganisation"] is None
    assert (await applied(cities.stranger))["status"] == "APPLIED"


async def test_the_same_account_has_one_application_at_a_time(cities: Cities) -> None:
    said = await applied(cities.stranger)
    twice = await tries(cities.stranger, "apply", kind="NPO", name="別の団体", applicantName="緑川")
    assert twice["problem"] == "ALREADY_EXISTS"
    async with cities.stage.sql() as database:
        assert (
            await database.fetchval("SELECT count(*) FROM tsunagari.person WHERE subject = 'stranger'") == 1
        )
    await does(cities.mori, "approveMember", id=said["id"], version=said["version"])
    second = await cities.stranger.ask(mutation("apply"), input={"kind": "COMPANY", "name": "株式会社みどり"})
    assert second.body["data"]["apply"] == {"__typename": "OrganisationPayload", "organisation": None}
    # who acts for two organisations says for which one
    for choice in (second, await cities.stranger.ask(MINE)):
        assert choice.errors[0]["extensions"]["detail"] == "CHOOSE_PLATFORM"
    header = {"Tsunagari-Acting-For": f"ikoma/{said['id']}"}
    assert (await cities.stranger.ask(MINE, headers=header)).data["myOrganisation"]["id"] == said["id"]


async def test_mori_applies_on_behalf_and_stays_who_she_is(cities: Cities) -> None:
    before = await own(cities.mori)
    said = await does(cities.mori, "apply", kind="NPO", name="紙で申し込んだ会")
    assert said["organisation"]["status"] == "APPLIED"
    assert (await own(cities.mori))["id"] == before["id"]
    pending = await tries(
        cities.mori,
        "invitePerson",
        organisationId=said["organisation"]["id"],
        name="代表",
        roles=["REPRESENTATIVE"],
    )
    assert pending["problem"] == "WRONG_STATE"
    await does(cities.mori, "approveMember", id=said["organisation"]["id"], version=1)
    invited = await does(
        cities.mori,
        "invitePerson",
        organisationId=said["organisation"]["id"],
        name="代表",
        roles=["REPRESENTATIVE"],
    )
    await does(cities.stranger, "acceptInvitation", code=invited["code"])
    assert (await own(cities.stranger))["name"] == "紙で申し込んだ会"


async def test_a_platform_that_takes_no_applications_says_so(cities: Cities) -> None:
    platform = (await cities.mori.ask("{ platform { version } }")).data["platform"]
    await does(cities.mori, "changeSettings", version=platform["version"], acceptsApplications=False)
    shown = await cities.anyone.ask("{ platform { name acceptsApplications } }")
    assert shown.data["platform"] == {"name": "生駒市", "acceptsApplications": False}
    refused = await tries(cities.stranger, "apply", kind="NPO", name="会", applicantName="緑川")
    assert refused["problem"] == "NOT_ALLOWED"
    assert "事務局" in refused["ja"]
    assert (await does(cities.mori, "apply", kind="NPO", name="紙で申し込んだ会"))["organisation"]
    elsewhere = await cities.stage.person("stranger", "takamatsu").do(
        mutation("apply"), kind="NPO", name="会", applicantName="緑川"
    )
    assert elsewhere["__typename"] == "OrganisationPayload"


async def test_whoever_signs_in_by_an_issuer_that_is_not_trusted_here_cannot_apply(cities: Cities) -> None:
    async with cities.stage.sql() as database:
        await database.execute(
            "UPDATE tsunagari.tenant_issuer SET issuer = 'https://login.example.jp' WHERE tenant_id = "
            "(SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'takamatsu')"
        )
    there = cities.stage.person("stranger", "takamatsu")
    refused = await tries(there, "apply", kind="NPO", name="会", applicantName="緑川")
    assert refused["problem"] == "NOT_ALLOWED"
    assert (await applied(cities.stranger))["status"] == "APPLIED"


async def test_nobody_applies_without_signing_in(cities: Cities) -> None:
    said = await cities.anyone.ask(mutation("apply"), input={"kind": "NPO", "name": "会"})
    assert said.code == "UNAUTHENTICATED"


async def test_one_key_makes_one_organisation(cities: Cities) -> None:
    key = {"Idempotency-Key": "0192-apply"}
    form = {"kind": "NPO", "name": "NPO法人みどり", "applicantName": "緑川"}
    first = await cities.stranger.do(mutation("apply"), headers=key, **form)
    replayed = await cities.stranger.do(mutation("apply"), headers=key, **form)
    assert replayed["organisation"]["id"] == first["organisation"]["id"]
    other = await cities.stranger.ask(mutation("apply"), headers=key, input={**form, "name": "NPO法人あお"})
    assert other.code == "IDEMPOTENCY_KEY_REUSED"
    there = cities.stage.person("stranger", "takamatsu")
    elsewhere = await there.do(mutation("apply"), headers=key, **form)
    assert elsewhere["organisation"]["id"] != first["organisation"]["id"]
    async with cities.stage.sql() as database:
        count = "SELECT count(*) FROM tsunagari.organisation WHERE name = $1"
        assert await database.fetchval(count, "NPO法人みどり") == 2
        assert await database.fetchval(count, "NPO法人あお") == 0


async def test_a_corporate_number_is_one_members_and_no_applicant_learns_whose(cities: Cities) -> None:
    first = await applied(cities.stranger, corporateNumber=f" {NUMBER}")
    assert first["corporateNumber"] == NUMBER
    await does(cities.mori, "approveMember", id=first["id"], version=first["version"])
    second = await applied(cities.stage.person("other", "ikoma"), "同じ番号の会", corporateNumber=NUMBER)
    doubled = await tries(cities.mori, "approveMember", id=second["id"], version=second["version"])
    assert doubled["problem"] == "ALREADY_EXISTS"
    await does(
        cities.mori, "declineMember", id=second["id"], version=second["version"], reason="重複しています"
    )


async def test_what_is_done_is_in_the_audit_chain_by_ids_and_codes_alone(cities: Cities) -> None:
    said = await applied(cities.stranger, applicationStatement="秘密の理由")
    await tries(cities.stranger, "approveMember", id=said["id"], version=said["version"])
    await does(cities.mori, "approveMember", id=said["id"], version=said["version"], notes="秘密のメモ")
    async with cities.stage.sql() as database:
        rows = await database.fetch(
            "SELECT action, codes::text AS codes FROM tsunagari.audit_entry WHERE object_id = $1"
            " ORDER BY sequence",
            said["id"].removeprefix("organisation_"),
        )
    assert [row["action"] for row in rows] == ["apply", "refused:approve_member", "decide_membership"]
    assert not any("秘密" in row["codes"] for row in rows)


LONG = "あ" * 201
BAD = [
    ({"name": ""}, "name", "REQUIRED"),
    ({"name": "\u3000 "}, "name", "REQUIRED"),
    ({"name": LONG}, "name", "too_long"),
    ({"name": "みど\u0001り"}, "name", "control_character"),
    ({"name": "みど\u202eり"}, "name", "control_character"),
    ({"name": "みど\nり"}, "name", "line_break"),
    ({"nameKana": LONG}, "nameKana", "too_long"),
    ({"services": "あ" * 4_001}, "services", "too_long"),
    ({"area": "市\u0007"}, "area", "control_character"),
    ({"website": "javascript:alert(1)"}, "website", "WEB_ADDRESS"),
    ({"website": "midori.example.jp"}, "website", "WEB_ADDRESS"),
    ({"website": "https://["}, "website", "WEB_ADDRESS"),
    ({"corporateNumber": "123"}, "corporateNumber", "not_thirteen_digits"),
    ({"corporateNumber": "1123456789012"}, "corporateNumber", "wrong_check_digit"),
    ({"fieldsOfWork": ["居場所", ""]}, "fieldsOfWork", "REQUIRED"),
    ({"fieldsOfWork": [f"分野{number}" for number in range(21)]}, "fieldsOfWork", "TOO_MANY"),
    ({"applicantName": None}, "applicantName", "REQUIRED"),
]


@pytest.mark.parametrize(("given", "field", "detail"), BAD, ids=[f"{each[1]}-{each[2]}" for each in BAD])
async def test_what_cannot_be_taken_is_named_in_both_languages(
    cities: Cities, given: dict[str, object], field: str, detail: str
) -> None:
    form = {
        "kind": "NPO",
        "name": "NPO法人みどり",
        "applicantName": "緑川",
        "website": "https://midori.example.jp",
    }
    refused = await tries(cities.stranger, "apply", **{**form, **given})
    assert (refused["problem"], refused["field"], refused["detail"]) == ("INVALID_INPUT", field, detail)
    assert refused["ja"].isascii() is False
    assert refused["en"].isascii() is True
    assert (await tries(cities.stranger, "apply", **form))["__typename"] == "OrganisationPayload"


@pytest.mark.parametrize(
    "identity", ["", "x", "organisation_", "organisation_00000000-0000-0000-0000-00000000000g"]
)
async def test_an_id_that_is_none_is_named(cities: Cities, identity: str) -> None:
    refused = await tries(cities.mori, "approveMember", id=identity, version=1)
    assert (refused["problem"], refused["field"]) == ("INVALID_INPUT", "id")
    unknown = "organisation_01920000-0000-7000-8000-000000000000"
    assert (await tries(cities.mori, "approveMember", id=unknown, version=1))["problem"] == "NOT_FOUND"

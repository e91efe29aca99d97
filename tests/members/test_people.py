"""People of an organisation: invited, given roles, removed, and out at the next request."""

import pytest
import structlog

from tests.members.said import MINE, applied, does, joined, mutation, names_seen, own, tries
from tests.stage.cities import Cities
from tests.stage.stage import Person

PEOPLE = """query ($id: ID!) { organisation(id: $id) { people(first: 50) {
  id name status roles email isCoordinator organisation { name } hiddenFields } } }"""


async def _people(asker: Person, organisation: str) -> dict[str, dict[str, object]]:
    said = (await asker.ask(PEOPLE, id=organisation)).data["organisation"]["people"]
    return {each["name"]: each for each in said}


async def _invited(cities: Cities, **given: object) -> dict[str, object]:
    ines = await own(cities.ines)
    form = {"organisationId": ines["id"], "name": "新人", "roles": ["DESK"], **given}
    return await does(cities.ines, "invitePerson", **form)


async def test_the_invited_person_joins_with_the_roles_given(cities: Cities) -> None:
    invited = await _invited(cities, email="shinjin@example.jp")
    await does(cities.stranger, "acceptInvitation", code=invited["code"])
    said = (await cities.stranger.ask(MINE)).data
    assert said["myOrganisation"]["name"] == "NPO法人つながる生駒"
    assert said["me"]["roles"] == ["DESK"]
    assert len(await names_seen(cities.stranger)) == 5


async def test_who_has_not_come_yet_is_seen_by_the_organisation_and_the_coordinator_alone(
    cities: Cities,
) -> None:
    await _invited(cities)
    ines = (await own(cities.ines))["id"]
    for name in ("ines", "mori"):
        assert (await _people(cities.person(name), ines))["新人"]["status"] == "INVITED"
    for name in ("sato", "hana", "kato"):
        seen = await _people(cities.person(name), ines)
        assert set(seen) == {"Ines"}
        assert seen["Ines"]["status"] is seen["Ines"]["email"] is seen["Ines"]["roles"] is None
        assert seen["Ines"]["organisation"] == {"name": "NPO法人つながる生駒"}


async def test_a_code_opens_once_for_one_account_in_its_own_city_for_two_weeks(cities: Cities) -> None:
    invited, second = await _invited(cities), await _invited(cities)
    there = cities.stage.person("stranger", "takamatsu")
    for asker, code in ((there, invited["code"]), (cities.stranger, "nonsense"), (cities.stranger, "")):
        assert (await tries(asker, "acceptInvitation", code=code))["problem"] == "NOT_FOUND"
    await does(cities.stranger, "acceptInvitation", code=invited["code"])
    for name in ("stranger", "nobody"):
        again = await tries(cities.person(name), "acceptInvitation", code=invited["code"])
        assert again["problem"] == "NOT_FOUND"
    cities.stage.clock.move(days=14, minutes=1)
    late = await tries(cities.person("nobody"), "acceptInvitation", code=second["code"])
    assert late["problem"] == "NOT_FOUND"


async def test_an_invitation_ends_with_the_person_removed_or_the_organisation_suspended(
    cities: Cities,
) -> None:
    invited, second = await _invited(cities), await _invited(cities)
    ines = await own(cities.ines)
    person: dict[str, str] = invited["person"]  # pyright: ignore[reportAssignmentType] - JSON
    await does(cities.ines, "removePerson", organisationId=ines["id"], personId=person["id"])
    assert (await tries(cities.stranger, "acceptInvitation", code=invited["code"]))["problem"] == "NOT_FOUND"
    await does(cities.mori, "suspendMember", id=ines["id"], version=ines["version"])
    assert (await tries(cities.stranger, "acceptInvitation", code=second["code"]))["problem"] == "NOT_FOUND"
    await does(cities.mori, "reinstateMember", id=ines["id"], version=ines["version"] + 1)
    await does(cities.stranger, "acceptInvitation", code=second["code"])


async def test_a_code_is_shown_once_and_kept_nowhere(
    cities: Cities, capsys: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs() as logs:
        invited = await _invited(cities)
        await tries(cities.ines, "acceptInvitation", code=invited["code"])
        await does(cities.stranger, "acceptInvitation", code=invited["code"])
    code = str(invited["code"])
    assert len(code) == 32
    assert [entry["event"] for entry in logs].count("request") == 4
    printed = capsys.readouterr()
    assert code not in f"{logs}{printed.out}{printed.err}"
    async with cities.stage.sql() as database:
        tables = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'tsunagari'")
        for table in tables:
            rows = await database.fetch(f"SELECT t::text AS row FROM tsunagari.{table['tablename']} t")
            assert not any(code in row["row"] for row in rows)
            if table["tablename"] == "person":
                assert any("新人" in row["row"] for row in rows)


async def test_a_replayed_invitation_is_the_same_person_without_the_code(cities: Cities) -> None:
    ines = await own(cities.ines)
    form = {"organisationId": ines["id"], "name": "新人", "roles": ["DESK"]}
    key = {"Idempotency-Key": "invite-1"}
    first = await cities.ines.do(mutation("invitePerson"), headers=key, **form)
    again = await cities.ines.do(mutation("invitePerson"), headers=key, **form)
    assert first["code"]
    assert again["code"] is None
    assert again["person"]["id"] == first["person"]["id"]


async def test_who_is_somebody_here_joins_as_the_same_person(cities: Cities) -> None:
    sato = (await cities.sato.ask(MINE)).data["me"]["id"]
    invited = await _invited(cities)
    accepted = await cities.sato.ask(mutation("acceptInvitation"), input={"code": invited["code"]})
    assert accepted.errors[0]["extensions"]["detail"] == "CHOOSE_PLATFORM"  # she acts for two from now on
    ines = (await own(cities.ines))["id"]
    assert sato in {each["id"] for each in (await _people(cities.ines, ines)).values()}
    header = {"Tsunagari-Acting-For": f"ikoma/{ines}"}
    said = (await cities.sato.ask(MINE, headers=header)).data
    assert (said["me"]["id"], said["me"]["roles"]) == (sato, ["DESK"])
    second = await _invited(cities)
    twice = await tries(cities.ines, "acceptInvitation", code=second["code"])
    assert twice["problem"] == "ALREADY_EXISTS"


async def test_one_who_was_removed_is_out_at_the_next_request_and_can_come_back(cities: Cities) -> None:
    person = await joined(cities.ines, cities.stranger, "DESK")
    assert len(await names_seen(cities.stranger)) == 5
    ines = await own(cities.ines)
    removal = {"organisationId": ines["id"], "personId": person}
    for name in ("sato", "hana", "stranger"):
        assert (await tries(cities.person(name), "removePerson", **removal))["problem"] == "NOT_ALLOWED"
    assert (await tries(cities.ueda, "removePerson", **removal))["problem"] == "NOT_FOUND"
    await does(cities.ines, "removePerson", **removal)
    assert await names_seen(cities.stranger) == {"生駒市"}
    assert (await cities.stranger.ask(MINE)).data == {"myOrganisation": None, "me": None}
    assert (await tries(cities.ines, "removePerson", **removal))["problem"] == "NOT_FOUND"
    assert await joined(cities.ines, cities.stranger, "CASEWORKER") == person
    assert len(await names_seen(cities.stranger)) == 5


async def test_people_of_a_suspended_organisation_are_out_until_it_is_reinstated(cities: Cities) -> None:
    ines = await own(cities.ines)
    assert len(await names_seen(cities.ines)) == 5
    for name in ("sato", "hana", "ines"):
        refused = await tries(cities.person(name), "suspendMember", id=ines["id"], version=ines["version"])
        assert refused["problem"] == "NOT_ALLOWED"
    await does(cities.mori, "suspendMember", id=ines["id"], version=ines["version"])
    assert await names_seen(cities.ines) == {"生駒市"}
    assert (await cities.ines.ask(MINE)).data["myOrganisation"] is None
    outside = await tries(
        cities.ines, "editOrganisation", id=ines["id"], version=ines["version"], area="市外"
    )
    assert outside["problem"] == "NOT_FOUND"
    assert len(await names_seen(cities.sato)) == 5
    await does(cities.mori, "reinstateMember", id=ines["id"], version=ines["version"] + 1)
    assert len(await names_seen(cities.ines)) == 5


async def test_a_change_of_roles_holds_at_the_next_request(cities: Cities) -> None:
    person = await joined(cities.ines, cities.stranger, "DESK")
    ines = await own(cities.ines)
    form = {"organisationId": ines["id"], "name": "新人", "roles": ["DESK"]}
    assert (await tries(cities.stranger, "invitePerson", **form))["problem"] == "NOT_ALLOWED"
    changed = await does(
        cities.ines,
        "setRoles",
        organisationId=ines["id"],
        personId=person,
        roles=["REPRESENTATIVE", "DESK"],
    )
    assert changed["person"]["roles"] == ["DESK", "REPRESENTATIVE"]
    await does(cities.stranger, "invitePerson", **form)
    await does(cities.ines, "setRoles", organisationId=ines["id"], personId=person, roles=[])
    assert (await tries(cities.stranger, "invitePerson", **form))["problem"] == "NOT_ALLOWED"
    for name in ("sato", "stranger"):
        refused = await tries(
            cities.person(name),
            "setRoles",
            organisationId=ines["id"],
            personId=person,
            roles=["REPRESENTATIVE"],
        )
        assert refused["problem"] == "NOT_ALLOWED"
    sato = (await cities.sato.ask(MINE)).data["me"]["id"]
    other = await tries(
        cities.ines, "setRoles", organisationId=ines["id"], personId=sato, roles=["REPRESENTATIVE"]
    )
    assert other["problem"] == "NOT_FOUND"


async def test_an_organisation_that_leaves_is_gone_with_its_people(cities: Cities) -> None:
    ines = await own(cities.ines)
    published = await does(
        cities.ines, "publishOrganisation", id=ines["id"], version=ines["version"], published=True
    )
    version = published["organisation"]["version"]
    assert (await tries(cities.sato, "leave", id=ines["id"], version=version))["problem"] == "NOT_ALLOWED"
    await does(cities.ines, "leave", id=ines["id"], version=version)
    assert await names_seen(cities.ines) == await names_seen(cities.anyone) == {"生駒市"}
    assert await _people(cities.mori, ines["id"]) == {}
    again = await tries(cities.mori, "reinstateMember", id=ines["id"], version=version + 1)
    assert again["problem"] == "WRONG_STATE"
    assert (await applied(cities.ines))["status"] == "APPLIED"


async def test_ines_writes_about_herself_and_nobody_else_does(cities: Cities) -> None:
    me = (await cities.ines.ask(MINE)).data["me"]
    written = await does(
        cities.ines, "editProfile", version=me["version"], profile="川柳が好きです", email="ines@example.jp"
    )
    assert (written["person"]["profile"], written["person"]["name"]) == ("川柳が好きです", "Ines")
    shown = "query ($id: ID!) { person(id: $id) { name profile email hiddenFields } }"
    kato = (await cities.kato.ask(shown, id=me["id"])).data["person"]
    assert (kato["profile"], kato["email"]) == ("川柳が好きです", None)
    assert set(kato["hiddenFields"]) == {"email", "status", "roles", "profileFor", "termFrom", "termUntil"}
    mori = (await cities.mori.ask(shown, id=me["id"])).data["person"]
    assert (mori["email"], mori["hiddenFields"]) == ("ines@example.jp", [])
    for asker in (cities.anyone, cities.ueda, cities.stranger):
        assert (await asker.ask(shown, id=me["id"])).data["person"] is None
    stale = await tries(cities.ines, "editProfile", version=me["version"], profile="古い")
    assert (stale["problem"], stale["current"]) == ("STALE_VERSION", me["version"] + 1)
    for given, field in (
        ({"email": "ines"}, "email"),
        ({"name": ""}, "name"),
        ({"profile": "\u0001"}, "profile"),
    ):
        refused = await tries(cities.ines, "editProfile", version=me["version"] + 1, **given)
        assert (refused["problem"], refused["field"]) == ("INVALID_INPUT", field)
    assert (await tries(cities.stranger, "editProfile", version=1, profile="だれ"))["problem"] == "NOT_FOUND"


async def test_an_edited_entry_is_found_and_sorted_by_its_new_words(cities: Cities) -> None:
    find = "query ($search: String) { organisations(search: $search) { nodes { name } } }"
    ines = await own(cities.ines)
    for name in ("sato", "hana", "mori"):
        refused = await tries(
            cities.person(name), "editOrganisation", id=ines["id"], version=ines["version"], area="市外"
        )
        assert refused["problem"] == "NOT_ALLOWED"
    edited = await does(
        cities.ines,
        "editOrganisation",
        id=ines["id"],
        version=ines["version"],
        services="釣り堀サロン",
        website="https://tsunagaru.example.jp/",
        confidentialAddress="本町1-1",
        area="",
    )
    assert edited["organisation"]["area"] == ""
    assert edited["organisation"]["nameKana"] == "つながるいこま"
    assert edited["organisation"]["confidentialAddress"] == "本町1-1"
    found = (await cities.kato.ask(find, search="ツリ堀")).data["organisations"]["nodes"]
    assert found == []
    found = (await cities.kato.ask(find, search="釣リ堀")).data["organisations"]["nodes"]
    assert found == [{"name": "NPO法人つながる生駒"}]
    hidden = (await cities.mori.ask(find, search="本町")).data["organisations"]["nodes"]
    assert hidden == []
    stale = await tries(cities.ines, "editOrganisation", id=ines["id"], version=ines["version"], area="市内")
    assert stale["problem"] == "STALE_VERSION"
    number = await tries(
        cities.ines,
        "editOrganisation",
        id=ines["id"],
        version=ines["version"] + 1,
        corporateNumber="7123456789012",
    )
    assert number["problem"] == "WRONG_STATE"
    emptied = await tries(
        cities.ines, "editOrganisation", id=ines["id"], version=ines["version"] + 1, name=""
    )
    assert (emptied["problem"], emptied["field"]) == ("INVALID_INPUT", "name")

"""A coordinator runs the platform and comes into no organisation by it."""

from tests.members.said import does, tries
from tests.stage.cities import Cities

OWN = "{ me { id } myOrganisation { id } }"
PEOPLE = "query ($id: ID!) { organisation(id: $id) { people { id name } } }"


async def _npo(cities: Cities) -> str:
    return (await cities.ines.ask(OWN)).data["myOrganisation"]["id"]


async def test_mori_cannot_bring_anybody_into_an_organisation_that_has_its_people(cities: Cities) -> None:
    npo = await _npo(cities)
    for roles in (["CASEWORKER"], ["DESK"], ["REPRESENTATIVE"], []):
        said = await tries(cities.mori, "invitePerson", organisationId=npo, name="x", roles=roles)
        assert said["problem"] == "NOT_ALLOWED", roles
    invited = await does(cities.ines, "invitePerson", organisationId=npo, name="新人", roles=["DESK"])
    assert invited["code"]


async def test_mori_cannot_give_roles_to_herself_or_others_elsewhere(cities: Cities) -> None:
    ines = (await cities.ines.ask(OWN)).data
    asked = {
        "organisationId": ines["myOrganisation"]["id"],
        "personId": ines["me"]["id"],
        "roles": ["CASEWORKER"],
    }
    assert (await tries(cities.mori, "setRoles", **asked))["problem"] == "NOT_ALLOWED"
    await does(cities.ines, "setRoles", **asked)


async def test_mori_brings_in_a_first_representative_but_never_herself(cities: Cities) -> None:
    npo = await _npo(cities)
    async with cities.stage.sql() as sql:
        await sql.execute(
            "UPDATE tsunagari.membership SET until = now() WHERE organisation_id = $1",
            npo.removeprefix("organisation_"),
        )
    wrong = await tries(cities.mori, "invitePerson", organisationId=npo, name="x", roles=["CASEWORKER"])
    assert wrong["problem"] == "NOT_ALLOWED"
    asked = {"organisationId": npo, "name": "代表", "roles": ["REPRESENTATIVE"]}
    code = (await does(cities.mori, "invitePerson", **asked))["code"]
    assert (await tries(cities.mori, "acceptInvitation", code=code))["problem"] == "NOT_ALLOWED"
    await does(cities.stranger, "acceptInvitation", code=code)
    people = (await cities.stranger.ask(PEOPLE, id=npo)).data["organisation"]["people"]
    assert [each["name"] for each in people] == ["代表"]


async def test_another_coordinator_cannot_use_it_either(cities: Cities) -> None:
    npo = await _npo(cities)
    hana = (await cities.hana.ask(OWN)).data["me"]["id"]
    async with cities.stage.sql() as sql:
        await sql.execute(
            "UPDATE tsunagari.membership SET until = now() WHERE organisation_id = $1",
            npo.removeprefix("organisation_"),
        )
    asked = {"organisationId": npo, "name": "代表", "roles": ["REPRESENTATIVE"]}
    code = (await does(cities.mori, "invitePerson", **asked))["code"]
    await does(cities.mori, "appointCoordinator", personId=hana)
    assert (await tries(cities.hana, "acceptInvitation", code=code))["problem"] == "NOT_ALLOWED"

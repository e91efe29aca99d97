"""What can be asked before a platform is chosen."""

import dataclasses

from libs.tenancy.onboarding import Coordinator, NewTenant, onboard
from tests.stage.cities import Cities
from tests.stage.tokens import ISSUER

MINE = "{ myPlatforms { slug name kind } }"


async def test_ines_learns_which_platforms_know_her_without_naming_one(cities: Cities) -> None:
    ines = dataclasses.replace(cities.ines, tenant=None)
    said = await ines.ask(MINE)
    assert said.data["myPlatforms"] == [{"slug": "ikoma", "name": "生駒市", "kind": "municipality"}]


async def test_somebody_on_two_platforms_is_asked_to_choose_one(cities: Cities) -> None:
    async with cities.stage.onboarding() as database:
        await onboard(database, NewTenant(["380008"], "ehime", Coordinator("Mori", ISSUER, "mori")))
    mori = dataclasses.replace(cities.mori, tenant=None)
    assert [each["slug"] for each in (await mori.ask(MINE)).data["myPlatforms"]] == ["ehime", "ikoma"]
    undecided = await mori.ask("{ me { name } }")
    assert undecided.errors[0]["extensions"]["detail"] == "CHOOSE_PLATFORM"
    assert (await cities.mori.ask("{ me { name } }")).data["me"] == {"name": "Mori"}


async def test_a_stranger_has_no_platforms_and_anyone_must_sign_in(cities: Cities) -> None:
    stranger = dataclasses.replace(cities.stranger, tenant=None)
    assert (await stranger.ask(MINE)).data == {"myPlatforms": []}
    assert (await cities.anyone.ask(MINE)).code == "UNAUTHENTICATED"


async def test_plain_roots_stand_beside_compiled_ones_in_the_order_asked(cities: Cities) -> None:
    said = await cities.ines.ask('{ myPlatforms { slug } me { name } __type(name: "Person") { name } }')
    assert list(said.data) == ["myPlatforms", "me", "__type"]
    assert said.data == {
        "myPlatforms": [{"slug": "ikoma"}],
        "me": {"name": "Ines"},
        "__type": {"name": "Person"},
    }


async def test_the_schema_is_told_to_the_signed_in_only(cities: Cities) -> None:
    asked = "{ __schema { queryType { name } } }"
    assert (await cities.stranger.ask(asked)).data == {"__schema": {"queryType": {"name": "Query"}}}
    assert (await cities.anyone.ask(asked)).code == "NOT_ALLOWED"
    assert (await cities.anyone.ask("{ __typename }")).data == {"__typename": "Query"}


async def test_a_garbled_choice_of_organisation_is_refused_not_passed_over(cities: Cities) -> None:
    person = (await cities.ines.ask("{ me { id } }")).data["me"]["id"]
    for chosen in (f"ikoma/{person}", "ikoma/nonsense"):
        said = await dataclasses.replace(cities.ines, tenant=chosen).ask("{ me { name } }")
        assert said.errors[0]["extensions"]["detail"] == "MALFORMED_ID"
    own = (await cities.ines.ask("{ myOrganisation { id } }")).data["myOrganisation"]["id"]
    said = await dataclasses.replace(cities.ines, tenant=f"ikoma/{own}").ask("{ me { name } }")
    assert said.data == {"me": {"name": "Ines"}}

"""Who gets into the secretariat's service, and what anybody else learns of it: nothing."""

import pytest

from services.secretariat.staff import appoint, dismiss
from tests.figures.nation import reporting_nation
from tests.secretariat.office import ISSUER, opened, staff_token
from tests.stage.stage import Stage
from tests.stage.tokens import token_of

REGISTER = "{ tenants { totalCount nodes { slug } } }"
INTROSPECTION = "{ __schema { types { name } } }"
MISSPELT = "{ tenan { slug } }"


async def test_nagata_of_the_secretariat_gets_in(stage: Stage) -> None:
    await reporting_nation(stage)
    async with opened(stage) as office:
        said = await office.nagata("{ me { name role } tenants { totalCount } }")
        assert said.data == {"me": {"name": "永田", "role": "analyst"}, "tenants": {"totalCount": 6}}
        introspected = await office.nagata(INTROSPECTION)
        assert {"name": "Figure"} in introspected.data["__schema"]["types"]
        assert "Did you mean 'tenants'" in (await office.nagata(MISSPELT)).errors[0]["message"]


@pytest.mark.parametrize("query", [REGISTER, INTROSPECTION, MISSPELT, "{", "mutation { x }"])
async def test_everybody_else_stays_outside(stage: Stage, query: str) -> None:
    """Mori coordinates a platform; a stranger only has an account; both are known to the issuer."""
    await reporting_nation(stage)
    async with opened(stage) as office:
        for token in (token_of("mori"), token_of("coordinator-of-ikoma"), token_of("stranger")):
            said = await office.ask(token, query)
            assert (said.status, said.code) == (403, "NOT_ALLOWED")
            assert "data" not in said.body
            assert "tenants" not in str(said.body)
        for token in (None, "no.such.token", f"{staff_token('nagata')}x"):
            said = await office.ask(token, query)
            assert (said.status, said.code) == (401, "UNAUTHENTICATED")
            assert "tenants" not in str(said.body)


async def test_a_platforms_token_is_none_where_only_the_own_issuer_is_trusted(stage: Stage) -> None:
    async with opened(stage, trusts_platforms=False) as office:
        assert (await office.mori(REGISTER)).code == "UNAUTHENTICATED"
        assert (await office.nagata(REGISTER)).status == 200


async def test_the_same_subject_of_another_issuer_is_somebody_else(stage: Stage) -> None:
    async with opened(stage) as office:
        assert (await office.ask(token_of("nagata"), REGISTER)).code == "NOT_ALLOWED"


async def test_who_is_dismissed_is_out_at_the_next_request(stage: Stage) -> None:
    async with opened(stage) as office:
        assert (await office.nagata(REGISTER)).status == 200
        async with office.owner() as owner:
            await dismiss(owner, (ISSUER, "nagata"))
        assert (await office.nagata(REGISTER)).code == "NOT_ALLOWED"
        async with office.owner() as owner:
            await appoint(owner, (ISSUER, "nagata"), "永田", "administrator")
        assert (await office.nagata("{ me { role } }")).data["me"]["role"] == "administrator"


async def test_a_staff_token_opens_no_platform(stage: Stage) -> None:
    await reporting_nation(stage)
    outsider = stage.person(None, "ikoma")
    said = await outsider.ask("{ me { name } }", headers={"Authorization": f"Bearer {staff_token('nagata')}"})
    assert said.code == "UNAUTHENTICATED"


async def test_refusals_speak_the_askers_language(stage: Stage) -> None:
    async with opened(stage) as office:
        for language, words in (
            ("ja", "職員として登録されていません"),
            ("en", "not on the national secretariat's staff"),
        ):
            said = await office.ask(token_of("stranger"), REGISTER, headers={"Accept-Language": language})
            assert words in said.errors[0]["message"]

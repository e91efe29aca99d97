"""A person signs in at a real, certified OpenID provider and uses the platform with the token they got."""

from typing import Any

import httpx

from libs.tenancy.onboarding import allow_issuer
from libs.tenancy.tokens.issuers import TrustedIssuer
from tests.stage.cities import ACCEPT, INVITE, Cities
from tests.stage.served import Served, served
from tests.tenancy.oidc_provider import API_AUDIENCE, OidcProvider, oidc_provider

__all__ = ["oidc_provider"]

ME = "{ me { name } myOrganisation { name } }"


async def test_ren_is_invited_signs_in_by_code_with_pkce_and_joins(
    cities: Cities, oidc_provider: OidcProvider
) -> None:
    issuer = oidc_provider.issuer
    async with cities.stage.onboarding() as database:
        await allow_issuer(database, "ikoma", issuer)
    organisation = (await cities.ines.ask("{ myOrganisation { id } }")).data["myOrganisation"]["id"]
    invited = await cities.ines.do(INVITE, organisationId=organisation, name="Ren", roles=["DESK"])
    token = (await oidc_provider.sign_in("ren")).access_token
    async with served(cities.stage, TrustedIssuer(issuer, API_AUDIENCE)) as platform:
        before = await _say(platform, token, ME)
        assert before["data"] == {"me": None, "myOrganisation": None}
        joined = await _say(platform, token, ACCEPT, {"input": {"code": invited["code"]}})
        assert "person" in joined["data"]["acceptInvitation"], joined
        after = await _say(platform, token, ME)
        assert after["data"] == {"me": {"name": "Ren"}, "myOrganisation": {"name": "NPO法人つながる生駒"}}


async def test_an_issuer_that_the_city_does_not_allow_lets_nobody_in(
    cities: Cities, oidc_provider: OidcProvider
) -> None:
    token = (await oidc_provider.sign_in("ines")).access_token
    async with cities.stage.sql() as sql:
        await sql.execute(
            "UPDATE tsunagari.person SET issuer = $1 WHERE subject = 'ines'", oidc_provider.issuer
        )
    async with served(cities.stage, TrustedIssuer(oidc_provider.issuer, API_AUDIENCE)) as platform:
        assert (await _say(platform, token, ME))["data"]["me"] is None
        async with cities.stage.onboarding() as database:
            await allow_issuer(database, "ikoma", oidc_provider.issuer)
        assert (await _say(platform, token, ME))["data"]["me"] == {"name": "Ines"}


async def test_a_provider_that_the_deployment_does_not_trust_is_refused(
    cities: Cities, oidc_provider: OidcProvider
) -> None:
    token = (await oidc_provider.sign_in("ines")).access_token
    async with served(cities.stage) as platform:
        refused = await _say(platform, token, ME)
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def _say(
    platform: Served, token: str, query: str, variables: dict[str, object] | None = None
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Tsunagari-Acting-For": "ikoma"}
    async with httpx.AsyncClient() as client:
        said = await client.post(platform.url, json={"query": query, "variables": variables}, headers=headers)
    return said.json()

"""The secretariat's service running beside the platforms, its staff, and strangers at its door."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx

from libs.persistence.database import Database
from libs.persistence.roles import OWNER, SECRETARIAT
from libs.tenancy.tokens.embedded_issuer import EMBEDDED_ISSUER_PREFIX, EmbeddedIssuer
from libs.tenancy.tokens.issuers import TrustedIssuer
from services.secretariat.app import build_app
from services.secretariat.settings import Settings
from services.secretariat.staff import appoint
from tests.stage.stage import Said, Stage
from tests.stage.tokens import key_folder, token_of, trusted

ISSUER = f"{EMBEDDED_ISSUER_PREFIX}secretariat"
AUDIENCE = "tsunagari-secretariat"


@cache
def _issuer() -> EmbeddedIssuer:
    return EmbeddedIssuer.load_or_create(Path(f"{key_folder()}-secretariat"), ISSUER)


def own_issuer() -> TrustedIssuer:
    return TrustedIssuer(ISSUER, AUDIENCE, _issuer().key_set())


def staff_token(subject: str) -> str:
    return _issuer().sign(subject, audience=AUDIENCE, lifetime=3_600)


@dataclass
class Office:
    """The service over HTTP, and who may come in."""

    stage: Stage
    http: httpx.AsyncClient

    async def ask(
        self, token: str | None, query: str, /, headers: Mapping[str, str] | None = None, **variables: Any
    ) -> Said:
        """Sends GraphQL text with this bearer token."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        response = await self.http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=sent
        )
        return Said(response.status_code, response.json())

    async def nagata(self, query: str, /, **variables: Any) -> Said:
        """As Nagata, an analyst of the secretariat."""
        return await self.ask(staff_token("nagata"), query, **variables)

    async def mori(self, query: str, /, **variables: Any) -> Said:
        """As Mori, who coordinates a platform, with the token of the platforms' issuer."""
        return await self.ask(token_of("mori"), query, **variables)

    @asynccontextmanager
    async def owner(self) -> AsyncGenerator[Database]:
        async with self.stage.database(OWNER) as owner:
            yield owner


@asynccontextmanager
async def opened(stage: Stage, *, trusts_platforms: bool = True) -> AsyncGenerator[Office]:
    """The service with Nagata on its staff. To be of a trusted issuer is not enough for anybody."""
    issuers = (own_issuer(), trusted()) if trusts_platforms else (own_issuer(),)
    settings = Settings("demo", stage.url(SECRETARIAT), issuers)
    app = build_app(settings, clock=stage.clock)
    transport = httpx.ASGITransport(cast("Any", app))
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://secretariat.test") as http,
    ):
        office = Office(stage, http)
        async with office.owner() as owner:
            await appoint(owner, (ISSUER, "nagata"), "永田", "analyst")
        yield office

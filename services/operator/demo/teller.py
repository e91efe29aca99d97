"""Lets a person of the demo say GraphQL to the platform; any refusal ends the story with what was said."""

from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import quote

import httpx

from libs.persistence.database import Database
from libs.persistence.sealing.vault import Vault
from libs.policy.acting import Acting
from libs.tenancy.tokens.identity import Identity
from services.operator.acting_as import acting_as
from services.operator.demo.people import People
from services.operator.demo.story_clock import StoryClock

SECONDS = 3_600


class Untold(Exception):
    """The platform refused a part of the story: the story or the product is wrong."""


class Teller:
    def __init__(
        self,
        client: httpx.AsyncClient,
        people: People,
        database: Database,
        vault: Vault,
        clock: StoryClock,
    ) -> None:
        self.clock = clock
        self.help_code = ""
        """What somebody who asked for help noted down: with it they read the answer."""
        self._client = client
        self._database = database
        self._vault = vault
        self._people = people
        self._tokens: dict[str, str] = {}

    async def ask(self, who: str, tenant: str, query: str, **variables: Any) -> dict[str, Any]:  # noqa: ANN401
        """The data of a query or mutation sent as this person on this platform."""
        token = self._tokens.setdefault(who, self._people.token(who, SECONDS))
        response = await self._client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {token}", "Tsunagari-Acting-For": tenant},
        )
        said = response.json()
        if "errors" in said:
            raise Untold(who, tenant, said["errors"])
        return said["data"]

    async def do(self, who: str, tenant: str, mutation: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401
        """The payload of a mutation with one input."""
        (result,) = (await self.ask(who, tenant, mutation, input=given)).values()
        if "en" in result:
            raise Untold(who, tenant, result["en"])
        return result

    async def send(self, who: str, tenant: str, name: str, content: bytes) -> str:
        """A file sent as this person; the id by which a mutation takes it."""
        token = self._tokens.setdefault(who, self._people.token(who, SECONDS))
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        }
        response = await self._client.post(f"/t/{tenant}/uploads", content=content, headers=headers)
        if not response.is_success:
            raise Untold(who, tenant, response.text)
        return response.json()["id"]

    async def visit(self, path: str) -> str:
        """A page of the platform, as anybody sees it."""
        return self._page(await self._client.get(path))

    async def fill_in(self, path: str, **fields: str) -> str:
        """The page that answers a form."""
        return self._page(await self._client.post(path, data=fields))

    def _page(self, response: httpx.Response) -> str:
        if not response.is_success:
            raise Untold(response.status_code, response.text)
        return response.text

    def acting(self, who: str, tenant: str) -> AbstractAsyncContextManager[Acting]:
        """For what has no GraphQL yet: an action as this person, in one transaction."""
        identity = Identity(self._people.issuer.issuer, who, 0)
        return acting_as(self._database, self._vault, identity, tenant)

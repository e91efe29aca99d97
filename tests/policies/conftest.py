"""Mori's hand on the policy, and a board that 生駒市 has opened to companies."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.policies import documents as said
from tests.referrals import documents as referral
from tests.referrals.conftest import Loop
from tests.stage.stage import Person

OPEN_BOARD = """mutation ($input: OpenBoardInput!) { openBoard(input: $input) { __typename
  ... on UserError { en } } }"""
SUMMARY = {"kind": "company", "object": "referral.summary", "relation": "group+posted+open_board"}
"""The line by which Kato's company reads how urgent a card is."""


@dataclass
class Office:
    """A coordinator who drafts and publishes."""

    person: Person

    async def version(self) -> int:
        return (await self.person.ask(said.DRAFT)).data["policyDraft"]["version"]

    async def drafts(self, mutation: str, **input: Any) -> dict[str, Any]:
        """The draft afterwards; the change must succeed."""
        result = await self.tries(mutation, **input)
        assert result["__typename"] == "PolicyDraftPayload", result
        return result["policyDraft"]

    async def tries(self, mutation: str, **input: Any) -> dict[str, Any]:
        input.setdefault("version", await self.version())
        return await self.person.do(mutation, **input)

    async def publishes(self, note: str = "市の規則による") -> dict[str, Any]:
        result = await self.tries(said.PUBLISH, note=note)
        assert result["__typename"] == "PolicyEditionPayload", result
        return result["policyEdition"]

    async def reverts(self, to: int, note: str = "元に戻す") -> dict[str, Any]:
        result = await self.tries(said.REVERT, to=to, note=note)
        assert result["__typename"] == "PolicyEditionPayload", result
        return result["policyEdition"]

    async def history(self) -> list[dict[str, Any]]:
        found = (await self.person.ask(said.HISTORY)).data["policyHistory"]
        assert found["totalCount"] == len(found["nodes"])
        return found["nodes"]

    async def table(self) -> dict[str, Any] | None:
        return (await self.person.ask(said.TABLE)).data["accessTable"]


@pytest.fixture
async def board(loop: Loop) -> Loop:
    """A card on a board that companies may read too."""
    await loop.card(await loop.case(), area="北部", ageBand="SENIOR")
    group = (
        await loop.person("mori").ask("query ($id: ID!) { workingGroup(id: $id) { version } }", id=loop.group)
    ).data["workingGroup"]
    await loop.person("mori").do(OPEN_BOARD, id=loop.group, version=group["version"], toCompanies=True)
    return loop


@pytest.fixture
def office(loop: Loop) -> Office:
    return Office(loop.person("mori"))


async def card(loop: Loop, name: str) -> dict[str, Any]:
    """The board's one card, as this person reads it."""
    return await card_of(loop, loop.person(name))


async def card_of(loop: Loop, person: Person) -> dict[str, Any]:
    (seen,) = (await person.ask(referral.BOARD, group=loop.group)).data["board"]["nodes"]
    return seen

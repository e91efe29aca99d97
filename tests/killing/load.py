"""People who walk whole loops while processes die: what is not answered they send again under its key."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import httpx

from tests.referrals import documents as said
from tests.referrals.conftest import Loop
from tests.stage.cities import Cities

PATIENCE: Final = 90.0
PAUSE: Final = 0.05

WALK: Final = (
    "create_referral",
    "request_basis",
    "send_referral",
    "accept_referral",
    "start_support",
    "report_outcome",
    "confirm_loop",
)
"""The steps of one whole loop, as its events name them."""


@dataclass
class Persistent:
    """In place of an HTTP client: sends until it is answered. `again` counts how often that took more than
    once."""

    http: httpx.AsyncClient
    again: int = 0

    async def post(self, path: str, *, json: Any, headers: Mapping[str, str]) -> httpx.Response:
        keyed = {"Idempotency-Key": uuid.uuid4().hex, **headers}
        async with asyncio.timeout(PATIENCE):
            while True:
                response = await self._once(path, json, keyed)
                if response is not None:
                    return response
                self.again += 1
                await asyncio.sleep(PAUSE)

    async def _once(self, path: str, json: Any, headers: Mapping[str, str]) -> httpx.Response | None:
        try:
            response = await self.http.post(path, json=json, headers=headers)
        except httpx.TransportError:
            return None
        # a killed process's transaction may take a moment to be gone
        waits = response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or "InProgress" in response.text
        return None if waits else response


@dataclass
class Acknowledged:
    """What people were told is done: referrals that went the whole way, and the cases behind them."""

    referrals: list[str] = field(default_factory=list[str])
    reveals: int = 0


def over(loop: Loop, http: Any) -> Loop:
    """The same people, speaking through this client."""
    return Loop(Cities(replace(loop.cities.stage, http=http)), loop.group, loop.organisations)


async def walk(loop: Loop, until: asyncio.Event, done: Acknowledged) -> None:
    """Whole loops, one after another, until told; each step must succeed in the end."""
    while not until.is_set():
        case = await loop.case()
        agreed = await loop.consent(case, "sato")
        sent = await loop.sent(case, "sato", agreed["id"])
        taken = await loop.step("sato", said.ACCEPT, id=sent["id"], version=sent["version"])
        opened = await loop.reveal("sato", taken["id"], "L2")
        assert opened["__typename"] == "RevealPayload", opened
        done.reveals += 1
        begun = await loop.step(
            "sato", said.START, id=taken["id"], version=taken["version"], startedOn=loop.today.isoformat()
        )
        told = await loop.step(
            "sato",
            said.REPORT,
            id=begun["id"],
            version=begun["version"],
            code="GOT_HELP",
            text="来ている",
        )
        await loop.step("ines", said.CONFIRM, id=told["id"], version=told["version"])
        done.referrals.append(taken["id"])

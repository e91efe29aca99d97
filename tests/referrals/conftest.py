"""The working group on whose board the tests' people meet, and what they do there step by step."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from libs.persistence.actor import SYSTEM
from libs.persistence.work import Work
from services.platform.links import jobs as links
from services.platform.referrals import jobs as referrals
from tests.referrals import documents as said
from tests.stage.cities import ALL_ROLES, Cities
from tests.stage.stage import Person

CREATE_GROUP = """mutation ($input: CreateWorkingGroupInput!) { createWorkingGroup(input: $input) { __typename
  ... on WorkingGroupPayload { workingGroup { id version } } ... on UserError { en } } }"""
GIVE_SEAT = """mutation ($input: GiveSeatInput!) { giveSeat(input: $input) { __typename
  ... on SeatPayload { seat { id } } ... on UserError { en } } }"""
SET_ROLES = (
    """mutation ($input: SetRolesInput!) { setRoles(input: $input) { __typename ... on UserError { en } } }"""
)
MINE = "query { me { id } myOrganisation { id } }"

MEMBERS = ("ines", "sato", "hana", "kato")
JOBS = {**referrals.JOBS, **links.JOBS}
NARRATIVE = "半年前に連れ合いを亡くし、だれとも話さない日が続いている。"
CONSTRAINTS = "階段の上り下りがむずかしい。"
NAME = "田中 美代子"
ADDRESS = "奈良県生駒市東新町8番38号"
CONTACT = "0743-74-1111"
SAFETY = "長男の来訪時は訪問しない。"
SECRETS = (NARRATIVE, CONSTRAINTS, NAME, ADDRESS, CONTACT, SAFETY)

PERSON = {
    "narrative": NARRATIVE,
    "constraints": CONSTRAINTS,
    "personName": NAME,
    "personKana": "たなか みよこ",
    "birthDate": "1948-03-04",
    "address": ADDRESS,
    "contact": CONTACT,
    "contactRule": "SAFE_TIMES",
    "safetyNotes": SAFETY,
}
ALL_ITEMS = ["NARRATIVE", "CONSTRAINTS", "PERSON_NAME", "PERSON_KANA", "BIRTH_DATE", "ADDRESS", "CONTACT"]
ASK = "週に一度、いっしょにお茶を飲む相手を探しています。"


@dataclass
class Loop:
    """Ines keeps cases and refers; Sato, Hana and Kato sit in the group; Mori coordinates."""

    cities: Cities
    group: str
    organisations: dict[str, str]

    def person(self, name: str) -> Person:
        return self.cities.person(name)

    @property
    def today(self) -> date:
        return (datetime.now(UTC) + self.cities.stage.clock.offset + timedelta(hours=9)).date()

    async def case(self, **person: str) -> str:
        opened = await self.person("ines").do(
            said.OPEN_CASE, kind="PERSON", needs=["BELONGING"], person=PERSON | person
        )
        return opened["case"]["id"]

    async def draft(self, case: str, ask: str = ASK, **card: Any) -> dict[str, Any]:
        made = await self.person("ines").do(
            said.CREATE, caseId=case, card={"needCategory": "BELONGING", "ask": ask, **card}
        )
        assert made["__typename"] == "ReferralPayload", made
        return made["referral"]

    async def card(self, case: str, ask: str = ASK, **card: Any) -> dict[str, Any]:
        draft = await self.draft(case, ask, **card)
        return await self.step(
            "ines", said.POST, id=draft["id"], version=draft["version"], workingGroupId=self.group
        )

    async def consent(
        self, case: str, *names: str, items: list[str] | None = None, days: int = 30
    ) -> dict[str, Any]:
        given = await self.person("ines").do(
            said.RECORD_CONSENT,
            caseId=case,
            items=[*ALL_ITEMS, "SAFETY_NOTES"] if items is None else items,
            recipientIds=[self.organisations[name] for name in names],
            purpose="見守りと居場所の紹介のため",
            howObtained="WRITTEN",
            obtainedOn=self.today.isoformat(),
            validUntil=(self.today + timedelta(days=days)).isoformat(),
        )
        assert given["__typename"] == "ConsentPayload", given
        return given["consent"]

    async def offer(self, name: str, card: str, message: str = "毎週火曜に伺えます") -> str:
        offered = await self.person(name).do(said.OFFER, id=card, message=message)
        assert offered["__typename"] == "OfferPayload", offered
        return offered["offer"]["id"]

    async def sent(self, case: str, name: str, consent: str, **card: Any) -> dict[str, Any]:
        """A directed referral as its recipient finds it."""
        draft = await self.draft(case, **card)
        asked = await self.step(
            "ines",
            said.REQUEST_BASIS,
            id=draft["id"],
            version=draft["version"],
            recipientId=self.organisations[name],
        )
        return await self.step("ines", said.SEND, id=asked["id"], version=asked["version"], consentId=consent)

    async def accepted(self, name: str = "sato", **consent: Any) -> dict[str, Any]:
        case = await self.case()
        agreed = await self.consent(case, name, **consent)
        sent = await self.sent(case, name, agreed["id"])
        taken = await self.step(name, said.ACCEPT, id=sent["id"], version=sent["version"])
        return taken | {"case": case, "consent": agreed}

    async def step(self, name: str, mutation: str, **input: Any) -> dict[str, Any]:
        """A step that must succeed; the referral as it is afterwards."""
        result = await self.person(name).do(mutation, **input)
        assert result["__typename"] == "ReferralPayload", result
        return result["referral"]

    async def reveal(self, name: str, referral: str, level: str, **purpose: str) -> dict[str, Any]:
        return await self.person(name).do(
            said.REVEAL, id=referral, level=level, purpose={"code": "SUPPORT", **purpose}
        )

    async def seen(self, name: str, referral: str) -> dict[str, Any]:
        """What stands beside the state."""
        found: dict[str, Any] = (await self.person(name).ask(said.MORE, id=referral)).data["referral"]
        return found

    async def told(self, name: str) -> list[str]:
        """The kinds of notices in somebody's inbox, oldest first."""
        inbox = (await self.person(name).ask(said.NOTICES)).data["inbox"]
        return [each["kind"] for each in reversed(inbox["notices"]["nodes"])]

    async def due(self) -> list[str]:
        """Does all that is due now, as the worker would, until nothing is; the kinds done."""
        done: list[str] = []
        while (kind := await self._do_one()) is not None:
            done.append(kind)
        return done

    async def _do_one(self) -> str | None:
        async with self.cities.stage.sql() as sql:
            row = await sql.fetchrow(
                "DELETE FROM tsunagari.work_due WHERE id = (SELECT id FROM tsunagari.work_due "
                "WHERE due_at <= $1 AND kind = ANY($2) ORDER BY due_at, id LIMIT 1) RETURNING kind, key",
                self.cities.stage.clock(),
                list(JOBS),
            )
        if row is None:
            return None
        async with self.at_work() as work:
            await JOBS[row["kind"]](work, row["key"])
        kind: str = row["kind"]
        return kind

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[Work, None]:
        """A job's work in 生駒市."""
        async with self.cities.stage.sql() as sql:
            tenant = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
        async with self.cities.stage.database() as database, database.work(tenant, SYSTEM) as work:
            yield work

    async def read(self, name: str, referral: str) -> dict[str, Any] | None:
        return (await self.person(name).ask(said.READ, id=referral)).data["referral"]


async def formed(cities: Cities) -> Loop:
    """Every desk of 生駒市 filled, and a working group in which all four organisations hold a seat."""
    made = await cities.mori.do(CREATE_GROUP, name="居場所部会", purpose="居場所をつなぐ")
    group = made["workingGroup"]["id"]
    organisations: dict[str, str] = {}
    for name in MEMBERS:
        mine = (await cities.person(name).ask(MINE)).data
        organisations[name] = mine["myOrganisation"]["id"]
        await cities.person(name).do(
            SET_ROLES, organisationId=organisations[name], personId=mine["me"]["id"], roles=ALL_ROLES
        )
        seat = await cities.mori.do(GIVE_SEAT, workingGroupId=group, organisationId=organisations[name])
        assert seat["__typename"] == "SeatPayload", seat
    return Loop(cities, group, organisations)

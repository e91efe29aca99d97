"""生駒市's people with mail addresses, and the worker's hands: telling, delivering, moving the clock."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from libs.persistence.actor import SYSTEM, Actor
from libs.persistence.sealing.vault import Vault
from libs.persistence.work import Work
from libs.persistence.worker import Worker
from services.platform.notices.actions.telling import Audience, tell
from services.platform.notices.jobs import JOBS, errands
from services.platform.notices.sending.mail_server import MailServer
from services.platform.notices.sending.outside import Outside
from tests.notices.mailbox import Mailbox, mailbox
from tests.stage.cities import ALL_ROLES, Cities
from tests.stage.stage import Person
from tests.stage.tokens import key_folder

NAMES = ("mori", "ines", "sato", "hana", "kato")
ABOUT = ("referral", uuid.UUID("01930000-0000-7000-8000-000000000001"))
SENDER = "oshirase@tsunagari.example"
PLATFORM_URL = "https://ikoma.tsunagari.example/"
MINE = "query { me { id } myOrganisation { id } }"
SET_ROLES = (
    """mutation ($input: SetRolesInput!) { setRoles(input: $input) { __typename ... on UserError { en } } }"""
)
INBOX = """query ($unread: Boolean, $first: Int, $after: String) { inbox { id unread language mailReferrals
  mailDeadlines mailProtection mailBoard mailPlatform viewerCan hiddenFields
  notices(unread: $unread, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { id kind text about createdAt readAt version viewerCan } } } }"""


@dataclass
class Desk:
    """`people` and `organisations` by name; `outside` is what the worker sends with."""

    cities: Cities
    tenant_id: uuid.UUID
    outside: Outside
    people: dict[str, uuid.UUID] = field(default_factory=dict[str, uuid.UUID])
    organisations: dict[str, uuid.UUID] = field(default_factory=dict[str, uuid.UUID])

    def person(self, name: str) -> Person:
        return self.cities.person(name)

    @asynccontextmanager
    async def work(self, who: str | None = None) -> AsyncGenerator[Work]:
        """As the named person, or as the clock."""
        actor = SYSTEM if who is None else Actor(self.people[who], self.organisations[who])
        async with self.cities.stage.database() as database, database.work(self.tenant_id, actor) as work:
            yield work

    async def tell(self, kind: str, *audiences: Audience, by: str | None = None) -> None:
        async with self.work(by) as work:
            await tell(work, kind, ABOUT, *audiences)

    async def inbox(self, name: str, **asked: Any) -> dict[str, Any]:
        return (await self.person(name).ask(INBOX, **asked)).data["inbox"]

    async def kinds(self, name: str) -> list[str]:
        return [each["kind"] for each in (await self.inbox(name))["notices"]["nodes"]]

    async def deliver(self) -> int:
        """What a worker does now: what was gathered, then what is to be sent."""
        stage = self.cities.stage
        async with stage.worker() as claims, stage.database() as tenants:
            worker = Worker(claims, tenants, JOBS, errands(self.outside))
            await worker.do_due()
            return await worker.run_errands()

    async def rows(self, sql: str, *places: Any) -> list[dict[str, Any]]:
        async with self.cities.stage.sql() as connection:
            return [dict(row) for row in await connection.fetch(sql, *places)]

    async def deliveries(self) -> list[dict[str, Any]]:
        return await self.rows("SELECT * FROM tsunagari.notice_delivery ORDER BY created_at, id")

    async def states(self) -> list[str]:
        return [row["state"] for row in await self.deliveries()]

    def mailing(self, box: Mailbox, scheme: str = "smtp+plain", login: str = "", **more: Any) -> None:
        """From now on mail goes there."""
        server = MailServer.of(box.url(scheme, login), SENDER)
        self.outside = replace(self.outside, mail=server, **more)


@pytest.fixture
async def desk(cities: Cities) -> Desk:
    """Everybody has all roles in their organisation, and an address."""
    async with cities.stage.sql() as sql:
        tenant_id = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
        # the figures' and other rooms' due work is none of these tests'
        await sql.execute("DELETE FROM tsunagari.work_due")
    made = Desk(cities, tenant_id, Outside(Vault.in_folder(Path(key_folder())), None, PLATFORM_URL))
    for name in NAMES:
        mine = (await cities.person(name).ask(MINE)).data
        made.people[name] = uuid.UUID(mine["me"]["id"].removeprefix("person_"))
        made.organisations[name] = uuid.UUID(mine["myOrganisation"]["id"].removeprefix("organisation_"))
        if name != "mori":
            await cities.person(name).do(
                SET_ROLES,
                organisationId=mine["myOrganisation"]["id"],
                personId=mine["me"]["id"],
                roles=ALL_ROLES,
            )
    async with cities.stage.sql() as sql:
        for name, person in made.people.items():
            await sql.execute("UPDATE tsunagari.person SET email = $2 WHERE id = $1", person, address(name))
    return made


def address(name: str) -> str:
    return f"{name}@mail.example"


@pytest.fixture
async def box(desk: Desk) -> AsyncGenerator[Mailbox]:
    """A mail server, to which the desk's mail goes."""
    async with mailbox() as made:
        desk.mailing(made)
        yield made

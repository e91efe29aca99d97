"""Fumi of こども食堂ひだまり, who has its mail and a telephone and no account; what she is sent and sees."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from libs.persistence.sealing.vault import Vault
from services.platform.notices.actions.letters import unseal
from tests.links import documents as links
from tests.pages.reading import Document, check_accessible
from tests.referrals.conftest import Loop
from tests.stage.tokens import key_folder

MAIL = "hidamari@example.jp"
LINKS = ("answer_link", "answer_link_answered")
CODE = re.compile(r"[0-9]{6}")


@dataclass
class Seen:
    """A page as it was answered."""

    status: int
    html: str
    headers: httpx.Headers

    @property
    def page(self) -> Document:
        return check_accessible(self.html)

    @property
    def text(self) -> str:
        return self.page.one("main").text

    @property
    def heading(self) -> str:
        return self.page.one("h1").text

    def hidden(self, name: str) -> str:
        return next(each.get("value") for each in self.page.all("input") if each.get("name") == name)


@dataclass
class Fumi:
    """Follows links and sends forms as a browser does; `waiting` and `code` are the two pages of her link."""

    http: httpx.AsyncClient
    waiting: str

    @property
    def code_page(self) -> str:
        return self.waiting.replace("/answer/", "/answer.code/")

    async def opens(self, path: str | None = None) -> Seen:
        return _seen(await self.http.get(path or self.waiting))

    async def sends(self, path: str, **form: str) -> Seen:
        """The form, and where it leads on to."""
        answer = await self.http.post(path, data=form)
        if answer.status_code == 303:  # see other
            return await self.opens(answer.headers["location"])
        return _seen(answer)

    async def asks_for_code(self) -> Seen:
        return await self.sends(self.waiting, send="yes")

    async def enters(self, code: str) -> Seen:
        return await self.sends(self.code_page, code=code)

    async def answers(self, opened: Seen, answer: str, **form: str) -> Seen:
        return await self.sends(self.code_page, page=opened.hidden("page"), answer=answer, **form)


@dataclass
class Office:
    """What the platform mailed, and a referral that waits for こども食堂ひだまり."""

    loop: Loop
    referral: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def id(self) -> str:
        return self.referral["id"]

    async def letters(self) -> list[tuple[str, str, dict[str, str]]]:
        """(template, address, values) in the order in which they were posted."""
        vault = Vault.in_folder(key_folder())
        async with self.loop.cities.stage.sql() as sql:
            rows = await sql.fetch(
                "SELECT tenant_id, id, kind, sealed FROM tsunagari.notice_delivery "
                "WHERE channel = 'letter' ORDER BY id"
            )
        opened = [
            (row["kind"], unseal(await vault.of_tenant(row["tenant_id"]), row["id"], row["sealed"]))
            for row in rows
        ]
        return [(kind, letter.to, letter.values) for kind, letter in opened]

    async def code(self) -> str:
        """The newest code that was mailed."""
        return [values["code"] for kind, _, values in await self.letters() if kind == "answer_link_code"][-1]

    async def link(self) -> Fumi:
        """The newest link that was mailed."""
        paths = [values["path"] for kind, _, values in await self.letters() if kind in LINKS]
        return Fumi(self.loop.cities.stage.http, paths[-1])

    async def sends_link(self, who: str = "ines", **more: Any) -> dict[str, Any]:
        version = (await self.read())["version"]
        return await self.loop.person(who).do(links.SEND_LINK, id=self.id, version=version, **more)

    async def fumi(self) -> Fumi:
        """With a link of her own."""
        sent = await self.sends_link()
        assert sent["__typename"] == "AnswerLinkPayload", sent
        return await self.link()

    async def opened(self) -> tuple[Fumi, Seen]:
        """With the referral open before her."""
        fumi = await self.fumi()
        await fumi.asks_for_code()
        return fumi, await fumi.enters(await self.code())

    async def read(self, who: str = "ines") -> dict[str, Any]:
        found = await self.loop.read(who, self.id)
        assert found is not None
        return found

    async def inbox(self) -> list[tuple[str, str]]:
        """What Ines was told: kinds, and of what."""
        said = await self.loop.person("ines").ask(links.INBOX)
        return [(each["kind"], each["about"]) for each in said.data["inbox"]["notices"]["nodes"]]

    async def log(self) -> list[dict[str, Any]]:
        said = await self.loop.person("ines").ask(links.ACCESS_LOG, id=self.id)
        entries: list[dict[str, Any]] = said.data["referral"]["accessLog"]
        return entries


async def registered(loop: Loop, name: str = "sato", email: str = MAIL) -> None:
    """The organisation's representative registers its work address."""
    mine = (await loop.person(name).ask("query { myOrganisation { id version } }")).data["myOrganisation"]
    edited = await loop.person(name).do(links.EDIT, **mine, workEmail=email)
    assert edited["organisation"]["workEmail"] == (email or None), edited


@pytest.fixture
async def office(loop: Loop) -> Office:
    """Ines has referred a person to こども食堂ひだまり, which has registered its mail."""
    await registered(loop)
    case = await loop.case()
    consent = await loop.consent(case, "sato")
    sent = await loop.sent(case, "sato", consent["id"], area="生駒市北部")
    return Office(loop, sent | {"case": case, "consent": consent})


def _seen(answer: httpx.Response) -> Seen:
    return Seen(answer.status_code, answer.text, answer.headers)

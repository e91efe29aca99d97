"""生駒市's page for people who ask for help: Hana's department reads what comes, Mori keeps the page."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from libs.persistence.roles import APP, WORKER
from libs.persistence.sealing.vault import Vault
from libs.persistence.worker import Worker
from services.platform.notices.sending.outside import Outside
from services.platform.worker import jobs
from tests.pages.reading import Document, check_accessible
from tests.referrals.conftest import Loop
from tests.requests import documents as said
from tests.stage.stage import Person
from tests.stage.tokens import key_folder

WORDS = "夜になると、だれにも話せないまま朝になります。"
NAME = "さくらもち八重"
CONTACT = "090-8765-4321 昼間だけ"
MORE = "きのうは少し眠れました。"
REPLY = "書いてくださってありがとう。木曜の午後にお会いできますか。"
SECRETS = (WORDS, NAME, "090-8765-4321", MORE, REPLY)

WEEKDAYS = ["MON", "TUE", "WED", "THU", "FRI"]
LINES: list[dict[str, Any]] = [
    {
        "name": "生駒市 ひとりで悩まない電話",
        "number": "0743-00-0001",
        "spans": [{"days": WEEKDAYS, "opens": "09:00:00", "closes": "17:00:00"}],
    },
    {
        "name": "夜の電話",
        "number": "0743-00-0002",
        "note": "通話料がかかります",
        "spans": [{"days": [*WEEKDAYS, "SAT", "SUN", "HOLIDAY"], "opens": "20:00:00", "closes": "06:00:00"}],
    },
]


@dataclass
class Phone:
    """A woman in 生駒 with her telephone's browser; she has no account and never needs one."""

    http: httpx.AsyncClient
    city: str = "ikoma"
    form: dict[str, str] = field(default_factory=dict[str, str])
    page: Document = field(default_factory=Document)
    last: httpx.Response | None = None

    @property
    def status(self) -> int:
        assert self.last is not None
        return self.last.status_code

    @property
    def text(self) -> str:
        return self.page.one("main").text

    async def open(self, name: str = "help", language: str = "ja") -> Document:
        return self._read(await self.http.get(f"/t/{self.city}/{name}", params={"lang": language}))

    async def send(self, number: int = 0, **fields: str) -> Document:
        """The form of the page as it stands there, with what she changes; like a browser sends it."""
        form = self.page.all("form")[number]
        sent = self._values(number) | fields
        headers = {"sec-fetch-site": "same-origin", "origin": "null"}
        return self._read(await self.http.post(form.get("action"), data=sent, headers=headers))

    async def ask(self, **fields: str) -> str:
        """Asks for help; the code that she notes down."""
        await self.open()
        await self.send(0, **({"words": WORDS, "name": NAME, "contact": CONTACT} | fields))
        assert self.status == 200, self.text
        (code,) = [each.text for each in self.page.all("p") if each.get("class") == "code"]
        return code

    async def come_back(self, code: str) -> Document:
        await self.open("help/answer")
        return await self.send(code=code)

    def _read(self, response: httpx.Response) -> Document:
        self.last = response
        self.page = check_accessible(response.text, "en" if "lang=en" in str(response.url) else "ja")
        return self.page

    def _values(self, number: int) -> dict[str, str]:
        begun = [at for at, each in enumerate(self.page.elements) if each.tag == "form"]
        ends = [*begun[1:], len(self.page.elements)]
        values: dict[str, str] = {}
        for each in self.page.elements[begun[number] : ends[number]]:
            if each.tag == "textarea":
                values[each.get("name")] = each.text.removeprefix("\n")
            elif each.tag == "input" and (each.get("type") != "radio" or "checked" in each.attributes):
                values[each.get("name")] = each.get("value")
        return values


@dataclass
class Desk:
    """The page, the people behind it, and the telephones in front of it."""

    loop: Loop
    phone: Phone

    @property
    def hana(self) -> Person:
        return self.loop.person("hana")

    async def keep_page(self, **changes: Any) -> dict[str, Any]:
        mori = self.loop.person("mori")
        version = (await mori.ask(said.PLATFORM)).data["platform"]["version"]
        return await mori.do(said.KEEP_PAGE, version=version, **changes)

    async def requests(self, name: str = "hana", **filters: str) -> list[dict[str, Any]]:
        found = (await self.loop.person(name).ask(said.REQUESTS, headers=None, **filters)).data[
            "helpRequests"
        ]
        assert found["totalCount"] == len(found["nodes"])
        return found["nodes"]

    async def the_request(self) -> dict[str, Any]:
        (found,) = await self.requests()
        return found

    async def reveal(self, name: str, identity: str, purpose: str = "") -> dict[str, Any]:
        return await self.loop.person(name).do(
            said.REVEAL, id=identity, purpose={"code": "SUPPORT", "text": purpose}
        )

    async def answer(self, text: str = REPLY) -> dict[str, Any]:
        request = await self.the_request()
        answered = await self.hana.do(said.ANSWER, id=request["id"], version=request["version"], text=text)
        assert answered["__typename"] == "HelpRequestPayload", answered
        return answered["helpRequest"]

    async def take(self, name: str = "hana", **more: Any) -> dict[str, Any]:
        request = await self.the_request()
        return await self.loop.person(name).do(
            said.TAKE, id=request["id"], version=request["version"], **more
        )

    async def told(self, name: str) -> list[str]:
        """The kinds of somebody's notices about requests, oldest first."""
        found = (await self.loop.person(name).ask(said.INBOX)).data["inbox"]["notices"]["nodes"]
        return [each["kind"] for each in reversed(found) if each["about"].startswith("request_")]

    async def work(self) -> int:
        """The worker does what is due."""
        stage = self.loop.cities.stage
        async with stage.database(WORKER) as claims, stage.database(APP) as tenants:
            outside = Outside(Vault.in_folder(key_folder()), None, "")
            return await Worker(claims, tenants, jobs(outside)).do_due()

    def move(self, **amount: float) -> None:
        self.loop.cities.stage.clock.move(**amount)

    def at(self, hour: int, minute: int = 0, weekday: int = 2) -> None:
        """Moves the clock to the next such time in Japan: a Wednesday, unless another day is asked for."""
        now = self.loop.cities.stage.clock() + timedelta(hours=9)
        then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        then += timedelta(days=(weekday - now.weekday()) % 7)
        self.loop.cities.stage.clock.offset += then - now + (timedelta(days=7) if then < now else timedelta())


@pytest.fixture
async def desk(loop: Loop) -> Desk:
    """Hana's department reads; two telephone lines stand on the page."""
    made = Desk(loop, Phone(loop.cities.stage.http))
    kept = await made.keep_page(
        deskId=loop.organisations["hana"], introduction="ひとりで抱えないでください。", lines=LINES
    )
    assert kept["__typename"] == "PlatformPayload", kept
    return made

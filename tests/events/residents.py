"""Residents of 生駒市 with a telephone's browser and no account; the worker, and what it mailed them."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from libs.persistence.roles import APP, WORKER
from libs.persistence.sealing.vault import Vault
from libs.persistence.worker import Worker
from services.platform.notices.actions.letters import unseal
from services.platform.notices.sending.outside import Outside
from services.platform.worker import jobs
from tests.pages.reading import Document, check_accessible
from tests.stage.cities import Cities
from tests.stage.tokens import key_folder

CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")
HEADERS = {"sec-fetch-site": "same-origin", "origin": "null"}


@dataclass
class Resident:
    """Opens pages and sends their forms as a browser does."""

    http: httpx.AsyncClient
    name: str
    email: str = ""
    telephone: str = ""
    city: str = "ikoma"
    code: str = field(default="", repr=False)
    html: str = ""
    status: int = 0

    @property
    def page(self) -> Document:
        return check_accessible(self.html)

    @property
    def text(self) -> str:
        return " ".join(self.page.one("main").text.split())

    async def open(self, path: str) -> str:
        return self._read(await self.http.get(f"/t/{self.city}/{path}"))

    async def register(self, event: str, **fields: Any) -> str:
        """The whole way: opens the event's page, fills its form, notes the code down."""
        await self.open(f"events/{event}")
        form = next(each for each in self.page.all("input") if each.get("name") == "form").get("value")
        return await self.send(f"events/{event}", form=form, **fields)

    async def send(self, path: str, **fields: Any) -> str:
        given = {"name": self.name, "email": self.email, "telephone": self.telephone, "count": "1"} | fields
        self._read(await self.http.post(f"/t/{self.city}/{path}", data=given, headers=HEADERS))
        if found := CODE.search(self.html):
            self.code = found[0].replace("-", "")
        return self.text

    async def mine(self, **fields: Any) -> str:
        """One's own page, or one of its forms sent."""
        path = f"events.place/{self.code}"
        return await (self.send(path, **fields) if fields else self.open(path))

    def _read(self, response: httpx.Response) -> str:
        self.html, self.status = response.text, response.status_code
        return self.text


async def work(cities: Cities) -> int:
    """The worker does what is due."""
    async with cities.stage.database(WORKER) as claims, cities.stage.database(APP) as tenants:
        outside = Outside(Vault.in_folder(key_folder()), None, "")
        return await Worker(claims, tenants, jobs(outside)).do_due()


async def letters(cities: Cities, to: str) -> list[str]:
    """The names of the letters posted to an address, oldest first; each holds what its words ask for."""
    vault = Vault.in_folder(key_folder())
    async with cities.stage.sql() as connection:
        rows = await connection.fetch(
            "SELECT tenant_id, id, kind, sealed FROM tsunagari.notice_delivery"
            " WHERE channel = 'letter' AND sealed IS NOT NULL ORDER BY id"
        )
    said = [
        (row["kind"], unseal(await vault.of_tenant(row["tenant_id"]), row["id"], row["sealed"]))
        for row in rows
    ]
    return [kind for kind, letter in said if letter.to == to]

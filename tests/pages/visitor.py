"""Somebody who opens the public pages of 生駒市 in one language; what they were shown is kept."""

from dataclasses import dataclass, field
from http import HTTPStatus

from typing_extensions import override

from tests.pages.reading import Document
from tests.requests.conftest import Phone

HEADERS = {"sec-fetch-site": "same-origin", "origin": "null"}


@dataclass
class Visitor(Phone):
    """`shown`: the HTML by a name of our own, of each page in each state that looks different."""

    language: str = "ja"
    shown: dict[str, str] = field(default_factory=dict[str, str])

    async def visit(self, name: str, path: str, status: int = HTTPStatus.OK) -> Document:
        return self._kept(name, await self.open(path, self.language), status)

    async def fill(
        self, page: str, form: int = 0, /, *, status: int = HTTPStatus.OK, **fields: str
    ) -> Document:
        """Sends a form of the page that is open."""
        return self._kept(page, await self.send(form, **fields), status)

    @property
    def code(self) -> str:
        """The one that the open page shows, and no other will."""
        (code,) = [each.text for each in self.page.all("p") if each.get("class") == "code"]
        return code

    @override
    async def send(self, number: int = 0, /, **fields: str) -> Document:
        """Likewise, going on to where the answer leads."""
        action, sent = self.page.all("form")[number].get("action"), self._values(number) | fields
        return self._read(await self.http.post(action, data=sent, headers=HEADERS, follow_redirects=True))

    def _kept(self, name: str, page: Document, status: int) -> Document:
        assert self.last is not None
        assert self.status == status, (name, self.status, self.text)
        self.shown[f"{name} ({self.language})"] = self.last.text
        return page

"""What a page is asked: whose platform, in which language, with which form."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlencode

from libs.serving.asgi import Scope
from libs.serving.pages.forms import Form
from libs.serving.responses import Response
from libs.serving.service import Language

LANGUAGE: Final = "lang"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`tenant` is the platform's name in the URL, `key` the last part of the path where the page takes one.

    `name` is the page's own below the tenant ("help/answer"); `form` is empty for what is only read.
    """

    tenant: str
    name: str
    key: str | None = field(repr=False)
    language: Language
    form: Form
    # who sent it, for nobody but who bounds floods: in no log, no repr, no table
    peer: str | None = field(default=None, repr=False)
    headers: Sequence[tuple[bytes, bytes]] = field(default=(), repr=False)

    @property
    def action(self) -> str:
        """Where this page's own form is sent."""
        return self.here(self.language)

    def here(self, language: Language) -> str:
        """This very page in a language."""
        return self.at(self.name if self.key is None else self.name + self.key, language)

    def at(self, name: str, language: Language | None = None) -> str:
        """Another page of the same platform, in the same language unless another is given."""
        query = urlencode({LANGUAGE: "en"}) if (language or self.language) == "en" else ""
        return f"/t/{self.tenant}/{name}" + (f"?{query}" if query else "")

    def say(self, ja: str, en: str) -> str:
        """The text in the reader's language."""
        return ja if self.language == "ja" else en


Handler = Callable[[PageRequest], Awaitable[Response]]


def page_request(scope: Scope, form: Form) -> PageRequest:
    """Of a scope in whose path_params the routes have put tenant, name and key."""
    place: dict[str, str | None] = scope["path_params"]
    return PageRequest(
        tenant=place["tenant"] or "",
        name=place["name"] or "",
        key=place.get("key"),
        language=language_of(scope),
        form=form,
        peer=client[0] if (client := scope.get("client")) else None,
        headers=tuple(scope["headers"]),
    )


def language_of(scope: Scope) -> Language:
    """Japanese, unless the URL says lang=en."""
    query = scope["query_string"].decode("latin-1")
    try:
        said = dict(parse_qsl(query, max_num_fields=20))
    except ValueError:  # more fields than anybody's link has
        return "ja"
    return "en" if said.get(LANGUAGE) == "en" else "ja"

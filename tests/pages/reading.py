"""A page as somebody meets it with a screen reader and a keyboard: read by the standard library's parser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

from typing_extensions import override

Attributes = dict[str, str | None]
VOID = {"meta", "link", "input", "br", "hr", "img"}


@dataclass
class Element:
    tag: str
    attributes: Attributes
    text: str = ""

    def get(self, name: str) -> str:
        return self.attributes.get(name) or ""


@dataclass
class Document:
    """The page's elements in their order, each with the text inside it."""

    elements: list[Element] = field(default_factory=list[Element])
    unclosed: list[str] = field(default_factory=list[str])

    def all(self, *tags: str) -> list[Element]:
        return [each for each in self.elements if each.tag in tags]

    def one(self, tag: str) -> Element:
        (found,) = self.all(tag)
        return found

    def by_id(self, identity: str) -> Element:
        (found,) = [each for each in self.elements if each.get("id") == identity]
        return found

    def fields(self) -> list[Element]:
        return [each for each in self.all("input", "textarea", "select") if each.get("type") != "hidden"]

    def stops(self) -> list[Element]:
        """Where the tabulator key stops, in order."""
        return [
            each
            for each in self.all("a", "button", "input", "textarea", "select")
            if each.get("type") != "hidden"
        ]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self._open: list[Element] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs), f"an attribute of <{tag}> is there twice"
        self.document.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop().tag == tag, f"</{tag}> closes another element"

    @override
    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def finish(self) -> Document:
        self.close()
        assert self._open == []
        return self.document


def read(html: str) -> Document:
    """Raises AssertionError for elements that are not closed in order."""
    parser = _Parser()
    parser.feed(html)
    return parser.finish()


def check_accessible(html: str, language: str = "ja") -> Document:
    """What every page must keep: language, title, headings in order, a label for each field, no script."""
    page = read(html)
    assert html.startswith("<!DOCTYPE html>")
    assert page.one("html").get("lang") == language
    assert page.all("title")[0].text.strip()
    assert "width=device-width" in html
    assert "user-scalable" not in html
    assert [each.tag for each in page.all("script", "iframe", "img", "style")] == []
    assert [name for each in page.elements for name in each.attributes if name.startswith("on")] == []
    assert [each for each in page.elements if "style" in each.attributes] == []
    _check_headings(page)
    _check_landmarks(page)
    _check_names(page)
    return page


def _check_headings(page: Document) -> None:
    levels = [int(each.tag[1]) for each in page.all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def _check_landmarks(page: Document) -> None:
    assert page.one("main").get("id") == "main"
    assert page.stops()[0].get("href") == "#main", "the first stop skips to the content"
    assert all(int(each.get("tabindex") or 0) <= 0 for each in page.elements), "the order is the page's own"


def _check_names(page: Document) -> None:
    identities = [each.get("id") for each in page.elements if each.get("id")]
    assert len(identities) == len(set(identities))
    for drawn in page.all("svg"):
        assert drawn.get("role") == "img"
        assert all(page.by_id(named).text.strip() for named in drawn.get("aria-labelledby").split())
        assert drawn.get("aria-labelledby"), "a picture says what it shows"
    labelled = {each.get("for"): each.text.strip() for each in page.all("label")}
    for each in page.fields():
        assert labelled.get(each.get("id")), f"{each.get('name')} has no label"
        for described in each.get("aria-describedby").split():
            assert described in identities
    for each in page.all("a", "button", "legend"):
        assert each.text.strip(), f"<{each.tag}> has no name"
    for each in page.all("a"):
        target = each.get("href")
        away = each.get("rel") == "external noreferrer"  # said so, and telling nobody where from
        assert away or target.startswith(("/t/", "tel:", "#")), f"{target} leads away"
        assert not target.startswith("#") or target[1:] in identities

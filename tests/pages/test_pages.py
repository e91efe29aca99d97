"""The base of all pages, by a small one about tea: forms, errors, headers, and who may send what."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import asyncpg
import httpx
import pytest
from litestar import Litestar

from libs.errors.problems import NotFound
from libs.observability.metrics import Metrics
from libs.observability.requests import OUTCOMES
from libs.serving.pages.endpoint import MOST_BYTES, html_page
from libs.serving.pages.requests import PageRequest
from libs.serving.pages.stylesheet import NAME, stylesheet
from libs.serving.pages.templates import Templates, see_other
from libs.serving.responses import Response
from libs.serving.routes import graphql_routes
from libs.serving.transport import Transport
from tests.pages.reading import check_accessible, read
from tests.serving.engine import SmallEngine
from tests.stage.log_watch import own_lines

PATH = "/t/ikoma/tea"
SECRET = "planted8842"
TEMPLATES = Templates.of("tests.pages")
STYLE = Path("libs/serving/static/pages.css").read_text(encoding="utf-8")
EMPTY = {"name": "", "words": "", "cup": "green"}


async def show(request: PageRequest) -> Response:
    return TEMPLATES.page(request, "tea.html", **EMPTY)


async def take(request: PageRequest) -> Response:
    form = request.form
    given = {"name": form.text("name"), "words": form.text("words"), "cup": form.text("cup")}
    match given["words"]:
        case "":
            wrong = {"words": request.say("ひとことを入力してください。", "Write something.")}
            return TEMPLATES.page(request, "tea.html", status=400, errors=wrong, **given)
        case "gone":
            raise NotFound
        case "broken":
            raise ValueError(SECRET)
        case "away":
            raise asyncpg.PostgresConnectionError
        case "stay":
            return TEMPLATES.page(request, "tea.html", **given)
        case _:
            return see_other(request.at("tea/thanks"))


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    tea = html_page(show, take)
    pages = {"tea": tea, "tea/thanks": html_page(show), "tea/": tea, **stylesheet()}
    routes = graphql_routes(Transport(SmallEngine(), Metrics(OUTCOMES)), pages)
    app = Litestar([*routes], logging_config=None, openapi_config=None)
    transport = httpx.ASGITransport(cast("Any", app))
    async with httpx.AsyncClient(transport=transport, base_url="https://tsunagari.test") as client:
        yield client


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_page_can_be_read_by_everybody(browser: httpx.AsyncClient, language: str) -> None:
    shown = await browser.get(PATH, params={"lang": language})
    page = check_accessible(shown.text, language)
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert page.one("h1").text == page.one("title").text == ("お茶の会" if language == "ja" else "Tea")
    assert [each.get("name") for each in page.fields()] == ["name", "words", "cup", "cup", "sweet"]


async def test_headers_shut_everything_that_the_page_does_not_need(browser: httpx.AsyncClient) -> None:
    headers = (await browser.get(PATH)).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers


async def test_the_stylesheet_is_kept_for_ever_under_its_own_name(browser: httpx.AsyncClient) -> None:
    page = read((await browser.get(PATH)).text)
    (link,) = page.all("link")
    assert link.get("href") == f"/t/ikoma/{NAME}"
    style = await browser.get(link.get("href"))
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in style.headers["cache-control"]
    assert "@media print" in style.text
    assert "url(" not in style.text


async def test_a_form_leads_on_and_cannot_be_sent_twice_by_reloading(browser: httpx.AsyncClient) -> None:
    sent = await browser.post(PATH, data={"words": "こんにちは"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/t/ikoma/tea/thanks")
    english = await browser.post(f"{PATH}?lang=en", data={"words": "hello"})
    assert english.headers["location"] == "/t/ikoma/tea/thanks?lang=en"


async def test_errors_stand_at_the_top_and_at_the_field_and_nothing_typed_is_lost(
    browser: httpx.AsyncClient,
) -> None:
    refused = await browser.post(PATH, data={"name": '<b>"Ines"</b>', "words": "", "cup": "black"})
    page = check_accessible(refused.text)
    assert refused.status_code == 400
    assert page.one("title").text.startswith("入力の誤り")
    assert "#words" in [each.get("href") for each in page.all("a")]
    words = page.by_id("words")
    assert (words.get("aria-invalid"), words.get("aria-describedby")) == ("true", "words-error")
    assert page.by_id("words-error").text == "ひとことを入力してください。"
    assert page.by_id("name").get("value") == '<b>"Ines"</b>'
    assert [each.get("value") for each in page.fields() if "checked" in each.attributes] == ["black"]


async def test_line_breaks_and_marks_come_back_as_they_were_typed(browser: httpx.AsyncClient) -> None:
    again = await browser.post(PATH, data={"words": "stay", "name": "</textarea>&amp;'\"{{ 7*7 }}"})
    assert read(again.text).by_id("name").get("value") == "</textarea>&amp;'\"{{ 7*7 }}"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "https://tsunagari.test"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "https://tsunagari.test"}, 303),
        ({"origin": "null"}, 303),
        ({"origin": "https://elsewhere.test"}, 403),
        ({"origin": "https://tsunagari.test.elsewhere.test"}, 403),
        ({"origin": "https://[half"}, 403),
        ({}, 303),
    ],
)
async def test_whose_form_is_taken(browser: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    sent = await browser.post(PATH, data={"words": "こんにちは"}, headers=headers)
    assert sent.status_code == status


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"words=" + quote("こんにちは", encoding="cp932").encode(), None, 400),
        ("words=こんにちは".encode("cp932"), None, 400),
        (b"words=%ff%fe", None, 400),
        (b"words=%00", None, 400),
        (b"words=a&words=b", None, 400),
        (b"&".join(b"f%d=1" % number for number in range(100)), None, 400),
        (b"words=" + b"a" * MOST_BYTES, None, 413),
        (b'{"words": "a"}', b"application/json", 415),
        (b"words=a", b"text/plain", 415),
        (b"words=a", b"multipart/form-data; boundary=x", 415),
        (b"", None, 400),
    ],
)
async def test_what_is_no_form_is_answered_by_a_page(
    browser: httpx.AsyncClient, body: bytes, media: bytes | None, status: int
) -> None:
    headers = {"content-type": (media or b"application/x-www-form-urlencoded; charset=UTF-8").decode()}
    answer = await browser.post(PATH, content=body, headers=headers)
    assert answer.status_code == status
    check_accessible(answer.text)


async def test_a_compressed_body_is_not_taken(browser: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded", "content-encoding": "gzip"}
    assert (await browser.post(PATH, content=b"words=a", headers=headers)).status_code == 415


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [("gone", 404, "見つかりません"), ("broken", 500, "お問い合わせ番号"), ("away", 503, "混み合って")],
)
async def test_what_goes_wrong_is_a_page_and_the_log_has_no_text_of_it(
    browser: httpx.AsyncClient, words: str, status: int, said: str
) -> None:
    answer = await browser.post(f"/t/ikoma/tea/{SECRET}", data={"words": words, "name": SECRET})
    page = check_accessible(answer.text)
    assert answer.status_code == status
    assert said in page.one("main").text
    assert not any(SECRET in line for line in own_lines())
    assert any('"page"' in line and f'"status":{status}' in line for line in own_lines())


async def test_methods_and_paths_that_are_not_there(browser: httpx.AsyncClient) -> None:
    refused = await browser.post("/t/ikoma/tea/thanks", data={"words": "a"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST")
    assert (await browser.put(PATH, content=b"")).status_code == 405
    assert (await browser.head(PATH)).status_code == 200
    assert (await browser.get("/t/ikoma/teas")).status_code == 404
    assert (await browser.get("/t/ikoma/tea/a/b")).status_code == 404


async def test_a_page_may_take_one_more_part_of_the_path(browser: httpx.AsyncClient) -> None:
    shown = await browser.get("/t/ikoma/tea/AbC_1-2")
    page = check_accessible(shown.text)
    assert page.by_id("key").text == "AbC_1-2"
    assert page.one("form").get("action") == "/t/ikoma/tea/AbC_1-2"
    assert read((await browser.get("/t/ikoma/tea/thanks")).text).by_id("key").text == ""


def test_every_pair_of_colours_has_contrast_enough() -> None:
    """WCAG 2.2, 1.4.6: seven to one for text; 1.4.11: three to one for a field's border."""
    for colours in _schemes():
        for text, ground in (("ink", "paper"), ("ink", "soft"), ("deep", "paper"), ("wrong", "paper")):
            assert _contrast(colours[text], colours[ground]) >= 7, (text, ground)
        assert _contrast(colours["line"], colours["paper"]) >= 3
        assert _contrast(colours["button"], colours["deep"]) >= 7


def _schemes() -> list[dict[str, str]]:
    """The colours of the stylesheet itself, by day and by night."""
    light, dark = re.findall(r":root {(.*?--ink: .*?)}", STYLE.split("@media print")[0])
    return [_colours(light) | {"button": "#fff"}, _colours(dark) | {"button": "#0b1a2b"}]


def _colours(text: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#\w+)", text))


def _contrast(one: str, other: str) -> float:
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

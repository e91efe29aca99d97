"""Floods, guesses and an absent database: nobody is turned away silently, and what was written stays."""

from datetime import UTC, datetime

import pytest

from libs.serving.pages.forms import Form
from libs.serving.pages.requests import PageRequest
from libs.serving.pages.senders import Senders
from libs.serving.problems import RateLimited
from libs.serving.visitors import Visitors
from services.platform.requests.actions.rates import MOST_WRONG_CODES
from services.platform.requests.web.ask import MOST_OF_ONE
from tests.referrals.test_secrets import everything
from tests.requests.conftest import MORE, WORDS, Desk, Phone
from tests.stage.log_watch import own_lines
from tests.stage.stage import staged_on

NOON = datetime(2026, 11, 28, 3, tzinfo=UTC)
WRONG = "7K3M-2Q9T-7K3M-2Q9T"


async def test_beyond_the_bound_the_page_keeps_the_words_and_says_when(desk: Desk) -> None:
    await desk.keep_page(mostSent=3)
    for _ in range(3):
        await desk.phone.ask()
    await desk.phone.open()
    page = await desk.phone.send(words=WORDS, name="さくら")
    assert desk.phone.status == 429
    assert 0 < int(desk.phone.last.headers["retry-after"]) <= 600  # pyright: ignore[reportOptionalMemberAccess] - it was sent
    assert "分ほどしてから" in page.by_id("words-error").text
    assert page.by_id("words").text.strip() == WORDS
    assert page.by_id("name").get("value") == "さくら"
    assert "tel:0743000001" in [each.get("href") for each in page.all("a")]
    assert len(await desk.requests()) == 3
    desk.move(minutes=11)
    await desk.phone.send()
    assert desk.phone.status == 200
    assert len(await desk.requests()) == 4


async def test_one_sender_never_fills_the_page_and_is_told_when_to_come_again(desk: Desk) -> None:
    """Known by the proxy's own word, the last: what somebody forged before it changes nothing."""
    stage = desk.loop.cities.stage
    await desk.keep_page(mostSent=100)
    async with staged_on(stage.name, stage.clock, address_from="x-real-ip") as behind_a_proxy:
        phone = Phone(behind_a_proxy.http)
        for number in range(MOST_OF_ONE):
            phone.http.headers["x-real-ip"] = f"192.0.2.{number}, 203.0.113.1"
            await phone.ask()
        await phone.open()
        page = await phone.send(words=WORDS)
        assert phone.status == 429
        assert phone.last is not None
        assert 0 < int(phone.last.headers["retry-after"]) <= 600
        assert "分ほどしてから" in page.by_id("words-error").text
        assert page.by_id("words").text.strip() == WORDS
        assert "tel:0743000001" in [each.get("href") for each in page.all("a")]
        phone.http.headers["x-real-ip"] = "203.0.113.2"
        await phone.send(words=WORDS)
        assert phone.status == 200, "another one is not kept out"
        phone.http.headers["x-real-ip"] = "203.0.113.1"
        desk.move(minutes=11)
        await phone.ask()
        assert phone.status == 200
    async with stage.sql() as sql:
        tables = str(await everything(sql))
    assert "203.0.113." not in tables + "\n".join(own_lines())


@pytest.mark.parametrize("source", [None, "peer", "x-real-ip"])
def test_whose_word_is_taken(source: str | None) -> None:
    """Without a source nobody is counted; an IPv6 home is one sender, what is no address is none."""
    senders = Senders(source, 1, lambda: NOON)

    def sent(peer: str, header: bytes) -> bool:
        try:
            senders.admit(PageRequest("ikoma", "help", None, "ja", Form(), peer, ((b"X-Real-IP", header),)))
        except RateLimited:
            return False
        return True

    assert [sent("2001:db8::1", b"192.0.2.1"), sent("2001:db8::2", b"192.0.2.2")] == [True, source != "peer"]
    assert sent("192.0.2.9", b"192.0.2.2") is (source != "x-real-ip")
    assert all(sent("unix:", b"unknown") for _ in range(3))


async def test_another_citys_flood_is_not_ours(desk: Desk) -> None:
    await desk.keep_page(mostSent=1)
    await desk.phone.ask()
    async with desk.loop.cities.stage.sql() as sql:
        rows = await sql.fetch("SELECT sent FROM tsunagari.help_rate")
    assert [row["sent"] for row in rows] == [1]


async def test_guesses_are_bounded_and_keep_nobody_out(desk: Desk) -> None:
    phone = desk.phone
    code = await phone.ask()
    for _ in range(MOST_WRONG_CODES):
        await phone.come_back(WRONG)
        assert phone.status == 404
    await phone.come_back(WRONG)
    assert (phone.status, "分ほどしてから" in phone.text) == (429, True)
    async with desk.loop.cities.stage.sql() as sql:
        assert await sql.fetchval("SELECT wrong_codes FROM tsunagari.help_rate") == MOST_WRONG_CODES
    await phone.come_back(code)
    assert (phone.status, WORDS in phone.text) == (200, True)
    desk.move(minutes=11)
    await phone.come_back(WRONG)
    assert phone.status == 404


@pytest.mark.parametrize("trouble", [RateLimited(120), ConnectionRefusedError()])
async def test_the_numbers_stand_there_while_the_database_is_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    phone = desk.phone
    page = await phone.open()

    async def away(*_: object, **__: object) -> None:
        raise trouble

    with monkeypatch.context() as patch:
        patch.setattr(Visitors, "act", away)
        await phone.open()
        assert phone.status == 200
        assert "tel:0743000001" in [each.get("href") for each in phone.page.all("a")]
        phone.page = page
        await phone.send(words=WORDS)
        assert phone.status in {429, 503}
        assert phone.page.by_id("words").text.strip() == WORDS
        await phone.come_back("7K3M-2Q9T-7K3M-2Q9T")
        assert phone.status in {429, 503}
    await phone.open()
    await phone.send(words=WORDS)
    assert phone.status == 200


async def test_a_platform_never_seen_says_so_while_the_database_is_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(Visitors, "act", away)
    await desk.phone.open()
    assert desk.phone.status == 503


async def test_what_is_no_form_is_refused_on_a_page(desk: Desk) -> None:
    http = desk.phone.http
    form = {"content-type": "application/x-www-form-urlencoded"}
    broken = await http.post("/t/ikoma/help", content="words=つらい".encode("cp932"), headers=form)
    assert broken.status_code == 400
    huge = await http.post("/t/ikoma/help", content=b"words=" + b"a" * 200_000, headers=form)
    assert huge.status_code == 413
    foreign = await http.post(
        "/t/ikoma/help", data={"words": WORDS}, headers={"sec-fetch-site": "cross-site"}
    )
    assert foreign.status_code == 403
    assert await desk.requests() == []


async def test_a_correspondence_has_an_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.platform.requests.actions.returning.MOST_TEXTS", 4)
    phone = desk.phone
    await phone.come_back(await phone.ask())
    await phone.send(words=MORE)
    assert phone.status == 200
    page = await phone.send(words="もう一度")
    assert (phone.status, page.by_id("words").text.strip()) == (400, "もう一度")


async def test_the_log_names_the_page_and_nothing_of_hers(desk: Desk) -> None:
    code = await desk.phone.ask()
    await desk.phone.come_back(code)
    lines = "\n".join(own_lines())
    assert '"page":"help/answer"' in lines
    for secret in (WORDS, code, code.replace("-", ""), "090-8765-4321"):
        assert secret not in lines

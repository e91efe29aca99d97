"""A woman in 生駒 asks for help on her telephone, without account and without a name, and comes back."""

import re

import pytest

from tests.requests.conftest import CONTACT, MORE, NAME, REPLY, WORDS, Desk, Phone


async def test_she_finds_numbers_first_and_then_the_form(desk: Desk) -> None:
    desk.at(10)
    page = await desk.phone.open()
    targets = [each.get("href") for each in page.stops()]
    assert targets[0] == "#main"
    numbers = ["tel:110", "tel:119", "tel:0743000001", "tel:0743000002"]
    assert [each for each in targets if each.startswith("tel:")] == numbers
    names = [each.get("name") for each in page.fields()]
    assert names == ["about", "about", "words", "name", "contact"]
    assert [each.get("name") for each in page.fields() if "required" in each.attributes] == ["words"]
    stops = [each.tag for each in page.stops()]
    assert stops.index("textarea") > targets.index("tel:0743000002"), "the numbers come before the form"
    assert "いのちの危険があるときは" in desk.phone.text
    assert "ひとりで抱えないでください。" in desk.phone.text
    assert "生駒市福祉総務課" in desk.phone.text


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_both_languages_are_whole(desk: Desk, language: str) -> None:
    await desk.phone.open(language=language)
    assert ("Ask for help" in desk.phone.text) == (language == "en")
    await desk.phone.open("help/answer", language)
    assert ("Read the answer" in desk.phone.text) == (language == "en")


async def test_she_writes_comes_back_reads_and_writes_again(desk: Desk) -> None:
    phone = desk.phone
    code = await phone.ask()
    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
    await phone.come_back(code)
    assert "まだ読まれていません" in phone.text
    assert WORDS in phone.text
    await desk.reveal("hana", (await desk.the_request())["id"])
    await phone.come_back(code)
    assert "担当者が読みました" in phone.text
    await desk.answer()
    await phone.come_back(code)
    assert "答えが届いています" in phone.text
    assert REPLY in phone.text
    await phone.send(words=MORE)
    assert MORE in phone.text
    assert (await desk.the_request())["state"] == "WAITING"
    texts = (await desk.reveal("hana", (await desk.the_request())["id"]))["texts"]
    assert [(each["author"], each["part"], each["text"]) for each in texts] == [
        ("PERSON", "WORDS", WORDS),
        ("PERSON", "NAME", NAME),
        ("PERSON", "CONTACT", CONTACT),
        ("DESK", "WORDS", REPLY),
        ("PERSON", "WORDS", MORE),
    ]


async def test_nameless_and_for_somebody_else(desk: Desk) -> None:
    await desk.phone.ask(name="", contact="", about="other")
    request = await desk.the_request()
    assert request["about"] == "OTHER"
    texts = (await desk.reveal("hana", request["id"]))["texts"]
    assert [each["part"] for each in texts] == ["WORDS"]


async def test_the_code_is_typed_as_people_type(desk: Desk) -> None:
    phone = desk.phone
    code = await phone.ask()
    plain = code.replace("-", "")
    spellings = [
        code.lower(),
        f" {plain} ",
        " ".join(plain),
        plain.translate({ord(c): ord(c) + 0xFEE0 for c in plain}),
        code.replace("-", "－").replace("0", "O").replace("1", "l"),
    ]
    for spelling in spellings:
        await phone.come_back(spelling)
        assert WORDS in phone.text, spelling


async def test_sent_twice_it_is_one_request_and_the_code_last_seen_opens_it(desk: Desk) -> None:
    phone = desk.phone
    page = await phone.open()
    await phone.send(words=WORDS)
    first = [each.text for each in phone.page.all("p") if each.get("class") == "code"]
    phone.page = page
    await phone.send(words=WORDS)
    second = [each.text for each in phone.page.all("p") if each.get("class") == "code"]
    assert first != second
    assert len(await desk.requests()) == 1
    await phone.come_back(second[0])
    assert WORDS in phone.text
    await phone.come_back(first[0])
    assert phone.status == 404
    phone.page = page
    await phone.send(words=WORDS + "もうひとつ")
    assert len(await desk.requests()) == 2


async def test_the_same_words_added_twice_stand_once(desk: Desk) -> None:
    phone = desk.phone
    page = await phone.come_back(await phone.ask())
    for _ in range(2):
        phone.page = page
        await phone.send(words=MORE)
    assert phone.text.count(MORE) == 1


async def test_she_takes_it_back_and_it_is_gone(desk: Desk) -> None:
    phone = desk.phone
    code = await phone.ask()
    await phone.come_back(code)
    await phone.send(2)
    assert "よろしいですか" in phone.text
    assert (await desk.the_request())["state"] == "WAITING", "asking whether changes nothing"
    await phone.send(2)
    assert "取り下げました" in phone.text
    assert await desk.work() == 1
    request = await desk.the_request()
    assert (request["state"], request["erasedAt"] is None) == ("WITHDRAWN", False)
    refused = await desk.reveal("hana", request["id"])
    assert (refused["__typename"], refused["state"]) == ("WrongState", "erased")
    await phone.come_back(code)
    assert "消去されています" in phone.text
    assert WORDS not in phone.text
    assert phone.page.all("form") == []


async def test_nothing_written_is_told_at_the_field(desk: Desk) -> None:
    phone = desk.phone
    await phone.open()
    page = await phone.send(words="  ", name="あ" * 300, about="")
    assert phone.status == 400
    for name in ("words", "name", "about"):
        assert f"#{name}" in [each.get("href") for each in page.all("a")]
        assert page.by_id(f"{name}-error").text
    assert page.by_id("words").get("aria-invalid") == "true"
    assert page.by_id("name").get("value") == "あ" * 300
    await phone.send(words=WORDS, name="", about="self")
    assert phone.status == 200


async def test_too_many_characters_stay_in_the_form(desk: Desk) -> None:
    await desk.phone.open()
    page = await desk.phone.send(words="あ" * 4_001)
    assert desk.phone.status == 400
    assert page.by_id("words").text.strip() == "あ" * 4_001
    assert "4000文字以内" in page.by_id("words-error").text


async def test_a_code_that_is_none_and_one_that_opens_nothing(desk: Desk) -> None:
    phone = desk.phone
    await phone.come_back("7K3M")
    assert (phone.status, "16文字" in phone.text) == (400, True)
    await phone.come_back("7K3M-2Q9T-7K3M-2Q9T")
    assert (phone.status, "見つかりません" in phone.text) == (404, True)
    assert phone.page.by_id("code").get("value") == "7K3M-2Q9T-7K3M-2Q9T"


async def test_another_citys_code_opens_nothing_and_is_told_no_other_way(desk: Desk) -> None:
    code = await desk.phone.ask()
    there = Phone(desk.phone.http, "takamatsu")
    await there.come_back(code)
    elsewhere, status = there.text, there.status
    await there.come_back("7K3M-2Q9T-7K3M-2Q9T")
    assert (there.status, there.text) == (status, elsewhere)


async def test_a_city_that_is_none(desk: Desk) -> None:
    nowhere = Phone(desk.phone.http, "nowhere")
    await nowhere.open()
    assert nowhere.status == 404


async def test_where_no_desk_reads_the_numbers_still_stand(desk: Desk) -> None:
    phone = desk.phone
    page = await phone.open()
    assert (await desk.keep_page(deskId=None))["__typename"] == "PlatformPayload"
    await phone.open()
    assert phone.page.all("form") == []
    assert "tel:0743000001" in [each.get("href") for each in phone.page.all("a")]
    phone.page = page
    await phone.send(words=WORDS)
    assert phone.status == 409
    assert WORDS in phone.text, "what was written can still be copied"


async def test_a_desk_that_everybody_left_is_none(desk: Desk) -> None:
    async with desk.loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.membership SET roles = '{representative}'")
    page = await desk.phone.open()
    assert page.all("form") == []


async def test_the_form_that_she_sends_again_after_the_answer_is_the_same_request(desk: Desk) -> None:
    """Going back and sending it once more, she gets another code to the same request, and is not lost."""
    phone = desk.phone
    await phone.open()
    first, form = phone.page, {"words": WORDS, "name": NAME, "contact": CONTACT}
    await phone.send(0, **form)
    await desk.answer()
    phone.page = first
    await phone.send(0, **form)
    assert phone.status == 200
    (code,) = [each.text for each in phone.page.all("p") if each.get("class") == "code"]
    await phone.come_back(code)
    assert REPLY in phone.text
    assert len(await desk.requests()) == 1


async def test_the_form_that_she_sends_again_after_taking_it_back_is_a_new_request(desk: Desk) -> None:
    phone = desk.phone
    await phone.open()
    first, form = phone.page, {"words": WORDS, "name": "", "contact": ""}
    await phone.send(0, **form)
    (code,) = [each.text for each in phone.page.all("p") if each.get("class") == "code"]
    await phone.come_back(code)
    await phone.send(2)
    await phone.send(2)
    assert "取り下げました" in phone.page.one("h1").text
    phone.page = first
    await phone.send(0, **form)
    assert phone.status == 409
    assert WORDS in [each.text.removeprefix("\n") for each in phone.page.all("textarea")]
    await phone.send(0)
    assert phone.status == 200
    assert sorted(each["state"] for each in await desk.requests()) == ["WAITING", "WITHDRAWN"]

"""From the mail to the answer."""

from datetime import timedelta
from typing import Any

from tests.links import documents as links
from tests.links.conftest import MAIL, Office
from tests.referrals.conftest import ADDRESS, ASK, CONSTRAINTS, NAME, NARRATIVE, SAFETY, SECRETS
from tests.rights.conftest import EXPORT_LOG, WORKSHEET

ABOVE_L2 = (NAME, ADDRESS, SAFETY)


async def test_the_link_and_the_code_go_to_the_registered_address_and_tell_nothing(office: Office) -> None:
    fumi = await office.fumi()
    await fumi.asks_for_code()
    letters = await office.letters()
    assert [(kind, to) for kind, to, _ in letters] == [("answer_link", MAIL), ("answer_link_code", MAIL)]
    assert not any(text in str(letters) for text in (*SECRETS, ASK, "生駒市北部"))


async def test_looking_shows_nothing_of_the_referral(office: Office) -> None:
    fumi = await office.fumi()
    for path in (fumi.waiting, fumi.code_page):
        seen = await fumi.opens(path)
        assert seen.status == 200
        assert not any(text in seen.html for text in (*SECRETS, ASK, "生駒市北部"))
        assert seen.headers["referrer-policy"] == "no-referrer"
        assert seen.headers["cache-control"] == "no-store"


async def test_the_right_code_opens_l1_and_l2_and_nothing_above(office: Office) -> None:
    _, opened = await office.opened()
    assert opened.status == 200
    for text in (ASK, "居場所・つながり", "生駒市北部", NARRATIVE, CONSTRAINTS):
        assert text in opened.text
    assert not any(text in opened.html for text in ABOVE_L2)


async def test_the_access_log_tells_of_the_organisation_and_of_no_person(office: Office) -> None:
    await office.opened()
    assert await office.log() == [
        {
            "level": "L2",
            "basis": "CONSENT",
            "byLink": True,
            "purposeCode": "SUPPORT",
            "person": None,
            "organisation": {"name": "こども食堂ひだまり"},
        }
    ]


async def test_accepting_is_the_same_step_as_in_the_platform(office: Office) -> None:
    fumi, opened = await office.opened()
    done = await fumi.answers(opened, "accept")
    assert done.heading == "回答を受け付けました"
    after = await office.read()
    assert after["state"] == "ACCEPTED"
    newest = after["history"][0]
    assert (newest["toState"], newest["actor"]) == ("ACCEPTED", None)
    assert newest["organisation"] == {"name": "こども食堂ひだまり"}
    in_app = await office.loop.reveal("sato", office.id, "L3")
    assert in_app["personName"] == NAME


async def test_the_sender_is_told(office: Office) -> None:
    fumi, opened = await office.opened()
    await fumi.answers(opened, "accept")
    assert ("LINK_USED", office.id) in await office.inbox()


async def test_the_audit_says_that_it_was_by_a_link(office: Office) -> None:
    fumi, opened = await office.opened()
    await fumi.answers(opened, "accept")
    async with office.loop.cities.stage.sql() as sql:
        rows = await sql.fetch(
            "SELECT person_id, codes->>'step' AS step, codes->>'link' AS link FROM tsunagari.audit_entry "
            "WHERE action = 'answer_by_link'"
        )
        (link,) = await sql.fetch("SELECT id, end_code FROM tsunagari.answer_link")
    assert [tuple(row) for row in rows] == [(None, "accept_referral", str(link["id"]))]
    assert link["end_code"] == "answered"


async def test_declining_gives_a_reason_and_seals_the_text(office: Office) -> None:
    fumi, opened = await office.opened()
    await fumi.answers(
        opened, "decline", declinedBy="provider", reason="no_capacity", text="担当が入院しています"
    )
    after = await office.read()
    assert (after["state"], after["declineCode"], after["declinedBy"]) == (
        "DECLINED",
        "NO_CAPACITY",
        "PROVIDER",
    )
    texts = await office.loop.reveal("ines", office.id, "TEXTS")
    assert texts["declineText"] == "担当が入院しています"


async def test_what_is_missing_of_a_decline_is_said_at_its_field_and_nothing_is_lost(office: Office) -> None:
    fumi, opened = await office.opened()
    unsaid = await fumi.answers(opened, "decline")
    assert unsaid.page.by_id("declinedBy-error").text == "一つ選んでください。"
    unexplained = await fumi.answers(unsaid, "decline", declinedBy="person", reason="other", text=" ")
    assert "内容を入力してください" in unexplained.page.by_id("text-error").text
    assert [each.get("value") for each in unexplained.page.fields() if "checked" in each.attributes] == [
        "person",
        "other",
    ]
    assert NARRATIVE in unexplained.text
    assert (await office.read())["state"] == "SENT"
    assert len(await office.log()) == 3
    done = await fumi.answers(
        unexplained, "decline", declinedBy="person", reason="other", text="別の集いに決めたとのこと"
    )
    assert done.heading == "回答を受け付けました"
    assert (await office.read())["state"] == "DECLINED"


async def test_a_question_stops_the_clock_and_the_next_link_answers(office: Office) -> None:
    loop = office.loop
    fumi, opened = await office.opened()
    empty = await fumi.answers(opened, "ask", question=" ")
    assert "入力してください" in empty.page.by_id("question-error").text
    done = await fumi.answers(empty, "ask", question="車いすで来られますか")
    assert done.heading == "回答を受け付けました"
    asked = await office.read()
    assert asked["state"] == "SENT"
    assert "QUESTION_ASKED" in [kind for kind, _ in await office.inbox()]
    assert (await fumi.opens()).status == 404
    answered = await loop.person("ines").do(
        links.ANSWER_QUESTION, id=office.id, version=asked["version"], text="杖で歩いて来られます"
    )
    assert answered["__typename"] == "ReferralPayload", answered
    again, opened = await office.opened()
    assert "杖で歩いて来られます" in opened.text
    await again.answers(opened, "accept")
    assert (await office.read())["state"] == "ACCEPTED"


async def test_who_asks_what_was_opened_learns_of_openings_by_link(office: Office) -> None:
    """Nobody is known by name: the organisation stands there."""
    await office.opened()
    loop, now = office.loop, office.loop.cities.stage.clock()
    exported = await loop.person("ines").do(EXPORT_LOG, of=office.id, form="JSON")
    assert exported["entries"] == 1
    assert (
        '"person":null,"by_link":true,"organisation":"こども食堂ひだまり","level":"L2"'
        in exported["document"]
    )
    since, until = (now + timedelta(hours=hours) for hours in (-1, 1))
    asked: dict[str, Any] = {"since": since.isoformat(), "until": until.isoformat()}
    sheet = await loop.person("mori").do(WORKSHEET, **asked, discoveredOn=loop.today.isoformat())
    (line,) = sheet["lines"]
    assert (line["organisation"], line["person"], line["openings"]) == ("こども食堂ひだまり", None, 1)


async def test_full_width_digits_of_a_phone_are_a_code(office: Office) -> None:
    fumi = await office.fumi()
    await fumi.asks_for_code()
    wide = (await office.code()).translate({code: code + 0xFEE0 for code in range(ord("0"), ord("9") + 1)})
    assert NARRATIVE in (await fumi.enters(f" {wide} ")).text


async def test_the_pages_speak_english_too(office: Office) -> None:
    fumi = await office.fumi()
    seen = await fumi.http.get(f"{fumi.waiting}?lang=en")
    assert "Your organisation is asked to answer a referral" in seen.text
    sent = await fumi.http.post(f"{fumi.waiting}?lang=en", data={"send": "yes"})
    assert sent.headers["location"] == f"{fumi.code_page}?lang=en"

"""Who sends a link, when, and how it is taken back."""

from typing import Any

from tests.links import documents as links
from tests.links.conftest import Office, registered
from tests.referrals import documents as said
from tests.referrals.conftest import ASK, NARRATIVE, Loop
from tests.stage.cities import APPLY

OVER = "このリンクは使えません"


async def test_nobody_but_the_senders_caseworker_sends_one(office: Office) -> None:
    refused = {
        who: (await office.sends_link(who))["__typename"] for who in ("sato", "hana", "mori", "kato", "ueda")
    }
    assert refused == {
        "sato": "NotAllowed",
        "hana": "NotFound",
        "mori": "NotAllowed",
        "kato": "NotFound",
        "ueda": "NotFound",
    }
    assert await office.letters() == []


async def test_without_a_registered_address_the_sender_is_told_what_to_do(office: Office) -> None:
    await registered(office.loop, email="")
    refused = await office.sends_link()
    assert (refused["__typename"], refused["state"]) == ("WrongState", "no_work_email")
    assert "電話" in refused["ja"]


async def test_an_address_must_look_like_one(office: Office) -> None:
    mine = (await office.loop.person("sato").ask("query { myOrganisation { id version } }")).data
    refused = await office.loop.person("sato").do(
        links.EDIT, **mine["myOrganisation"], workEmail="hidamari@example.jp\nBcc: all@example.jp"
    )
    assert (refused["__typename"], refused["field"]) == ("InvalidInput", "workEmail")


async def test_only_what_waits_for_an_answer_has_a_link(office: Office) -> None:
    version = (await office.read())["version"]
    await office.loop.step("sato", said.ACCEPT, id=office.id, version=version)
    refused = await office.sends_link()
    assert (refused["__typename"], refused["state"]) == ("WrongState", "accepted")


async def test_a_stale_version_is_a_conflict(office: Office) -> None:
    refused = await office.loop.person("ines").do(links.SEND_LINK, id=office.id, version=1)
    assert refused["__typename"] == "StaleVersion"


async def test_another_link_ends_the_one_before(office: Office) -> None:
    first = await office.fumi()
    second = await office.fumi()
    assert OVER in (await first.opens()).text
    assert (await second.opens()).status == 200
    assert await _ends(office) == ["replaced", None]


async def test_a_sender_cannot_send_for_ever(office: Office) -> None:
    told = [(await office.sends_link()).get("state") for _ in range(7)]
    assert told == [None] * 6 + ["too_many_links"]


async def test_a_link_that_was_taken_back_opens_nothing(office: Office) -> None:
    fumi, opened = await office.opened()
    version = (await office.read())["version"]
    revoked = await office.loop.person("ines").do(links.REVOKE_LINK, id=office.id, version=version)
    assert revoked["__typename"] == "ReferralPayload", revoked
    for seen in (
        await fumi.opens(),
        await fumi.asks_for_code(),
        await fumi.enters("123456"),
        await fumi.answers(opened, "accept"),
    ):
        assert (seen.status, OVER in seen.text) == (404, True)
    assert (await office.read())["state"] == "SENT"
    again = await office.loop.person("ines").do(links.REVOKE_LINK, id=office.id, version=version)
    assert again["__typename"] == "NotFound"


async def test_by_telephone_the_sender_sees_the_code_once_and_none_is_mailed(office: Office) -> None:
    await _change(office, answerLinkCode="TELEPHONE")
    sent = await office.sends_link(headers={"Idempotency-Key": "once-1"})
    fumi = await office.link()
    waiting = await fumi.opens()
    assert "電話でお伝えします" in waiting.text
    assert "電話" in (await fumi.asks_for_code()).text
    assert [kind for kind, _, _ in await office.letters()] == ["answer_link"]
    assert NARRATIVE in (await fumi.enters(sent["telephoneCode"])).text
    replayed = await office.sends_link(headers={"Idempotency-Key": "once-1"})
    assert (replayed["__typename"], replayed["telephoneCode"]) == ("AnswerLinkPayload", None)


async def test_an_address_registered_on_the_organisations_behalf_gets_no_code_by_mail(office: Office) -> None:
    """Else the coordinator, who may register one, could open a story by a mailbox of their own."""
    async with office.loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.organisation SET work_email_own = false")
    sent = await office.sends_link()
    assert len(sent["telephoneCode"]) == 6
    fumi = await office.link()
    await fumi.asks_for_code()
    assert [kind for kind, _, _ in await office.letters()] == ["answer_link"]
    assert NARRATIVE in (await fumi.enters(sent["telephoneCode"])).text


async def test_who_applies_on_behalf_does_not_register_the_organisations_own_address(loop: Loop) -> None:
    applied: dict[str, Any] = {"kind": "NPO", "name": "NPO法人みどり", "workEmail": "midori@example.jp"}
    await loop.person("mori").do(APPLY, **applied)
    midori = loop.cities.stage.person("midori", "ikoma")
    await midori.do(APPLY, **applied, applicantName="Midori")
    async with loop.cities.stage.sql() as sql:
        found = await sql.fetch(
            "SELECT work_email_own FROM tsunagari.organisation WHERE work_email IS NOT NULL ORDER BY id"
        )
    assert [row[0] for row in found] == [False, True]


async def test_by_mail_the_sender_sees_no_code(office: Office) -> None:
    assert (await office.sends_link())["telephoneCode"] is None


async def test_the_life_of_a_link_is_the_platforms_setting(office: Office) -> None:
    await _change(office, answerLinkHours=2)
    fumi = await office.fumi()
    office.loop.cities.stage.clock.move(hours=1, minutes=59)
    assert (await fumi.opens()).status == 200
    office.loop.cities.stage.clock.move(minutes=2)
    assert OVER in (await fumi.opens()).text


async def test_the_hours_have_bounds(office: Office) -> None:
    refused = await _changed(office, answerLinkHours=169)
    assert (refused["__typename"], refused["field"]) == ("InvalidInput", "answerLinkHours")


async def test_a_link_never_outlives_the_time_to_answer(office: Office) -> None:
    loop = office.loop
    case, consent = office.referral["case"], office.referral["consent"]["id"]
    urgent = await loop.sent(case, "sato", consent, urgency="URGENT", needCategory="FOOD")
    await Office(loop, urgent).fumi()
    async with loop.cities.stage.sql() as sql:
        late = await sql.fetch(
            "SELECT 1 FROM tsunagari.answer_link l JOIN tsunagari.referral r ON r.id = l.referral_id "
            "WHERE l.expires_at > r.due_at OR l.expires_at > l.created_at + interval '72 hours'"
        )
    assert late == []


async def test_a_company_reads_by_its_link_what_its_desk_reads(office: Office) -> None:
    loop = office.loop
    await registered(loop, "kato", "denki@example.jp")
    case = await loop.case()
    consent = await loop.consent(case, "kato", items=["CONSTRAINTS"])
    sent = await loop.sent(case, "kato", consent["id"], area="生駒市北部")
    _, opened = await Office(loop, sent).opened()
    assert ASK in opened.text
    assert not any(text in opened.html for text in ("居場所・つながり", "生駒市北部", NARRATIVE))


async def _ends(office: Office) -> list[str | None]:
    async with office.loop.cities.stage.sql() as sql:
        return [row[0] for row in await sql.fetch("SELECT end_code FROM tsunagari.answer_link ORDER BY id")]


async def _changed(office: Office, **settings: Any) -> dict[str, Any]:
    mori = office.loop.person("mori")
    version = (await mori.ask("query { platform { version } }")).data["platform"]["version"]
    return await mori.do(links.SETTINGS, version=version, **settings)


async def _change(office: Office, **settings: Any) -> None:
    changed = await _changed(office, **settings)
    assert changed["__typename"] == "PlatformPayload", changed

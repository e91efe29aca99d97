"""Recipients that have nobody to answer on the platform are reached all the same, or their sender knows."""

from typing import Any

from tests.links import documents as links
from tests.links.conftest import Office, registered
from tests.referrals.conftest import NARRATIVE, SET_ROLES, Loop

QUESTION, ANSWER = "何時ごろがご都合よいですか", "午後二時以降がよいそうです"


async def test_a_club_without_a_desk_asks_reads_the_answer_and_accepts_by_links(loop: Loop) -> None:
    """Fumi never signs in: the first link comes by itself, and the answer brings another one."""
    office = await _referred(loop)
    assert [kind for kind, _, _ in await office.letters()] == ["answer_link"]
    fumi = await office.link()
    await fumi.asks_for_code()
    opened = await fumi.enters(await office.code())
    assert "質問と回答" not in opened.text
    await fumi.answers(opened, "ask", question=QUESTION)

    version = (await office.read())["version"]
    answered = await loop.person("ines").do(links.ANSWER_QUESTION, id=office.id, version=version, text=ANSWER)
    assert answered["__typename"] == "ReferralPayload", answered
    letters = await office.letters()
    assert [kind for kind, _, _ in letters][-1] == "answer_link_answered"
    assert not any(text in str(letters) for text in (QUESTION, ANSWER, NARRATIVE))
    again = await office.link()
    await again.asks_for_code()
    reopened = await again.enters(await office.code())
    assert all(text in reopened.text for text in (QUESTION, ANSWER, NARRATIVE))
    assert [(each["level"], each["byLink"]) for each in await office.log()] == [
        ("TEXTS", True),
        ("L2", True),
        ("L2", True),
    ]
    await again.answers(reopened, "accept")
    assert (await office.read())["state"] == "ACCEPTED"

    seen = await _links(office, "ines")
    assert [(each["state"], each["madeBy"], each["usedAt"] is None) for each in seen] == [
        ("ANSWERED", None, False),
        ("ANSWERED", None, False),
    ]
    assert all(each["hiddenFields"] == [] and each["codes"] == 1 for each in seen)
    for other in ("sato", "hana", "mori", "ueda"):
        assert await _links(office, other) == []


async def test_a_link_that_waits_says_so_and_one_that_was_taken_back_too(office: Office) -> None:
    """Sato has a desk: nothing went by itself, Ines sent it."""
    assert await office.letters() == []
    await office.fumi()
    (sent,) = await _links(office, "ines")
    assert (sent["state"], sent["madeBy"]) == ("WAITING", {"name": "Ines"})
    version = (await office.read())["version"]
    await office.loop.person("ines").do(links.REVOKE_LINK, id=office.id, version=version)
    assert [each["state"] for each in await _links(office, "ines")] == ["REVOKED"]


async def test_where_nobody_can_receive_it_sender_and_coordinator_know_at_once(loop: Loop) -> None:
    await _referred(loop, mail=None)
    assert "NOBODY_RECEIVES" in await loop.told("ines")
    assert "NOBODY_RECEIVES" in await loop.told("mori")
    assert "LINK_TO_SEND" not in await loop.told("ines")


async def test_a_link_whose_code_the_sender_tells_is_the_senders_to_send(loop: Loop) -> None:
    """By telephone, to an address that is not the organisation's own, where none is to go by itself."""
    await _change(loop, answerLinkCode="TELEPHONE")
    office = await _referred(loop)
    assert await loop.told("ines") == ["LINK_TO_SEND"]
    await _change(loop, answerLinkCode="MAIL", answerLinksAutomatic=False)
    await _referred(loop, needCategory="FOOD")
    assert await loop.told("ines") == ["LINK_TO_SEND"] * 2
    await _change(loop, answerLinksAutomatic=True)
    async with loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.organisation SET work_email_own = false")
    await _referred(loop, mail=None, needCategory="WORK")
    assert await loop.told("ines") == ["LINK_TO_SEND"] * 3
    assert await office.letters() == []


async def _referred(loop: Loop, mail: str | None = "hidamari@example.jp", **card: Any) -> Office:
    """Ines refers to こども食堂ひだまり, where nobody answers for its desk."""
    if mail:
        await registered(loop, email=mail)
    me = (await loop.person("sato").ask("query { me { id } }")).data["me"]["id"]
    await loop.person("sato").do(
        SET_ROLES, organisationId=loop.organisations["sato"], personId=me, roles=["REPRESENTATIVE"]
    )
    case = await loop.case()
    consent = await loop.consent(case, "sato")
    draft = await loop.sent(case, "sato", consent["id"], area="生駒市北部", **card)
    return Office(loop, draft)


async def _links(office: Office, who: str) -> list[dict[str, Any]]:
    said = await office.loop.person(who).ask(links.LINKS, id=office.id)
    nodes: list[dict[str, Any]] = said.data["answerLinks"]["nodes"]
    return nodes


async def _change(loop: Loop, **settings: Any) -> None:
    mori = loop.person("mori")
    version = (await mori.ask("query { platform { version } }")).data["platform"]["version"]
    changed = await mori.do(links.SETTINGS, version=version, **settings)
    assert changed["__typename"] == "PlatformPayload", changed

"""What is tried with a link: each closes it or leads nowhere, kindly, and tells nothing more."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.platform.links.models import Key
from tests.links import documents as links
from tests.links.conftest import Fumi, Office, Seen, registered
from tests.referrals import documents as said
from tests.referrals.conftest import ASK, NARRATIVE, SECRETS
from tests.stage.log_watch import own_lines

OVER = "このリンクは使えません"


def is_over(seen: Seen) -> bool:
    assert not any(text in seen.html for text in (*SECRETS, ASK))
    return seen.status == 404 and OVER in seen.text


async def links_of(office: Office) -> list[dict[str, Any]]:
    async with office.loop.cities.stage.sql() as sql:
        return [dict(row) for row in await sql.fetch("SELECT * FROM tsunagari.answer_link ORDER BY id")]


async def state_of(office: Office) -> list[object]:
    """Everything of the links and of what was opened."""
    rows = await links_of(office)
    async with office.loop.cities.stage.sql() as sql:
        opened = await sql.fetchval("SELECT count(*) FROM tsunagari.access_entry")
        mailed = await sql.fetchval("SELECT count(*) FROM tsunagari.notice_delivery WHERE channel = 'letter'")
        audited = await sql.fetchval("SELECT count(*) FROM tsunagari.audit_entry")
    return [rows, opened, mailed, audited]


async def test_a_mail_scanner_that_follows_the_link_changes_nothing(office: Office) -> None:
    fumi = await office.fumi()
    before = await state_of(office)
    for path in (fumi.waiting, fumi.code_page):
        for method in ("GET", "HEAD", "GET"):
            assert (await fumi.http.request(method, path)).status_code == 200
    assert await state_of(office) == before
    _, opened = fumi, await _opened(office, fumi)
    assert NARRATIVE in opened.text


async def test_a_link_answers_once(office: Office) -> None:
    fumi, opened = await office.opened()
    await fumi.answers(opened, "accept")
    assert is_over(await fumi.opens())
    assert is_over(await fumi.asks_for_code())
    assert is_over(await fumi.enters(await office.code()))


async def test_a_form_sent_twice_is_thanked_twice_and_counts_once(office: Office) -> None:
    fumi, opened = await office.opened()
    first, second = await asyncio.gather(fumi.answers(opened, "accept"), fumi.answers(opened, "accept"))
    assert first.heading == second.heading == "回答を受け付けました"
    states = [each["toState"] for each in (await office.read())["history"]]
    assert states.count("ACCEPTED") == 1


async def test_back_and_sent_anew_after_the_answer_opens_nothing(office: Office) -> None:
    fumi, opened = await office.opened()
    await fumi.answers(opened, "decline", declinedBy="provider", reason="safety")
    assert is_over(await fumi.enters(await office.code()))


async def test_a_code_opens_one_page(office: Office) -> None:
    fumi, _ = await office.opened()
    again = await fumi.enters(await office.code())
    assert NARRATIVE not in again.html
    assert "確認コードが正しくない" in again.text


async def test_of_two_people_with_the_link_the_one_who_opened_last_answers(office: Office) -> None:
    fumi, first = await office.opened()
    await fumi.asks_for_code()
    second = await fumi.enters(await office.code())
    late = await fumi.answers(first, "decline", declinedBy="provider", reason="safety")
    assert "別の画面で開かれました" in late.text
    assert (await office.read())["state"] == "SENT"
    await fumi.answers(second, "accept")
    assert (await office.read())["state"] == "ACCEPTED"


async def test_of_two_answers_at_once_one_counts(office: Office) -> None:
    fumi, opened = await office.opened()
    await asyncio.gather(
        fumi.answers(opened, "accept"),
        fumi.answers(opened, "decline", declinedBy="provider", reason="safety"),
    )
    answered = [each["toState"] for each in (await office.read())["history"]]
    assert len({"ACCEPTED", "DECLINED"} & set(answered)) == 1


async def test_the_link_and_the_desk_at_once(office: Office) -> None:
    fumi, opened = await office.opened()
    version = (await office.read())["version"]
    by_link, by_desk = await asyncio.gather(
        fumi.answers(opened, "accept"),
        office.loop.person("sato").do(said.ACCEPT, id=office.id, version=version),
    )
    won = [by_link.heading == "回答を受け付けました", by_desk["__typename"] == "ReferralPayload"]
    assert sorted(won) == [False, True]


async def test_a_page_left_open_is_over_after_half_an_hour(office: Office) -> None:
    fumi, opened = await office.opened()
    office.loop.cities.stage.clock.move(minutes=31)
    late = await fumi.answers(opened, "accept")
    assert "回答はまだ送られていません" in late.text
    assert (await office.read())["state"] == "SENT"


async def test_a_page_that_nobody_opened_answers_nothing(office: Office) -> None:
    fumi, _ = await office.opened()
    for page in ("x", "", "あ", "\ud800".encode("utf-8", "replace").decode()):
        seen = await fumi.sends(fumi.code_page, page=page, answer="accept")
        assert "回答を受け付けました" not in seen.html
    assert (await office.read())["state"] == "SENT"


async def test_five_wrong_codes_end_the_link_and_the_right_one_comes_too_late(office: Office) -> None:
    fumi = await office.fumi()
    await fumi.asks_for_code()
    right = await office.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for left in (4, 3, 2, 1):
        seen = await fumi.enters(wrong)
        assert f"あと{left}回" in seen.text
    assert is_over(await fumi.enters(wrong))
    assert is_over(await fumi.enters(right))
    assert [row["end_code"] for row in await links_of(office)] == ["tries"]
    assert ("LINK_ENDED", office.id) in await office.inbox()


async def test_guesses_at_once_are_counted_one_by_one(office: Office) -> None:
    fumi = await office.fumi()
    await fumi.asks_for_code()
    right = int(await office.code())
    guesses = [f"{(right + 1 + number) % 1_000_000:06}" for number in range(12)]
    await asyncio.gather(*(fumi.enters(guess) for guess in guesses))
    (link,) = await links_of(office)
    assert (link["tries"], link["end_code"]) == (5, "tries")
    assert is_over(await fumi.enters(f"{right:06}"))


async def test_three_codes_and_no_more(office: Office) -> None:
    fumi = await office.fumi()
    for _ in range(3):
        assert "確認コードの入力" in (await fumi.asks_for_code()).html
    fourth = await fumi.asks_for_code()
    assert "これ以上送れません" in fourth.text
    assert [kind for kind, _, _ in await office.letters()].count("answer_link_code") == 3
    assert NARRATIVE in (await fumi.enters(await office.code())).text


async def test_a_new_code_replaces_the_one_before(office: Office) -> None:
    fumi = await office.fumi()
    await fumi.asks_for_code()
    old = await office.code()
    await fumi.asks_for_code()
    new = await office.code()
    if old != new:
        assert NARRATIVE not in (await fumi.enters(old)).html
    assert NARRATIVE in (await fumi.enters(new)).text


async def test_a_code_is_too_old_after_a_quarter_of_an_hour(office: Office) -> None:
    fumi = await office.fumi()
    await fumi.asks_for_code()
    office.loop.cities.stage.clock.move(minutes=16)
    assert "時間が過ぎています" in (await fumi.enters(await office.code())).text


async def test_whoever_has_the_forwarded_link_gets_no_code(office: Office) -> None:
    """The code goes where the organisation registered, whoever asks for it."""
    fumi = await office.fumi()
    await registered(office.loop, email="new-desk@example.jp")
    await fumi.asks_for_code()
    assert (await office.letters())[-1][1] == "new-desk@example.jp"


async def test_guessed_altered_and_foreign_links_are_answered_like_an_ended_one(office: Office) -> None:
    loop, fumi = office.loop, await office.fumi()
    await _revoke(office)
    ended = await fumi.opens()
    token = fumi.waiting.rpartition("/")[2]
    never = Key.new(uuid.uuid4()).text
    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    live = await office.fumi()
    elsewhere = live.waiting.replace("/t/ikoma/", "/t/takamatsu/")
    guessed = [fumi.waiting.replace(token, each) for each in (never, altered, "short", "A" * 64)]
    for path in (*guessed, elsewhere):
        for seen in (await fumi.opens(path), await fumi.sends(path, send="yes")):
            assert is_over(seen)
            here = seen.html.replace("takamatsu", "ikoma").replace(path.rpartition("/")[2], token)
            assert here == ended.html
    assert (await Fumi(loop.cities.stage.http, live.waiting).opens()).status == 200


@pytest.mark.parametrize("shape", ["a.b", "%00", "..", "a/b", "é", "A" * 4_000])
async def test_a_path_that_is_no_link_is_no_page(office: Office, shape: str) -> None:
    seen = await office.loop.cities.stage.http.get(f"/t/ikoma/answer/{shape}")
    assert seen.status_code == 404


async def _withdrawn(office: Office) -> None:
    version = (await office.read())["version"]
    await office.loop.step("ines", said.WITHDRAW, id=office.id, version=version, code="MOVED")


async def _accepted(office: Office) -> None:
    version = (await office.read())["version"]
    await office.loop.step("sato", said.ACCEPT, id=office.id, version=version)


async def _declined(office: Office) -> None:
    version = (await office.read())["version"]
    at = {"id": office.id, "version": version}
    await office.loop.step("sato", said.DECLINE, **at, declinedBy="PROVIDER", code="SAFETY")


async def _consent_withdrawn(office: Office) -> None:
    consent = office.referral["consent"]
    await office.loop.person("ines").do(said.WITHDRAW_CONSENT, id=consent["id"], version=consent["version"])


async def _consent_over(office: Office) -> None:
    """The day of its end passes while nobody acts."""
    async with office.loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.consent SET valid_until = current_date - 2")


async def _suspended(office: Office) -> None:
    mori = office.loop.person("mori")
    found = (await office.loop.person("sato").ask("query { myOrganisation { id version } }")).data
    suspend = """mutation ($input: OrganisationInput!) { suspendMember(input: $input) { __typename
      ... on OrganisationPayload { organisation { status } } ... on UserError { en } } }"""
    done = await mori.do(suspend, **found["myOrganisation"])
    assert done["organisation"]["status"] == "SUSPENDED", done


async def _address_gone(office: Office) -> None:
    await registered(office.loop, email="")


async def _time_over(office: Office) -> None:
    office.loop.cities.stage.clock.move(hours=73)


Turn = Callable[[Office], Awaitable[None]]


@pytest.mark.parametrize(
    "turn", [_withdrawn, _accepted, _declined, _consent_withdrawn, _consent_over, _suspended, _time_over]
)
async def test_a_link_ends_with_what_it_was_for(office: Office, turn: Turn) -> None:
    """Nobody closes the link: it is judged anew at each form."""
    fumi, opened = await office.opened()
    await fumi.asks_for_code()
    code = await office.code()
    await turn(office)
    before = await office.log()
    assert is_over(await fumi.enters(code))
    if turn is not _consent_over:
        assert is_over(await fumi.asks_for_code())
        assert is_over(await fumi.answers(opened, "accept"))
    assert await office.log() == before


async def test_a_code_needs_an_address(office: Office) -> None:
    fumi = await office.fumi()
    await _address_gone(office)
    assert is_over(await fumi.asks_for_code())


async def test_the_database_holds_neither_link_nor_code(office: Office) -> None:
    fumi = await office.fumi()
    await fumi.asks_for_code()
    code, token = await office.code(), fumi.waiting.rpartition("/")[2]
    key = Key.parse(token)
    assert key is not None
    planted = (token.encode(), key.secret, key.secret.hex().encode(), code.encode())
    async with office.loop.cities.stage.sql() as sql:
        tables = await sql.fetch(
            "SELECT quote_ident(table_name) AS name FROM information_schema.tables "
            "WHERE table_schema = 'tsunagari' AND table_type = 'BASE TABLE'"
        )
        for table in tables:
            for row in await sql.fetch(f"SELECT t.* FROM tsunagari.{table['name']} t"):
                for name, value in row.items():
                    kept = value if isinstance(value, bytes) else str(value).encode()
                    whole = kept == code.encode()
                    assert not whole, (table["name"], name)
                    assert not any(each in kept for each in planted[:3]), (table["name"], name)


async def test_the_log_holds_neither_link_nor_code(office: Office) -> None:
    fumi, opened = await office.opened()
    token, page = fumi.waiting.rpartition("/")[2], opened.hidden("page")
    code = await office.code()
    await fumi.answers(opened, "decline", declinedBy="provider", reason="safety", text="満員のため")
    lines = own_lines()
    assert any('"page":"answer.code/"' in line for line in lines)
    for planted in (token, page, f'"{code}"', "満員のため"):
        assert not any(planted in line for line in lines)


async def test_no_log_no_page(office: Office) -> None:
    fumi = await office.fumi()
    await fumi.asks_for_code()
    async with office.loop.cities.stage.sql() as sql:
        await sql.execute("REVOKE INSERT ON tsunagari.access_entry FROM tsunagari_app")
        silent = await fumi.enters(await office.code())
        assert silent.status == 500
        assert NARRATIVE not in silent.html
        await sql.execute("GRANT INSERT ON tsunagari.access_entry TO tsunagari_app")
    assert NARRATIVE in (await fumi.enters(await office.code())).text


async def test_another_sites_form_does_nothing(office: Office) -> None:
    fumi = await office.fumi()
    sent = await fumi.http.post(fumi.waiting, data={"send": "yes"}, headers={"sec-fetch-site": "cross-site"})
    assert sent.status_code == 403
    assert [kind for kind, _, _ in await office.letters()] == ["answer_link"]


async def _opened(office: Office, fumi: Fumi) -> Seen:
    await fumi.asks_for_code()
    return await fumi.enters(await office.code())


async def _revoke(office: Office) -> None:
    version = (await office.read())["version"]
    await office.loop.person("ines").do(links.REVOKE_LINK, id=office.id, version=version)

"""Mori adjusts 生駒市's policy: drafted, published, in force at the next statement, and taken back."""

from tests.policies import documents as said
from tests.policies.conftest import SUMMARY, Office, card, card_of
from tests.referrals import documents as referral
from tests.referrals.conftest import Loop
from tests.stage.cities import Cities
from tests.stage.stage import staged_on

CONTACT = {"kind": "company", "object": "organisation.work_contact", "relation": "tenant+admitted"}
WORK_CONTACT = """{ organisations(kind: NPO) { nodes { name workContact hiddenFields } } }"""


async def test_what_mori_closes_kato_does_not_see_at_his_next_request(board: Loop, office: Office) -> None:
    assert (await card(board, "kato"))["urgency"] == "NORMAL"
    drafted = await office.drafts(said.TIGHTEN, line=SUMMARY)
    assert [(each["object"], each["becomes"]) for each in drafted["overrides"]] == [
        ("referral.summary", "nobody")
    ]
    assert drafted["updatedBy"] == {"name": "Mori"}
    assert (await card(board, "kato"))["urgency"] == "NORMAL", "a draft is not in force"

    edition = await office.publishes("企業には緊急度を示さない")
    assert (edition["version"], edition["author"]) == (2, {"name": "Mori"})
    seen = await card(board, "kato")
    assert (seen["urgency"], seen["ask"] is None) == (None, False)
    assert {"urgency"} <= set(seen["hiddenFields"])
    for name in ("ines", "hana", "mori"):
        assert (await card(board, name))["urgency"] == "NORMAL"


async def test_a_revert_brings_it_back_and_history_tells_both(board: Loop, office: Office) -> None:
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    await office.publishes("企業には緊急度を示さない")
    back = await office.reverts(1, "企業の申出が減ったため")
    assert (back["version"], back["revertedTo"], back["overrides"]) == (3, 1, [])
    assert (await card(board, "kato"))["urgency"] == "NORMAL"

    again = await office.reverts(2, "議会の決定")
    newest, middle, oldest = await office.history()
    assert (newest["version"], newest["contentHash"]) == (again["version"], oldest["contentHash"])
    assert [each["note"] for each in (newest, middle, oldest)] == [
        "議会の決定",
        "企業の申出が減ったため",
        "企業には緊急度を示さない",
    ]
    assert "".join(oldest["changesJa"]) == (
        "紹介・掲示カード：L1 緊急度（referral.summary） 企業： "
        "部会に席 かつ 掲示カード かつ 企業にも開いた掲示板 → ∅"
    )
    assert "".join(middle["changesEn"]) == (
        "referral, and its posted view: the card: L1: urgency (referral.summary), company: "
        "∅ → group and posted and open_board"
    )
    assert (await card(board, "kato"))["urgency"] is None


async def test_takamatsu_keeps_its_own_policy(board: Loop, office: Office) -> None:
    cities = board.cities
    oda = Office(cities.oda)
    before = await oda.table()
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    await office.publishes()
    after = await oda.table()
    assert after == before
    assert (await office.table() or {})["contentHash"] != (before or {})["contentHash"]
    assert await oda.history() == []
    assert (await cities.ueda.ask(said.HISTORY)).data["policyHistory"]["nodes"] == []


async def test_a_row_is_closed_with_its_id(board: Loop, office: Office) -> None:
    line = {"kind": "company", "object": "referral.handle", "relation": "group+posted+open_board"}
    await office.drafts(said.TIGHTEN, line=line)
    await office.publishes()
    found = (await board.person("kato").ask(referral.BOARD, group=board.group)).data["board"]
    assert (found["totalCount"], found["nodes"]) == (0, [])
    assert (await card(board, "sato"))["ask"]


async def test_a_line_is_made_stricter_by_a_relation(board: Loop, office: Office) -> None:
    """Companies read the ask on open boards only where their own organisation is a party too."""
    line = SUMMARY | {"object": "referral.ask"}
    drafted = await office.drafts(said.TIGHTEN, line=line, becomes="party")
    assert drafted["overrides"][0]["becomes"] == "group+open_board+party+posted"
    await office.publishes()
    assert (await card(board, "kato"))["ask"] is None


async def test_what_is_widened_opens_and_closes_again(loop: Loop, office: Office) -> None:
    """A widenable line: companies read work contacts without sharing a group."""
    async with loop.cities.stage.sql() as sql:
        await sql.execute("DELETE FROM tsunagari.seat")
    kato = loop.person("kato")

    async def contacts() -> set[str | None]:
        return {each["workContact"] for each in (await kato.ask(WORK_CONTACT)).data["organisations"]["nodes"]}

    assert await contacts() == {None}
    await office.drafts(said.WIDEN, line=CONTACT)
    await office.publishes()
    assert await contacts() == {"work@example.jp"}
    await office.drafts(said.TAKE_BACK, line=CONTACT)
    await office.publishes()
    assert await contacts() == {None}


async def test_two_processes_see_it_at_the_next_statement(board: Loop, office: Office) -> None:
    """No worker runs and nobody waits: the statement itself compares the version."""
    async with staged_on(board.cities.stage.name) as other:
        kato = Cities(other).kato
        assert (await card_of(board, kato))["urgency"] == "NORMAL"
        await office.drafts(said.TIGHTEN, line=SUMMARY)
        await office.publishes()
        assert (await card_of(board, kato))["urgency"] is None
        elsewhere = Office(Cities(other).mori)
        await elsewhere.reverts(1)
        assert (await card(board, "kato"))["urgency"] == "NORMAL"


async def test_an_operation_is_answered_under_one_policy(board: Loop, office: Office) -> None:
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    await office.publishes()
    both = (await office.person.ask(f"{said.HISTORY[:-1]} accessTable {{ version }} }}")).data
    assert both["accessTable"]["version"] == both["policyHistory"]["nodes"][0]["version"] == 2


async def test_publishing_twice_with_one_key_publishes_once(board: Loop, office: Office) -> None:
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    version = await office.version()
    sent = {"version": version, "note": "一度だけ"}
    first = await office.person.do(said.PUBLISH, headers={"Idempotency-Key": "publish-1"}, **sent)
    second = await office.person.do(said.PUBLISH, headers={"Idempotency-Key": "publish-1"}, **sent)
    assert first == second
    assert len(await office.history()) == 1


async def test_a_discarded_draft_is_what_is_in_force(board: Loop, office: Office) -> None:
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    await office.publishes()
    await office.drafts(said.TIGHTEN, line=SUMMARY | {"object": "referral.ask"})
    left = await office.drafts(said.DISCARD)
    assert (len(left["overrides"]), left["changesJa"]) == (1, [])
    nothing = await office.tries(said.PUBLISH, note="同じ")
    assert (nothing["__typename"], nothing["state"]) == ("WrongState", "unchanged")


async def test_what_was_done_is_in_the_audit_chain(board: Loop, office: Office) -> None:
    await office.drafts(said.TIGHTEN, line=SUMMARY)
    await office.publishes()
    await office.reverts(1)
    async with board.cities.stage.sql() as sql:
        rows = await sql.fetch(
            "SELECT action, codes FROM tsunagari.audit_entry WHERE object_type LIKE 'policy%' "
            "ORDER BY tenant_id, sequence"
        )
    assert [row["action"] for row in rows] == ["tighten_policy", "publish_policy", "revert_policy"]
    assert "referral.summary" in rows[0]["codes"]

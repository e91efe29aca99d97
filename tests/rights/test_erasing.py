"""A case is erased by two people, and then nobody reads it any more: here, in the records, anywhere."""

import pytest

from libs.persistence import audit
from libs.persistence.connections import Connection
from libs.persistence.database import Context
from services.platform.rights.actions.awaiting import remind
from tests.referrals import documents as said
from tests.referrals.conftest import NARRATIVE, PERSON
from tests.referrals.test_changing_hands import at
from tests.rights.conftest import CONFIRM, ERASE, ERASURE, ERASURES, TAKE_BACK, Rights, number


async def test_ines_asks_mori_confirms_and_the_key_is_gone(rights: Rights) -> None:
    taken = await rights.loop.accepted()
    case = taken["case"]
    asked = await rights.asked(case)
    assert (await rights.case(case) or {})["state"] == "OPEN", "nothing is erased by asking"
    confirmed = await rights.loop.person("mori").do(CONFIRM, id=asked["id"], version=asked["version"])
    assert confirmed["erasure"]["state"] == "CONFIRMED"
    assert (await rights.case(case) or {})["state"] == "ERASED"
    assert await rights.due() == ["case.erase_key"]
    done = (await rights.loop.person("ines").ask(ERASURE, id=asked["id"])).data["erasure"]
    assert (done["state"], done["askedBy"]["name"], done["confirmedBy"]["name"]) == ("DONE", "Ines", "Mori")
    assert done["doneAt"]
    (entry,) = await rights.audited("erase_case_key")
    assert entry["object_id"] == number(case)


async def notices(rights: Rights, name: str) -> list[str]:
    said = await rights.loop.person(name).ask("query { inbox { notices { nodes { kind about } } } }")
    return [each["kind"] for each in said.data["inbox"]["notices"]["nodes"] if "ERASURE" in each["kind"]]


async def test_who_may_confirm_is_told_at_once_and_once_more(rights: Rights) -> None:
    asked = await rights.asked((await rights.loop.accepted())["case"])
    assert await notices(rights, "mori") == ["ERASURE_ASKED"]
    assert await notices(rights, "ines") == []
    assert await notices(rights, "sato") == []
    assert await rights.due() == []
    rights.loop.cities.stage.clock.move(days=7)
    assert await rights.due() == ["erasure.remind"]
    assert await notices(rights, "mori") == ["ERASURE_WAITING", "ERASURE_ASKED"]
    async with rights.at_work(await rights.tenant()) as work:
        await remind(work, number(asked["id"]))
    assert len(await notices(rights, "mori")) == 2, "a second run tells nobody again"


async def test_before_the_worker_comes_nothing_is_opened_any_more(rights: Rights) -> None:
    taken = await rights.loop.accepted()
    await rights.confirmed(taken["case"])
    for opened in (
        await rights.loop.person("ines").do(
            said.REVEAL_CASE, id=taken["case"], level="L2", purpose={"code": "REVIEW"}
        ),
        await rights.loop.reveal("ines", taken["id"], "L2"),
    ):
        assert (opened["__typename"], opened["state"]) == ("WrongState", "erased")
        assert NARRATIVE not in str(opened)
    assert (await rights.case(taken["case"]) or {})["viewerCan"] == ["EXPORT_ACCESS_LOG"]


async def test_what_is_under_way_ends_and_the_codes_stay(rights: Rights) -> None:
    taken = await rights.loop.accepted()
    await rights.confirmed(taken["case"])
    await rights.due()
    row = await rights.loop.read("sato", taken["id"])
    assert row is not None
    assert row["state"] == "WITHDRAWN"
    refused = await rights.loop.reveal("sato", taken["id"], "L2")
    assert refused["__typename"] == "NotAllowed"
    kept = await rights.loop.read("ines", taken["id"]) or {}
    assert kept["withdrawCode"] == "CONSENT_REVOKED"
    assert [each["toState"] for each in kept["history"]][:2] == ["WITHDRAWN", "ACCEPTED"]


async def test_what_lay_open_of_the_person_is_emptied_too(rights: Rights) -> None:
    """On a card, in its notes and offers, and in what a consent was for."""
    loop, told = rights.loop, "東新町八番の三階にお住まいです"
    case = await loop.case()
    card = await loop.card(case, ask=told, area=told)
    await loop.person("sato").do(said.NOTE, id=card["id"], body=told)
    await loop.offer("hana", card["id"], told)
    await loop.consent(case, "sato")
    await loop.person("ines").do(said.WITHDRAW, **at(await loop.seen("ines", card["id"])), code="MOVED")
    await rights.confirmed(case)
    async with loop.cities.stage.sql() as sql:
        kept = [
            row[0]
            for table in ("referral", "card_note", "offer", "consent")
            for row in await sql.fetch(f"SELECT row_to_json(t)::text FROM tsunagari.{table} t")
        ]
    assert len(kept) >= 3
    assert not [each for each in kept if told in each or "居場所の紹介のため" in each]
    assert (await loop.read("sato", card["id"]) or {})["ask"] == ""


@pytest.mark.parametrize("name", ["sato", "kato", "ueda", "stranger", "anyone"])
async def test_nobody_else_learns_that_an_erasure_exists(rights: Rights, name: str) -> None:
    asked = await rights.asked(await rights.loop.case())
    found = await rights.loop.person(name).ask(ERASURE, id=asked["id"])
    assert found.data["erasure"] is None
    listed = (await rights.loop.person(name).ask(ERASURES)).data["erasures"]
    assert (listed["totalCount"], listed["nodes"]) == (0, [])


async def test_who_asked_cannot_confirm_and_the_coordinator_cannot_ask(rights: Rights) -> None:
    """Ines is caseworker, desk and representative: still she is one person."""
    case = await rights.loop.case()
    asked = await rights.asked(case)
    refused = await rights.loop.person("ines").do(CONFIRM, id=asked["id"], version=asked["version"])
    assert refused["__typename"] == "NotAllowed"
    tried = await rights.loop.person("mori").do(ERASE, id=case, version=1, reason="PERSON_ASKED")
    assert tried["__typename"] == "NotFound"
    assert [each["object_id"] for each in await rights.audited("refused:confirm_erasure")] == [
        number(asked["id"])
    ]


async def test_the_coordinator_confirms_without_seeing_the_case(rights: Rights) -> None:
    asked = await rights.asked(await rights.loop.case())
    seen = (await rights.loop.person("mori").ask(ERASURE, id=asked["id"])).data["erasure"]
    assert (seen["case"], seen["hiddenFields"]) == (None, ["case"])
    assert set(seen["viewerCan"]) == {"CONFIRM_ERASURE"}
    own = (await rights.loop.person("ines").ask(ERASURE, id=asked["id"])).data["erasure"]
    assert own["case"]["number"]
    assert own["viewerCan"] == ["TAKE_BACK_ERASURE"]


async def test_a_request_is_made_once_and_can_be_taken_back(rights: Rights) -> None:
    case = await rights.loop.case()
    asked = await rights.asked(case)
    version = (await rights.case(case) or {})["version"]
    twice = await rights.loop.person("ines").do(ERASE, id=case, version=version, reason="MISTAKEN")
    assert twice["__typename"] == "AlreadyExists"
    back = await rights.loop.person("ines").do(TAKE_BACK, id=asked["id"], version=asked["version"])
    assert back["erasure"]["state"] == "TAKEN_BACK"
    late = await rights.loop.person("mori").do(CONFIRM, id=asked["id"], version=back["erasure"]["version"])
    assert (late["__typename"], late["state"]) == ("WrongState", "taken_back")
    assert (await rights.asked(case))["state"] == "ASKED"


async def test_a_stale_version_is_told(rights: Rights) -> None:
    case = await rights.loop.case()
    stale = await rights.loop.person("ines").do(ERASE, id=case, version=9, reason="PERSON_ASKED")
    assert stale["__typename"] == "StaleVersion"


async def test_the_job_may_come_twice_and_for_what_was_taken_back_it_does_nothing(rights: Rights) -> None:
    case, other = await rights.loop.case(), await rights.loop.case()
    confirmed = await rights.confirmed(case)
    await rights.due()
    asked = await rights.asked(other)
    tenant = await rights.tenant()
    for key in (confirmed["id"], asked["id"]):
        async with rights.at_work(tenant) as work:
            work.later("case.erase_key", number(key), work.now)
    assert await rights.due() == ["case.erase_key"] * 2
    assert len(await rights.audited("erase_case_key")) == 1
    assert await rights.vault.sealer(tenant, number(other))


async def test_the_chain_still_verifies(rights: Rights) -> None:
    await rights.confirmed(await rights.loop.case())
    await rights.due()
    tenant = await rights.tenant()
    async with (
        rights.loop.cities.stage.database() as database,
        database.reading(Context(tenant)) as connection,
    ):
        entries = await connection.fetch(audit.CHAIN.sql, tenant)
        head = await connection.fetchrow(audit.HEAD.sql, tenant)
    assert audit.first_break(entries, head) is None
    assert len(entries) > 5


async def test_a_closed_case_is_erased_when_its_time_is_over_and_not_a_day_before(rights: Rights) -> None:
    """Three years and a day by default; the clock needs no second person."""
    kept, closed = await rights.loop.case(), await rights.loop.case()
    today, tenant = rights.loop.today, await rights.tenant()
    async with rights.loop.cities.stage.sql() as sql:
        await sql.execute(
            "UPDATE tsunagari.case_file SET state = 'closed', closed_on = $2 WHERE id = $1",
            number(closed),
            today,
        )
    async with rights.at_work(tenant) as work:
        work.later("case.retention", tenant, work.now)
    rights.loop.cities.stage.clock.move(days=1_096)
    assert "case.retention" in await rights.due()
    assert (await rights.case(closed) or {})["state"] == "CLOSED"
    rights.loop.cities.stage.clock.move(days=2)
    assert "case.retention" in await rights.due()
    assert (await rights.case(closed) or {})["state"] == "ERASED"
    assert "case.erase_key" in await rights.due()
    assert (await rights.case(kept) or {})["state"] == "OPEN"
    (entry,) = await rights.audited("retention_over")
    assert (entry["object_id"], entry["person_id"]) == (number(closed), None)


async def test_the_daily_look_arranges_one_next_look_however_often_it_comes(rights: Rights) -> None:
    tenant = await rights.tenant()
    async with rights.loop.cities.stage.sql() as sql:
        await sql.execute("DELETE FROM tsunagari.work_due WHERE kind = 'case.retention'")
    async with rights.at_work(tenant) as work:
        for _ in range(3):
            work.later("case.retention", tenant, work.now)
    assert len(await rights.due()) == 3
    async with rights.loop.cities.stage.sql() as sql:
        assert await _waiting(sql) == 1


async def _waiting(sql: Connection) -> int:
    return await sql.fetchval("SELECT count(*) FROM tsunagari.work_due WHERE kind = 'case.retention'")


async def test_an_erased_case_takes_nothing_new(rights: Rights) -> None:
    case = await rights.loop.case()
    await rights.confirmed(case)
    version = (await rights.case(case) or {})["version"]
    kept = await rights.loop.person("ines").do(said.KEEP_CASE, id=case, version=version, person=PERSON)
    assert kept["__typename"] == "WrongState"
    draft = await rights.loop.person("ines").do(
        said.CREATE, caseId=case, card={"needCategory": "BELONGING", "ask": "話し相手"}
    )
    assert draft["__typename"] == "WrongState"

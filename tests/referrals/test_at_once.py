"""Two who act at once, and one who acts on what they read before."""

import asyncio
from typing import Any

import pytest

from libs.persistence import retrying
from libs.persistence.connections import Connection
from tests.referrals import bases
from tests.referrals import documents as said
from tests.referrals.conftest import ASK, Loop
from tests.referrals.test_councils import case_of
from tests.rights.conftest import CORRECT
from tests.stage.given_up import gives_up_the_next


async def test_of_two_acceptances_one_is_a_typed_conflict(loop: Loop) -> None:
    case = await loop.case()
    sent = await loop.sent(case, "sato", (await loop.consent(case, "sato"))["id"])
    accept = {"id": sent["id"], "version": sent["version"]}
    both = await asyncio.gather(*(loop.person("sato").do(said.ACCEPT, **accept) for _ in range(2)))
    assert sorted(each["__typename"] for each in both) == ["ReferralPayload", "StaleVersion"]
    history = (await loop.read("ines", sent["id"]) or {})["history"]
    assert [each["toState"] for each in history].count("ACCEPTED") == 1


async def test_of_two_live_twins_one_is_a_typed_conflict(loop: Loop) -> None:
    case = await loop.case()
    drafts = [await loop.draft(case) for _ in range(2)]
    recipient = loop.organisations["sato"]
    both = await asyncio.gather(
        *(
            loop.person("ines").do(said.REQUEST_BASIS, id=each["id"], version=1, recipientId=recipient)
            for each in drafts
        )
    )
    assert sorted(each["__typename"] for each in both) == ["AlreadyExists", "ReferralPayload"]


async def test_a_stale_version_changes_nothing(loop: Loop) -> None:
    draft = await loop.draft(await loop.case())
    card = {"needCategory": "FOOD", "ask": ASK}
    edited = await loop.step("ines", said.EDIT, id=draft["id"], version=1, card=card)
    stale = await loop.person("ines").do(said.POST, id=draft["id"], version=1, workingGroupId=loop.group)
    assert (stale["__typename"], stale["current"]) == ("StaleVersion", edited["version"])
    assert (await loop.read("ines", draft["id"]) or {})["state"] == "DRAFT"


async def test_the_same_key_sends_once_and_reveals_are_logged_each(loop: Loop) -> None:
    case = await loop.case()
    sent = await loop.sent(case, "sato", (await loop.consent(case, "sato"))["id"])
    headers = {"Idempotency-Key": "accept-once"}
    accept = {"id": sent["id"], "version": sent["version"]}
    first = await loop.person("sato").do(said.ACCEPT, headers=headers, **accept)
    assert await loop.person("sato").do(said.ACCEPT, headers=headers, **accept) == first
    reveal = {"id": sent["id"], "level": "L2", "purpose": {"code": "SUPPORT"}}
    seen = [
        await loop.person("sato").do(said.REVEAL, headers={"Idempotency-Key": "look"}, **reveal)
        for _ in range(2)
    ]
    assert seen[0]["accessEntry"]["id"] != seen[1]["accessEntry"]["id"]
    assert len((await loop.read("ines", sent["id"]) or {})["accessLog"]) == 2


async def test_what_is_revealed_is_what_the_log_that_stays_says(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await loop.case()
    sent = await loop.sent(case, "sato", (await loop.consent(case, "sato"))["id"])
    gives_up_the_next(monkeypatch)
    seen = await loop.reveal("sato", sent["id"], "L2")
    async with loop.cities.stage.sql() as sql:
        (logged,) = await sql.fetch("SELECT id FROM tsunagari.access_entry")
    assert seen["accessEntry"]["id"] == f"access_{logged['id']}"


LOCK = "SELECT 1 FROM tsunagari.{} WHERE id = $1 FOR UPDATE {}"
WAITING = """SELECT count(*) FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock'"""


async def waits(sql: Connection) -> None:
    """Until somebody waits for a lock that this connection holds."""
    while not await sql.fetchval(WAITING):
        pass


async def test_a_consent_is_locked_after_what_rests_on_it(loop: Loop) -> None:
    """Whichever door it is taken back by: two who do so at once wait for each other in one order."""
    case = await loop.case()
    consent = await loop.consent(case, "sato", "hana")
    sent = [await loop.sent(case, name, consent["id"]) for name in ("sato", "hana")]
    rows = [each["id"].removeprefix("referral_") for each in sent]
    async with loop.cities.stage.sql() as sql:
        for who, mutation, given in (
            ("ines", said.WITHDRAW_CONSENT, consent),
            ("mori", bases.REVOKE, sent[1]),
        ):
            async with sql.transaction():
                await sql.execute(LOCK.format("referral", ""), rows[0])
                asking = asyncio.create_task(loop.person(who).do(mutation, id=given["id"], version=0))
                await waits(sql)
                for table, row in (
                    ("consent", consent["id"].removeprefix("consent_")),
                    ("referral", rows[1]),
                ):
                    await sql.execute(LOCK.format(table, "NOWAIT"), row)
            assert (await asking)["__typename"] == "StaleVersion"


async def test_a_referral_is_locked_before_the_row_that_something_of_it_is_written_from(loop: Loop) -> None:
    """A sitting's body, an item's member, a correction: what is written hangs on the referral too, whose step
    under way goes on to the sitting, the item, the case. Each deadlocked before."""
    called = await bases.on_a_sitting(loop)
    brought = await bases.on_the_council(loop)
    given = {"organisationId": loop.organisations["hana"]}
    sitting, item = called["sitting"], brought["item"]
    case = await case_of(loop, called["id"])
    told = {"reason": "CHANGED", "person": {"narrative": "引っ越した"}}
    tried: list[tuple[str, str, str, str, dict[str, Any], str]] = [
        ("mori", bases.PICK, "sitting", sitting, {"version": 1, **given}, called["id"]),
        ("mori", bases.ASSIGN, "council_item", item, given, brought["id"]),
        ("ines", CORRECT, "case_file", case, {"version": 1, **told}, called["id"]),
    ]
    async with loop.cities.stage.sql() as sql:
        for who, mutation, table, row, asked, of in tried:
            async with sql.transaction():
                await sql.execute(LOCK.format("referral", ""), of.removeprefix("referral_"))
                asking = asyncio.create_task(loop.person(who).do(mutation, id=row, **asked))
                await waits(sql)
                await sql.execute(LOCK.format(table, "NOWAIT"), row.rsplit("_", 1)[1])
            assert (await asking)["__typename"] not in ("NotFound", "NotAllowed"), table


async def test_a_deadlock_is_begun_anew_and_done_once(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody locks the consent and then the referral, the wrong way round: PostgreSQL gives one up."""
    given_up = list[str]()
    right = retrying.undisturbed

    async def counted(attempt: Any) -> Any:
        async def watched() -> Any:
            try:
                return await attempt()
            except retrying.GIVEN_UP as error:
                given_up.append(error.sqlstate)
                raise

        return await right(watched)

    monkeypatch.setattr("libs.serving.session.undisturbed", counted)
    taken = await loop.accepted("sato")
    consent, referral = taken["consent"]["id"].removeprefix("consent_"), taken["id"].removeprefix("referral_")
    async with loop.cities.stage.sql() as sql:
        # the other one's wait is over first, so that it is the one given up
        await sql.execute("SET deadlock_timeout = '4s'")
        async with sql.transaction():
            await sql.execute(LOCK.format("consent", ""), consent)
            at = {"id": taken["id"], "version": taken["version"]}
            headers = {"Idempotency-Key": "revoke"}
            revoking = asyncio.create_task(loop.person("ines").do(bases.REVOKE, headers=headers, **at))
            await waits(sql)
            await sql.execute(LOCK.format("referral", ""), referral)
        assert (await revoking)["referral"]["state"] == "WITHDRAWN"
    assert given_up == ["40P01"]
    history = (await loop.read("ines", taken["id"]) or {})["history"]
    assert [each["toState"] for each in history].count("WITHDRAWN") == 1
    assert (await loop.told("sato")).count("CONSENT_REVOKED") == 1


async def test_both_ways_to_take_a_consent_back_at_once_end_it_once(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    at = {"id": taken["id"], "version": taken["version"]}
    both = await asyncio.gather(
        loop.person("mori").do(bases.REVOKE, **at),
        loop.person("ines").do(said.WITHDRAW_CONSENT, id=taken["consent"]["id"], version=1),
    )
    names = [each["__typename"] for each in both]
    assert names[0] in {"ReferralPayload", "StaleVersion", "WrongState"}
    assert names[1] in {"ConsentPayload", "StaleVersion", "WrongState"}
    assert {"ReferralPayload", "ConsentPayload"} & set(names)
    history = (await loop.read("ines", taken["id"]) or {})["history"]
    assert [each["toState"] for each in history].count("WITHDRAWN") == 1

"""What the clock does: answers, postings and confirmations run out on working days of Japan, once."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from libs.persistence.actor import SYSTEM
from libs.persistence.work import Work
from services.platform.referrals import deadlines
from services.platform.referrals.jobs import JOBS
from tests.referrals import documents as said
from tests.referrals.conftest import Loop

FRIDAY = datetime(2026, 4, 24, 3, tzinfo=UTC)
"""Before 昭和の日 (Wednesday 04-29) and the holidays of 05-04 to 05-06."""


def test_an_answer_has_whole_working_days() -> None:
    """The last day counts to its end: midnight that begins the next."""
    due = [
        deadlines.answer_due(FRIDAY, urgency, 5, times=times).astimezone(deadlines.JST)
        for urgency, times in (("urgent", 1), ("urgent", 2), ("normal", 1), ("normal", 2))
    ]
    assert [day.date() for day in due] == [
        date(2026, 4, 28),
        date(2026, 4, 29),
        date(2026, 5, 8),
        date(2026, 5, 15),
    ]
    assert {day.hour for day in due} == {0}


def test_the_day_is_japans() -> None:
    saturday_in_japan = datetime(2026, 4, 24, 16, tzinfo=UTC)
    assert deadlines.last_day_posted(FRIDAY, "normal") == date(2026, 5, 8)
    assert deadlines.last_day_posted(saturday_in_japan, "normal") == date(2026, 5, 9)
    assert deadlines.last_day_posted(FRIDAY, "urgent") == date(2026, 5, 7)
    assert deadlines.confirm_due(FRIDAY, "urgent", 14) == datetime(2026, 5, 1, 15, tzinfo=UTC)


@asynccontextmanager
async def at_work(loop: Loop) -> AsyncGenerator[Work, None]:
    async with loop.cities.stage.sql() as sql:
        tenant = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
    async with loop.cities.stage.database() as database, database.work(tenant, SYSTEM) as work:
        yield work


async def due(loop: Loop) -> list[str]:
    """Does what is due now, as the worker would; the kinds done."""
    now = loop.cities.stage.clock()
    async with loop.cities.stage.sql() as sql:
        rows = await sql.fetch(
            "DELETE FROM tsunagari.work_due WHERE due_at <= $1 AND kind = ANY($2) RETURNING kind, key",
            now,
            list(JOBS),
        )
    for row in rows:
        async with at_work(loop) as work:
            await JOBS[row["kind"]](work, row["key"])
    return [row["kind"] for row in rows]


async def state(loop: Loop, referral: str) -> str:
    return (await loop.read("ines", referral) or {})["state"]


async def test_an_unanswered_referral_expires_and_the_recipient_is_out(loop: Loop) -> None:
    case = await loop.case()
    sent = await loop.sent(case, "sato", (await loop.consent(case, "sato", days=90))["id"], urgency="URGENT")
    assert await due(loop) == []
    loop.cities.stage.clock.move(days=21)
    assert await due(loop) == ["referral.answer_ends"]
    assert await state(loop, sent["id"]) == "EXPIRED"
    assert (await loop.reveal("sato", sent["id"], "L2"))["__typename"] == "NotAllowed"
    history = (await loop.read("ines", sent["id"]) or {})["history"]
    assert (history[0]["actor"], history[0]["organisation"]) == (None, None)


async def test_a_job_that_comes_twice_late_or_early_changes_nothing(loop: Loop) -> None:
    case = await loop.case()
    sent = await loop.sent(case, "sato", (await loop.consent(case, "sato"))["id"])
    key = uuid.UUID(sent["id"].removeprefix("referral_"))
    async with at_work(loop) as work:
        await JOBS["referral.answer_ends"](work, key)
    assert await state(loop, sent["id"]) == "SENT"
    await loop.step("sato", said.ACCEPT, id=sent["id"], version=sent["version"])
    loop.cities.stage.clock.move(days=60)
    before = await loop.read("ines", sent["id"])
    for kind in JOBS:
        async with at_work(loop) as work:
            await JOBS[kind](work, key)
            await JOBS[kind](work, uuid.uuid4())
    assert await loop.read("ines", sent["id"]) == before


async def test_a_card_leaves_the_board_after_its_last_day(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    await loop.offer("sato", card["id"])
    loop.cities.stage.clock.move(days=14)
    assert await due(loop) == []
    loop.cities.stage.clock.move(days=1)
    assert await due(loop) == ["referral.post_ends"]
    seen = await loop.read("ines", card["id"]) or {}
    assert (seen["state"], [each["state"] for each in seen["offers"]]) == ("EXPIRED", ["CLOSED"])
    late = await loop.person("hana").do(said.OFFER, id=card["id"])
    assert (late["__typename"], late["state"]) == ("WrongState", "expired")


async def test_an_unconfirmed_report_closes_as_reported_only(loop: Loop) -> None:
    taken = await loop.accepted(days=90)
    await loop.step("sato", said.REPORT, id=taken["id"], version=taken["version"], code="GOT_HELP")
    loop.cities.stage.clock.move(days=16)
    assert "referral.confirm_ends" in await due(loop)
    seen = await loop.read("ines", taken["id"]) or {}
    assert (seen["state"], seen["confirmed"]) == ("CLOSED", False)

"""What the clock does to referrals as their people see it: once, whoever calls it and however often."""

import uuid
from typing import Any

from services.platform.referrals import deadlines
from services.platform.referrals.jobs import JOBS
from tests.referrals import documents as said
from tests.referrals.conftest import Loop


async def state(loop: Loop, referral: str) -> str:
    return (await loop.read("ines", referral) or {})["state"]


async def sent(loop: Loop, **card: Any) -> dict[str, Any]:
    case = await loop.case()
    return await loop.sent(case, "sato", (await loop.consent(case, "sato", days=300))["id"], **card)


async def later(loop: Loop, **amount: float) -> list[str]:
    loop.cities.stage.clock.move(**amount)
    return await loop.due()


async def test_an_unanswered_referral_is_reminded_escalated_and_expires(loop: Loop) -> None:
    made = await sent(loop)
    assert await loop.due() == []
    for _ in range(40):
        await later(loop, days=1)
        if await state(loop, made["id"]) == "EXPIRED":
            break
    kinds = [kind for kind in await loop.told("sato") if kind.startswith("ANSWER")]
    assert kinds == ["ANSWER_DUE_HALF", "ANSWER_DUE_SOON", "ANSWER_OVERDUE"]
    assert [kind for kind in await loop.told("mori") if kind.startswith(("ANSWER", "REFERRAL"))] == [
        "ANSWER_OVERDUE",
        "REFERRAL_EXPIRED",
    ]
    assert (await loop.reveal("sato", made["id"], "L2"))["__typename"] == "NotAllowed"
    history = (await loop.read("ines", made["id"]) or {})["history"]
    assert (history[0]["actor"], history[0]["organisation"]) == (None, None)


async def test_a_worker_that_was_away_does_only_the_last_of_what_it_missed(loop: Loop) -> None:
    made = await sent(loop)
    await later(loop, days=60)
    assert await state(loop, made["id"]) == "EXPIRED"
    assert not [kind for kind in await loop.told("sato") if kind.startswith("ANSWER")]


async def test_an_overdue_answer_is_on_the_coordinators_list_until_it_comes(loop: Loop) -> None:
    made = await sent(loop, urgency="URGENT")
    while not (await loop.seen("mori", made["id"]))["pastDue"]:
        await later(loop, hours=12)
    listed = (await loop.person("mori").ask(said.PAST_DUE)).data["referralsPastDue"]["nodes"]
    assert listed == [{"id": made["id"], "state": "SENT"}]
    # a reminder is no change that makes the desk's answer stale
    taken = await loop.step("sato", said.ACCEPT, id=made["id"], version=made["version"])
    assert taken["state"] == "ACCEPTED"
    assert (await loop.person("mori").ask(said.PAST_DUE)).data["referralsPastDue"]["nodes"] == []


async def test_a_job_that_comes_twice_late_or_early_changes_nothing(loop: Loop) -> None:
    made = await sent(loop)
    key = uuid.UUID(made["id"].removeprefix("referral_"))
    before, told = await loop.read("ines", made["id"]), await loop.told("sato")
    for _ in range(2):
        for kind in JOBS:
            async with loop.at_work() as work:
                await JOBS[kind](work, key)
                await JOBS[kind](work, uuid.uuid4())
    assert (await loop.read("ines", made["id"]), await loop.told("sato")) == (before, told)

    loop.cities.stage.clock.move(days=7)
    for _ in range(2):
        async with loop.at_work() as work:
            await JOBS[deadlines.TICK](work, key)
    again = await loop.told("sato")
    assert len(again) == len(told) + 1
    await loop.due()
    assert await loop.told("sato") == again


async def test_a_card_leaves_the_board_after_its_last_day(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    await loop.offer("sato", card["id"])
    await later(loop, days=14)
    assert await state(loop, card["id"]) == "POSTED"
    await later(loop, days=1)
    seen = await loop.read("ines", card["id"]) or {}
    assert (seen["state"], [each["state"] for each in seen["offers"]]) == ("EXPIRED", ["CLOSED"])
    assert "OFFER_CLOSED" in await loop.told("sato")
    late = await loop.person("hana").do(said.OFFER, id=card["id"])
    assert (late["__typename"], late["state"]) == ("WrongState", "expired")


async def test_an_unconfirmed_report_closes_as_reported_only(loop: Loop) -> None:
    taken = await loop.accepted(days=90)
    await loop.step("sato", said.REPORT, id=taken["id"], version=taken["version"], code="GOT_HELP")
    await later(loop, days=16)
    seen = await loop.read("ines", taken["id"]) or {}
    assert (seen["state"], seen["confirmed"]) == ("CLOSED", False)
    assert "CLOSED_UNCONFIRMED" in await loop.told("ines")
    await later(loop, days=40)
    assert "ACCESS_ENDS" in await loop.told("sato")


async def test_progress_is_past_due_and_never_closed(loop: Loop) -> None:
    taken = await loop.accepted(days=300)
    day = loop.today.isoformat()
    await loop.step("sato", said.START, id=taken["id"], version=taken["version"], startedOn=day)
    await later(loop, days=32)
    assert not (await loop.seen("mori", taken["id"]))["pastDue"]
    for _ in range(3):
        await later(loop, days=60)
    seen = await loop.seen("mori", taken["id"])
    assert (seen["state"], seen["pastDue"]) == ("IN_PROGRESS", True)
    assert [kind for kind in await loop.told("mori") if kind == "PROGRESS_OVERDUE"] == ["PROGRESS_OVERDUE"]


async def test_a_basis_that_nobody_finds_goes_back_to_its_writer(loop: Loop) -> None:
    draft = await loop.draft(await loop.case())
    recipient = loop.organisations["sato"]
    await loop.step(
        "ines", said.REQUEST_BASIS, id=draft["id"], version=draft["version"], recipientId=recipient
    )
    await later(loop, days=16)
    seen = await loop.read("ines", draft["id"]) or {}
    assert (seen["state"], seen["recipient"]) == ("DRAFT", None)
    assert "BASIS_OVERDUE" in await loop.told("ines")
    assert "REFERRAL_SENT" not in await loop.told("sato")


async def test_an_idle_draft_loses_its_words_and_keeps_its_codes(loop: Loop) -> None:
    draft = await loop.draft(await loop.case(), area="北部")
    await later(loop, days=20)
    assert "DRAFT_WAITING" in await loop.told("ines")
    await later(loop, days=75)
    seen = await loop.read("ines", draft["id"]) or {}
    assert (seen["state"], seen["ask"], seen["area"], seen["needCategory"]) == ("DRAFT", "", "", "BELONGING")
    post: dict[str, Any] = {"id": draft["id"], "version": seen["version"], "workingGroupId": loop.group}
    assert (await loop.person("ines").do(said.POST, **post))["state"] == "erased"
    card = {"needCategory": "BELONGING", "ask": "お茶の相手"}
    mended = await loop.step("ines", said.EDIT, id=draft["id"], version=seen["version"], card=card)
    assert (await loop.step("ines", said.POST, **post | {"version": mended["version"]}))["state"] == "POSTED"


async def test_a_consent_that_ends_soon_is_told_once(loop: Loop) -> None:
    case = await loop.case()
    consent = await loop.consent(case, "sato", days=40)
    await loop.sent(case, "sato", consent["id"])
    await later(loop, days=20)
    assert "CONSENT_ENDS_SOON" not in await loop.told("ines")
    await later(loop, days=7)
    key = uuid.UUID(consent["id"].removeprefix("consent_"))
    async with loop.at_work() as work:
        await JOBS[deadlines.CONSENT_ENDS_SOON](work, key)
    # the referral itself has expired by then: nobody is at work under the consent
    case = await loop.case()
    consent = await loop.consent(case, "sato", days=10)
    taken = await loop.sent(case, "sato", consent["id"])
    await loop.step("sato", said.ACCEPT, id=taken["id"], version=taken["version"])
    await loop.due()
    for name in ("ines", "sato"):
        assert (await loop.told(name)).count("CONSENT_ENDS_SOON") == 1, name


async def test_the_coordinator_sets_the_terms_within_bounds(loop: Loop) -> None:
    mori, ines = loop.person("mori"), loop.person("ines")
    before = (await mori.ask(said.TERMS)).data["referralTerms"]
    assert before["answerUrgentWorkingDays"] == 1
    assert (await ines.ask(said.TERMS)).data["referralTerms"] is None
    at = {"version": before["version"]}
    assert (await ines.do(said.CHANGE_TERMS, **at, answerUrgentWorkingDays=2))["__typename"] == "NotAllowed"
    wrong = await mori.do(said.CHANGE_TERMS, **at, answerUrgentWorkingDays=11)
    assert (wrong["__typename"], wrong["field"]) == ("InvalidInput", "answerUrgentWorkingDays")
    days = [(loop.today.replace(day=1)).isoformat()]
    changed = await mori.do(said.CHANGE_TERMS, **at, answerUrgentWorkingDays=10, closedDays=days)
    assert (changed["terms"]["answerUrgentWorkingDays"], changed["terms"]["closedDays"]) == (10, days)
    assert (await mori.do(said.CHANGE_TERMS, **at, confirmUrgentDays=8))["__typename"] == "StaleVersion"
    made = await sent(loop, urgency="URGENT")
    await later(loop, days=9)
    assert not (await loop.seen("mori", made["id"]))["pastDue"]

"""What passes between the two sides on the way, as they live it: questions, holds, returns, reopenings."""

from datetime import timedelta
from typing import Any

import pytest

from services.platform.referrals.jobs import JOBS
from tests.referrals import documents as said
from tests.referrals.conftest import MINE, Loop


async def sent(loop: Loop, **card: Any) -> dict[str, Any]:
    case = await loop.case()
    return await loop.sent(case, "sato", (await loop.consent(case, "sato", days=300))["id"], **card)


def at(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "version": row["version"]}


async def refused(loop: Loop, name: str, mutation: str, **given: Any) -> str:
    result = await loop.person(name).do(mutation, **given)
    return result.get("state") or result["__typename"]


async def test_a_question_stops_the_clock_and_its_answer_starts_it(loop: Loop) -> None:
    made = await sent(loop)
    due = (await loop.seen("sato", made["id"]))["dueAt"]
    asked = await loop.step("sato", said.ASK, **at(made), text="段差はありますか")
    waiting = await loop.seen("ines", made["id"])
    assert waiting["questionOpen"]
    assert waiting["questions"][0]["askedBy"]["name"] == "こども食堂ひだまり"
    assert waiting["dueAt"] > due
    assert "QUESTION_ASKED" in await loop.told("ines")
    assert await refused(loop, "sato", said.ASK, **at(asked), text="もう一つ") == "question_open"
    assert await refused(loop, "sato", said.ANSWER, **at(asked), text="自分で") == "no_question"

    answered = await loop.step("ines", said.ANSWER, **at(asked), text="三段あります")
    after = await loop.seen("sato", made["id"])
    assert (after["questionOpen"], after["questions"][0]["open"], after["dueAt"]) == (False, False, due)
    assert "QUESTION_ANSWERED" in await loop.told("sato")
    texts = (await loop.reveal("sato", made["id"], "TEXTS"))["questions"]
    assert texts == [{"questionText": "段差はありますか", "answerText": "三段あります"}]
    assert await refused(loop, "ines", said.ANSWER, **at(answered), text="また") == "no_question"
    assert (await loop.person("hana").do(said.ASK, **at(answered), text="?"))["__typename"] == "NotFound"


async def test_a_question_that_nobody_answers_lets_the_clock_run_on(loop: Loop) -> None:
    made = await sent(loop, urgency="URGENT")
    await loop.step("ines", said.ASK, **at(made), text="見ていただけましたか")
    for _ in range(30):
        loop.cities.stage.clock.move(days=1)
        await loop.due()
    seen = await loop.seen("ines", made["id"])
    assert (seen["state"], seen["questionOpen"]) == ("EXPIRED", False)
    assert not seen["questions"][0]["open"]


async def test_a_question_stays_open_through_acceptance_and_ends_with_the_start(loop: Loop) -> None:
    made = await sent(loop)
    asked = await loop.step("sato", said.ASK, **at(made), text="曜日は")
    taken = await loop.step("sato", said.ACCEPT, **at(asked))
    assert (await loop.seen("ines", made["id"]))["questionOpen"]
    await loop.step("sato", said.START, **at(taken), startedOn=loop.today.isoformat())
    assert not (await loop.seen("ines", made["id"]))["questionOpen"]


async def test_on_hold_until_a_day_of_review_and_back_where_it_was(loop: Loop) -> None:
    taken = await loop.accepted(days=300)
    day = loop.today + timedelta(days=20)
    for wrong in (loop.today, loop.today + timedelta(days=61)):
        result = await loop.person("sato").do(
            said.HOLD, **at(taken), code="WAITLIST", reviewOn=wrong.isoformat()
        )
        assert (result["__typename"], result["field"]) == ("InvalidInput", "reviewOn")
    assert await refused(loop, "sato", said.HOLD, **at(taken), code="OTHER", reviewOn=day.isoformat()) == (
        "InvalidInput"
    )
    held = await loop.step(
        "sato", said.HOLD, **at(taken), code="OTHER", reviewOn=day.isoformat(), text="改装中"
    )
    seen = await loop.seen("ines", taken["id"])
    assert (seen["state"], seen["holdCode"], seen["reviewOn"]) == ("ON_HOLD", "OTHER", day.isoformat())
    assert (await loop.reveal("ines", taken["id"], "TEXTS"))["holdText"] == "改装中"
    assert await refused(loop, "ines", said.RESUME, **at(held)) == "NotAllowed"
    loop.cities.stage.clock.move(days=14)
    await loop.due()
    assert "REVIEW_DUE" in await loop.told("sato")
    loop.cities.stage.clock.move(days=8)
    await loop.due()
    assert (await loop.seen("sato", taken["id"]))["pastDue"]
    back = await loop.step("sato", said.RESUME, **at(held))
    assert back["state"] == "ACCEPTED"
    begun = await loop.step("sato", said.START, **at(back), startedOn=loop.today.isoformat())
    day = loop.today + timedelta(days=5)
    held = await loop.step("sato", said.HOLD, **at(begun), code="STAFFING", reviewOn=day.isoformat())
    assert (await loop.step("sato", said.RESUME, **at(held)))["state"] == "IN_PROGRESS"


async def test_returned_before_support_begins_its_access_ends(loop: Loop) -> None:
    taken = await loop.accepted()
    why = {"declinedBy": "PROVIDER", "code": "NO_CAPACITY"}
    returned = await loop.step("sato", said.RETURN, **at(taken), **why)
    assert returned["state"] == "DECLINED"
    assert (await loop.reveal("sato", taken["id"], "L2"))["__typename"] == "NotAllowed"
    assert "REFERRAL_RETURNED" in await loop.told("ines")
    begun = await loop.accepted("hana")
    begun = await loop.step("hana", said.START, **at(begun), startedOn=loop.today.isoformat())
    assert await refused(loop, "hana", said.RETURN, **at(begun), **why) == "in_progress"


async def test_reopened_when_the_sender_asks_and_the_recipient_agrees(loop: Loop) -> None:
    taken = await loop.accepted(days=300)
    reported = await loop.step("sato", said.REPORT, **at(taken), code="GOT_PART")
    assert await refused(loop, "sato", said.REOPEN, **at(reported)) == "no_request"
    loop.cities.stage.clock.move(days=10)
    asked = await loop.step("ines", said.ASK_REOPEN, **at(reported))
    assert await refused(loop, "ines", said.ASK_REOPEN, **at(asked)) == "asked"
    assert "REOPEN_REQUESTED" in await loop.told("sato")
    loop.cities.stage.clock.move(days=10)
    await loop.due()
    again = await loop.step("sato", said.REOPEN, **at(asked))
    seen = await loop.seen("ines", taken["id"])
    assert (again["state"], seen["outcomeCode"], seen["reopenAsked"]) == ("IN_PROGRESS", None, False)


async def test_the_persons_own_answer_is_recorded_with_the_confirmation(loop: Loop) -> None:
    taken = await loop.accepted()
    reported = await loop.step("sato", said.REPORT, **at(taken), code="GOT_HELP")
    await loop.step("ines", said.CONFIRM, **at(reported), personAnswer="HELPED_IN_PART")
    seen = await loop.seen("sato", taken["id"])
    assert (seen["state"], seen["personAnswer"]) == ("CLOSED", "HELPED_IN_PART")


async def test_assigned_to_staff_of_the_recipient_and_back_to_the_desk(loop: Loop) -> None:
    taken = await loop.accepted(days=300)
    people = {name: (await loop.person(name).ask(MINE)).data["me"]["id"] for name in ("sato", "hana")}
    assert await refused(loop, "sato", said.ASSIGN, **at(taken), personId=people["hana"]) == "NotFound"
    assert await refused(loop, "ines", said.ASSIGN, **at(taken), personId=people["sato"]) == "NotAllowed"
    assigned = await loop.step("sato", said.ASSIGN, **at(taken), personId=people["sato"])
    assert (await loop.seen("sato", taken["id"]))["assignee"] == {"name": "Sato"}
    assert (await loop.seen("ines", taken["id"]))["assignee"] is None
    await loop.step("sato", said.ASSIGN, **at(assigned), personId=people["sato"])
    async with loop.cities.stage.sql() as sql:
        kept = await sql.fetch("SELECT superseded_at IS NULL AS live FROM tsunagari.assignment ORDER BY id")
        assert [row["live"] for row in kept] == [False, True]
        membership = await sql.fetchval(
            "UPDATE tsunagari.membership SET until = now() WHERE person_id = $1 RETURNING id",
            people["sato"].removeprefix("person_"),
        )
    for _ in range(2):
        async with loop.at_work() as work:
            await JOBS["membership_ended"](work, membership)
    async with loop.cities.stage.sql() as sql:
        assert (
            await sql.fetchval("SELECT count(*) FROM tsunagari.assignment WHERE superseded_at IS NULL") == 0
        )


@pytest.mark.parametrize("mutation", [said.RESUME, said.REOPEN, said.ASK_REOPEN, said.TAKE_BACK])
async def test_a_step_out_of_its_state_or_on_an_old_version_changes_nothing(
    loop: Loop, mutation: str
) -> None:
    taken = await loop.accepted()
    name = "ines" if mutation in (said.ASK_REOPEN, said.TAKE_BACK) else "sato"
    assert await refused(loop, name, mutation, **at(taken)) == "accepted"
    stale = await loop.person(name).do(mutation, id=taken["id"], version=1)
    assert (stale["__typename"], stale["current"]) == ("StaleVersion", taken["version"])
    assert (await loop.read("ines", taken["id"]) or {})["version"] == taken["version"]

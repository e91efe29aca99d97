"""When a basis begins or falls, those whom it concerns are told, by a kind and an id alone."""

import uuid
from datetime import timedelta
from typing import Any

from services.platform.referrals.basis_deadlines import REVIEW_DUE
from services.platform.referrals.basis_jobs import JOBS
from tests.referrals import bases
from tests.referrals import documents as said
from tests.referrals.bases import does, glasses, in_danger, leaves, on_a_sitting, on_the_council
from tests.referrals.conftest import SECRETS, Loop
from tests.referrals.test_break_glass import appoint
from tests.referrals.test_councils import case_of

CONSENT = "query ($id: ID!) { consent(id: $id) { id } }"
INBOX = "{ inbox { notices { nodes { kind about } } } }"


async def told(loop: Loop, name: str) -> list[tuple[str, str]]:
    """Kinds and ids, newest first."""
    inbox = (await loop.person(name).ask(INBOX)).data["inbox"]
    return [(each["kind"], each["about"]) for each in inbox["notices"]["nodes"]]


async def of(loop: Loop, name: str, about: str) -> list[str]:
    return [kind for kind, each in await told(loop, name) if each == about]


async def clock_strikes(loop: Loop, **moved: float) -> list[str]:
    """Time passes, and what is due of lawful bases is done as the worker does it, twice."""
    loop.cities.stage.clock.move(**moved)
    async with loop.cities.stage.sql() as sql:
        rows = await sql.fetch(
            "DELETE FROM tsunagari.work_due WHERE due_at <= $1 AND kind = ANY($2) RETURNING kind, key",
            loop.cities.stage.clock(),
            list(JOBS),
        )
    for row in rows:
        async with loop.at_work() as work:
            await JOBS[row["kind"]](work, uuid.UUID(str(row["key"])))
    return sorted(row["kind"] for row in rows)


async def test_a_break_glass_is_told_to_the_coordinator_and_to_whom_it_names(loop: Loop) -> None:
    sent = await in_danger(loop)
    (glass,) = await glasses(loop, "mori")
    assert ("BREAK_GLASS_OPENED", glass["id"]) in await told(loop, "mori")
    assert ("BREAK_GLASS_OPENED", sent["id"]) in await told(loop, "mori")
    assert "break_glass.review_due" not in await clock_strikes(loop, hours=25)
    assert await of(loop, "hana", sent["id"]) == ["BASIS_FELL"]
    assert "break_glass.review_due" in await clock_strikes(loop, days=12)
    assert "BREAK_GLASS_REVIEW_DUE" in await of(loop, "mori", glass["id"])
    assert "break_glass.review_due" in await clock_strikes(loop, days=12), "as long as nobody reviews it"
    assert (await of(loop, "mori", glass["id"])).count("BREAK_GLASS_REVIEW_DUE") == 2
    assert (await of(loop, "hana", glass["id"])).count("BREAK_GLASS_NO_REVIEWER") == 2, "and nobody can"


async def test_a_reminder_whose_worker_was_killed_behind_it_begins_no_second_chain(loop: Loop) -> None:
    """The job's transaction stands, with the next reminder; the row that it was claimed by is still there."""
    await in_danger(loop)
    (glass,) = await glasses(loop, "mori")
    loop.cities.stage.clock.move(days=12)
    async with loop.at_work() as work:
        await JOBS[REVIEW_DUE](work, uuid.UUID(glass["id"].removeprefix("break_glass_")))
    assert REVIEW_DUE in await clock_strikes(loop), "the killed one's, again"
    assert (await of(loop, "mori", glass["id"])).count("BREAK_GLASS_REVIEW_DUE") == 1
    for reminders in (2, 3):
        assert (await clock_strikes(loop, days=12)).count(REVIEW_DUE) == 1
        assert (await of(loop, "mori", glass["id"])).count("BREAK_GLASS_REVIEW_DUE") == reminders


async def test_whom_it_names_and_who_opened_it_hear_that_a_review_ended_it(loop: Loop) -> None:
    await appoint(loop, "sato")
    sent = await in_danger(loop)
    (glass,) = await glasses(loop, "mori")
    await does(loop, "sato", bases.REVIEW, "breakGlass", id=glass["id"], version=1, finding="TOO_WIDE")
    assert await of(loop, "hana", glass["id"]) == ["BREAK_GLASS_REVIEWED"]
    for name in ("hana", "mori"):
        assert (await of(loop, name, sent["id"])).count("BASIS_FELL") == 1
    assert "break_glass.ends" in await clock_strikes(loop, hours=25), "when it would have ended by itself"
    for name in ("hana", "mori"):
        assert (await of(loop, name, sent["id"])).count("BASIS_FELL") == 1


async def test_a_review_in_time_is_told_to_the_opener_and_nothing_is_due(loop: Loop) -> None:
    await appoint(loop, "sato")
    await in_danger(loop)
    (glass,) = await glasses(loop, "mori")
    await does(loop, "sato", bases.REVIEW, "breakGlass", id=glass["id"], version=1, finding="JUSTIFIED")
    assert await of(loop, "hana", glass["id"]) == ["BREAK_GLASS_REVIEWED"]
    await clock_strikes(loop, days=12)
    assert "BREAK_GLASS_REVIEW_DUE" not in await of(loop, "mori", glass["id"])


async def test_members_are_told_of_their_item_and_both_ends_that_one_left(loop: Loop) -> None:
    sent = await on_the_council(loop)
    assert await of(loop, "sato", sent["item"]) == ["COUNCIL_ASSIGNED"]
    await leaves(loop, sent["council"], "sato", (loop.today + timedelta(days=2)).isoformat())
    assert await clock_strikes(loop, days=1) == []
    assert await clock_strikes(loop, days=1) == ["council.member_left"]
    for name in ("ines", "sato"):
        assert "BASIS_FELL" in await of(loop, name, sent["id"])
    assert await of(loop, "hana", sent["id"]) == []


async def test_bodies_are_called_to_a_sitting_and_told_that_it_is_cancelled(loop: Loop) -> None:
    sent = await on_a_sitting(loop)
    assert await of(loop, "sato", sent["sitting"]) == ["SITTING_PICKED"]
    await does(loop, "mori", bases.CANCEL_SITTING, "sitting", id=sent["sitting"], version=1)
    assert await of(loop, "sato", sent["sitting"]) == ["BASIS_FELL", "SITTING_PICKED"]


async def test_a_consent_is_renewed_in_time_or_both_ends_are_told_that_it_is_over(loop: Loop) -> None:
    taken = await loop.accepted("sato", days=20)
    assert await clock_strikes(loop, days=6, hours=23) == []
    assert "referral.consent_ends_soon" in await loop.due()
    for name in ("ines", "sato"):
        assert "CONSENT_ENDS_SOON" in await of(loop, name, taken["id"])
    assert await clock_strikes(loop, days=14, hours=1) == ["consent.ends"]
    for name in ("ines", "sato"):
        assert "BASIS_FELL" in await of(loop, name, taken["id"])


async def test_the_coordinator_revokes_for_the_person_and_both_ends_are_told(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    ended = await loop.step("mori", bases.REVOKE, id=taken["id"], version=taken["version"])
    assert ended["state"] == "WITHDRAWN"
    assert (await loop.reveal("sato", taken["id"], "L2"))["__typename"] == "NotAllowed"
    for name in ("ines", "sato"):
        assert "CONSENT_REVOKED" in await of(loop, name, taken["id"])
    again = await loop.person("mori").do(bases.REVOKE, id=taken["id"], version=ended["version"])
    assert again["__typename"] == "WrongState"
    theirs = await loop.person("mori").ask(CONSENT, id=taken["consent"]["id"])
    assert theirs.data["consent"] is None


async def test_on_a_closed_referral_the_consent_ends_and_the_state_stays(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    at: dict[str, Any] = {"id": taken["id"], "version": taken["version"]}
    reported = await loop.step("sato", said.REPORT, **at, code="GOT_HELP")
    closed = await loop.step("ines", said.CONFIRM, id=taken["id"], version=reported["version"])
    assert (await loop.reveal("sato", taken["id"], "L3"))["__typename"] == "RevealPayload"
    stranger = await loop.person("sato").do(bases.REVOKE, id=taken["id"], version=closed["version"])
    assert stranger["__typename"] == "NotAllowed"
    kept = await loop.step("ines", bases.REVOKE, id=taken["id"], version=closed["version"])
    assert (kept["state"], kept["version"]) == ("CLOSED", closed["version"])
    assert (await loop.reveal("sato", taken["id"], "L3"))["__typename"] == "NotAllowed"
    assert "CONSENT_REVOKED" in await of(loop, "sato", taken["id"])


async def test_no_notice_and_no_due_work_holds_a_word_of_the_person(loop: Loop) -> None:
    await in_danger(loop)
    await on_the_council(loop, openingReason="今夜の訪問のため")
    async with loop.cities.stage.sql() as sql:
        kept = [
            str(row[0])
            for table in ("notice", "notice_delivery", "work_due", "outbox", "break_glass", "council_item")
            for row in await sql.fetch(f"SELECT row_to_json(t)::text FROM tsunagari.{table} t")
        ]
    assert len(kept) > 5
    assert not [secret for secret in SECRETS if secret in "\n".join(kept)]


async def test_who_is_told_of_a_withdrawal_is_told_once(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    await loop.step("ines", bases.REVOKE, id=taken["id"], version=taken["version"])
    assert (await of(loop, "sato", taken["id"])).count("CONSENT_REVOKED") == 1


async def test_whom_a_consent_does_not_name_is_told_once_that_they_see_it_no_longer(loop: Loop) -> None:
    """Hana was picked for the sitting and assigned to the item; Sato goes on by the person's consent."""
    sent = await on_a_sitting(loop)
    hana = loop.organisations["hana"]
    await does(loop, "mori", bases.PICK, "sitting", id=sent["sitting"], version=1, organisationId=hana)
    council = await bases.a_council(loop, "ines", "hana")
    item = await bases.brought(loop, sent, council["id"])
    await does(loop, "mori", bases.ASSIGN, "councilItem", id=item["id"], organisationId=hana)
    agreed = await loop.consent(await case_of(loop, sent["id"]), "sato", items=["NARRATIVE"])
    await loop.step("ines", bases.REBASE, id=sent["id"], version=sent["version"], consentId=agreed["id"])
    assert await of(loop, "hana", sent["id"]) == ["BASIS_FELL"]
    assert "BASIS_FELL" not in await of(loop, "sato", sent["id"])
    danger = await in_danger(loop)
    agreed = await loop.person("hana").do(
        said.RECORD_CONSENT,
        caseId=await case_of(loop, danger["id"]),
        items=["NARRATIVE"],
        recipientIds=[loop.organisations["mori"]],
        purpose="見守りのため",
        howObtained="ORAL",
        obtainedOn=loop.today.isoformat(),
        validUntil=loop.today.isoformat(),
    )
    at = {"id": danger["id"], "version": danger["version"]}
    await loop.step("hana", bases.REBASE, **at, consentId=agreed["consent"]["id"])
    assert "BASIS_FELL" not in await of(loop, "mori", danger["id"]), "the consent names her department"


async def test_with_who_brought_it_all_assigned_are_told_once_that_the_item_left(loop: Loop) -> None:
    sent = await on_the_council(loop)
    await does(
        loop,
        "mori",
        bases.ADD_MEMBER,
        "councilMember",
        councilId=sent["council"],
        organisationId=loop.organisations["hana"],
    )
    council = (await loop.person("mori").ask(bases.READ_COUNCIL, id=sent["council"])).data["council"]
    await does(loop, "mori", bases.ANNOUNCE, "council", id=council["id"], version=council["version"])
    hana = loop.organisations["hana"]
    await does(loop, "mori", bases.ASSIGN, "councilItem", id=sent["item"], organisationId=hana)
    await leaves(loop, sent["council"], "ines", (loop.today + timedelta(days=3)).isoformat())
    await leaves(loop, sent["council"], "ines", (loop.today + timedelta(days=1)).isoformat())
    assert await clock_strikes(loop, days=1) == ["council.member_left"]
    assert await clock_strikes(loop, days=2) == ["council.member_left"], "the end as it was planned first"
    for name in ("ines", "sato", "hana"):
        assert (await of(loop, name, sent["id"])).count("BASIS_FELL") == 1, name

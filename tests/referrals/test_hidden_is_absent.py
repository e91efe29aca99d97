"""Ids of what one may not see, wherever they are put, answer as ids of what never existed."""

from typing import Any

from tests.referrals import documents as said
from tests.referrals.conftest import ASK, MINE, Loop

ABSENT = "01890000-0000-7000-8000-000000000000"
CARD = {"needCategory": "FOOD", "ask": ASK}
WHY = {"code": "SUPPORT"}


def steps(loop: Loop, referral: str) -> list[tuple[str, dict[str, Any]]]:
    at: dict[str, Any] = {"id": referral, "version": 1}
    return [
        (said.EDIT, {**at, "card": CARD}),
        (said.POST, {**at, "workingGroupId": loop.group}),
        (said.OFFER, {"id": referral}),
        (said.NOTE, {"id": referral, "body": "メモ"}),
        (said.CHOOSE, {**at, "offerId": f"offer_{ABSENT}"}),
        (said.REQUEST_BASIS, {**at, "recipientId": loop.organisations["sato"]}),
        (said.SEND, {**at, "consentId": f"consent_{ABSENT}"}),
        (said.ACCEPT, at),
        (said.DECLINE, {**at, "declinedBy": "PERSON", "code": "SAFETY"}),
        (said.START, {**at, "startedOn": loop.today.isoformat()}),
        (said.REPORT, {**at, "code": "GOT_HELP"}),
        (said.CONFIRM, at),
        (said.WITHDRAW, {**at, "code": "MOVED"}),
        (said.RETURN, {**at, "declinedBy": "PERSON", "code": "SAFETY"}),
        (said.ASK, {**at, "text": "?"}),
        (said.ANSWER, {**at, "text": "!"}),
        (said.HOLD, {**at, "code": "STAFFING", "reviewOn": loop.today.isoformat()}),
        (said.HAND_ON, {**at, "recipientId": loop.organisations["hana"]}),
        (said.ASSIGN, {**at, "personId": f"person_{ABSENT}"}),
        (said.TRANSFER, {**at, "organisationId": f"organisation_{ABSENT}", "consentId": f"consent_{ABSENT}"}),
        (said.REFUSE, {**at, "code": "UNCLEAR"}),
        (said.VOID, {**at, "openBreach": True}),
        *((each, at) for each in (said.TAKE_BACK, said.APPROVE, said.RESUME, said.ASK_REOPEN, said.REOPEN)),
        *((each, at) for each in (said.ASK_TRANSFER, said.ASK_VOID)),
        (said.REVEAL, {"id": referral, "level": "L2", "purpose": WHY}),
        (said.REVEAL, {"id": referral, "level": "TEXTS", "purpose": WHY}),
    ]


async def test_every_step_on_a_hidden_referral_is_not_found(loop: Loop) -> None:
    taken = await loop.accepted("sato")
    before = await loop.read("ines", taken["id"])
    for name in ("hana", "kato", "ueda", "oda", "stranger"):
        hidden, absent = steps(loop, taken["id"]), steps(loop, f"referral_{ABSENT}")
        for (mutation, on_hidden), (_, on_absent) in zip(hidden, absent, strict=True):
            answer = await loop.person(name).do(mutation, **on_hidden)
            assert answer["__typename"] == "NotFound", (name, on_hidden)
            assert answer == await loop.person(name).do(mutation, **on_absent)
    assert await loop.read("ines", taken["id"]) == before


async def test_references_to_others_in_an_input_are_not_found(loop: Loop) -> None:
    case, draft = await loop.case(), await loop.draft(await loop.case())
    theirs = (await loop.person("ueda").ask(MINE)).data["myOrganisation"]["id"]
    other = await loop.card(await loop.case())
    offer = await loop.offer("sato", other["id"])
    card = await loop.card(case)
    asked = {"id": draft["id"], "version": 1}
    tried: list[tuple[str, str, dict[str, Any]]] = [
        ("sato", said.CREATE, {"caseId": case, "card": CARD}),
        ("ines", said.REQUEST_BASIS, {**asked, "recipientId": theirs}),
        ("ines", said.REQUEST_BASIS, {**asked, "recipientId": f"organisation_{ABSENT}"}),
        ("ines", said.POST, {**asked, "workingGroupId": f"working_group_{ABSENT}"}),
        ("ines", said.CHOOSE, {"id": card["id"], "version": card["version"], "offerId": offer}),
        ("sato", said.KEEP_CASE, {"id": case, "version": 1, "person": {"narrative": "…"}}),
        ("sato", said.ASSIGN_CASE, {"id": case, "version": 1, "personId": f"person_{ABSENT}"}),
        ("sato", said.WITHDRAW_CONSENT, {"id": f"consent_{ABSENT}", "version": 1}),
    ]
    for name, mutation, given in tried:
        assert (await loop.person(name).do(mutation, **given))["__typename"] == "NotFound", given
    assert (await loop.read("ines", draft["id"]) or {})["state"] == "DRAFT"


async def test_the_board_of_a_group_without_a_seat_is_not_posted_to(loop: Loop) -> None:
    draft = await loop.draft(await loop.case())
    async with loop.cities.stage.sql() as sql:
        await sql.execute(
            "UPDATE tsunagari.seat SET until_on = from_on WHERE organisation_id = $1",
            loop.organisations["ines"].removeprefix("organisation_"),
        )
    post: dict[str, Any] = {"id": draft["id"], "version": draft["version"], "workingGroupId": loop.group}
    assert (await loop.person("ines").do(said.POST, **post))["__typename"] == "NotFound"


async def test_each_step_is_audited_and_those_who_watch_are_told(loop: Loop) -> None:
    card = await loop.card(await loop.case())
    await loop.offer("sato", card["id"])
    async with loop.cities.stage.sql() as sql:
        actions = await sql.fetch("SELECT action FROM tsunagari.audit_entry ORDER BY at, sequence")
        told = await sql.fetch(
            "SELECT topic, key::text FROM tsunagari.outbox WHERE topic = ANY($1)", ["board"]
        )
    assert [row["action"] for row in actions][-5:] == [
        "open_case",
        "create_referral",
        "post_to_board",
        "offer_help",
        "offer_help",
    ]
    assert [row["key"] for row in told] == [loop.group.removeprefix("working_group_")] * 2

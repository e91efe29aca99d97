"""Whatever people try in whatever order: the state is what a plain model says, and the fold of the events."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.platform.referrals.models import machine
from tests.referrals import documents as said
from tests.referrals.conftest import Loop

MOVES: Mapping[str, tuple[str, str, dict[str, Any]]] = {
    "post": ("ines", said.POST, {}),
    "offer": ("sato", said.OFFER, {}),
    "choose": ("ines", said.CHOOSE, {}),
    "ask": ("ines", said.REQUEST_BASIS, {}),
    "take_back": ("ines", said.TAKE_BACK, {}),
    "send": ("ines", said.SEND, {}),
    "accept": ("sato", said.ACCEPT, {}),
    "decline": ("sato", said.DECLINE, {"declinedBy": "PERSON", "code": "NO_CAPACITY"}),
    "return": ("sato", said.RETURN, {"declinedBy": "PROVIDER", "code": "SAFETY"}),
    "question": ("sato", said.ASK, {"text": "曜日は"}),
    "answer": ("ines", said.ANSWER, {"text": "火曜です"}),
    "start": ("sato", said.START, {}),
    "hold": ("sato", said.HOLD, {"code": "STAFFING"}),
    "resume": ("sato", said.RESUME, {}),
    "report": ("sato", said.REPORT, {"code": "GOT_PART"}),
    "confirm": ("ines", said.CONFIRM, {}),
    "ask_reopen": ("ines", said.ASK_REOPEN, {}),
    "reopen": ("sato", said.REOPEN, {}),
    "hand_on": ("sato", said.HAND_ON, {}),
    "withdraw": ("ines", said.WITHDRAW, {"code": "MOVED"}),
    "ask_void": ("ines", said.ASK_VOID, {}),
    "void": ("mori", said.VOID, {"openBreach": True}),
}

# written from the table of transitions in words, apart from the product's own data
BEFORE_REPORT = ("draft", "posted", "awaiting_basis", "sent", "accepted", "on_hold", "in_progress")
ENDED = ("closed", "declined", "withdrawn")
SAME = "="
HELD = "where it was held"
MODEL: Mapping[tuple[str, str], str] = {
    ("draft", "post"): "posted",
    ("draft", "ask"): "awaiting_basis",
    ("posted", "offer"): SAME,
    ("posted", "choose"): "awaiting_basis",
    ("awaiting_basis", "take_back"): "draft",
    ("awaiting_basis", "send"): "sent",
    ("sent", "accept"): "accepted",
    ("sent", "decline"): "declined",
    ("accepted", "return"): "declined",
    ("accepted", "start"): "in_progress",
    ("on_hold", "resume"): HELD,
    ("reported", "confirm"): "closed",
    ("reported", "ask_reopen"): SAME,
    ("reported", "reopen"): "in_progress",
    **{(state, move): SAME for state in ("sent", "accepted") for move in ("question", "answer")},
    **{(state, "hold"): "on_hold" for state in ("accepted", "in_progress")},
    **{(state, "hand_on"): SAME for state in ("accepted", "in_progress")},
    **{(state, "report"): "reported" for state in ("accepted", "on_hold", "in_progress")},
    **{(state, "withdraw"): "withdrawn" for state in BEFORE_REPORT},
    **{(state, "ask_void"): SAME for state in (*BEFORE_REPORT, "reported", *ENDED)},
    **{(state, "void"): "void" for state in (*BEFORE_REPORT, "reported", *ENDED)},
}
NEEDS = {"choose": "offer", "answer": "question", "reopen": "ask_reopen", "void": "ask_void"}
"""The move that has to be waiting for its answer."""
ONCE = {"offer", "question", "ask_reopen", "hand_on", "ask_void"}
"""Not again while it waits."""
DONE = ("ReferralPayload", "OfferPayload")


class Attempt:
    """One referral, everything that a step on it could need, and the model of where it stands."""

    def __init__(self, loop: Loop, referral: str, consent: str) -> None:
        self.loop = loop
        self.id = referral
        self.consent = consent
        self.offer = "offer_01890000-0000-7000-8000-000000000000"
        self.state = "draft"
        self.held = ""
        self.waiting: set[str] = set()

    def expected(self, move: str) -> str | None:
        if move in NEEDS and NEEDS[move] not in self.waiting:
            return None
        if move in ONCE & self.waiting:
            return None
        target = MODEL.get((self.state, move))
        return {SAME: self.state, HELD: self.held}.get(target, target) if target else None

    def moved(self, move: str, target: str) -> None:
        self.waiting -= {NEEDS.get(move, "")}
        if target != self.state:
            self.waiting -= {"ask_reopen", "offer", *(() if move == "accept" else ("question",))}
        if move in ONCE:
            self.waiting.add(move)
        if move == "hold":
            self.held = self.state
        self.state = target

    async def make(self, move: str) -> dict[str, Any]:
        name, mutation, fixed = MOVES[move]
        seen = await self.loop.read("ines", self.id) or {}
        needed = {
            "post": {"workingGroupId": self.loop.group},
            "choose": {"offerId": self.offer},
            "ask": {"recipientId": self.loop.organisations["sato"]},
            "send": {"consentId": self.consent},
            "start": {"startedOn": self.loop.today.isoformat()},
            "hold": {"reviewOn": (self.loop.today + timedelta(days=7)).isoformat()},
            "hand_on": {"recipientId": self.loop.organisations["hana"]},
        }.get(move, {})
        versioned = {} if move == "offer" else {"version": seen["version"]}
        result = await self.loop.person(name).do(mutation, id=self.id, **versioned, **needed, **fixed)
        if result["__typename"] == "OfferPayload":
            self.offer = result["offer"]["id"]
        return result


async def walk(attempt: Attempt, moves: list[str]) -> None:
    for move in moves:
        target = attempt.expected(move)
        result = await attempt.make(move)
        assert (result["__typename"] in DONE) == (target is not None), (attempt.state, move, result)
        if target is not None:
            attempt.moved(move, target)


async def an_attempt(loop: Loop) -> Attempt:
    case = await loop.case()
    draft = await loop.draft(case)
    return Attempt(loop, draft["id"], (await loop.consent(case, "sato"))["id"])


FORWARD = ["ask", "send", "accept", "start", "report"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    far=st.integers(min_value=0, max_value=len(FORWARD)),
    moves=st.lists(st.sampled_from(sorted(MOVES)), min_size=4, max_size=14),
)
async def test_state_is_the_model_and_the_fold(loop: Loop, far: int, moves: list[str]) -> None:
    """From somewhere on the way on, whatever people try."""
    attempt = await an_attempt(loop)
    await walk(attempt, [*FORWARD[:far], *moves])
    seen = await loop.read("ines", attempt.id) or {}
    assert seen["state"] == attempt.state.upper()
    await the_events_fold_to_the_row(loop, attempt.id)


async def the_events_fold_to_the_row(loop: Loop, referral: str) -> None:
    async with loop.cities.stage.sql() as sql:
        identity = referral.removeprefix("referral_")
        row = await sql.fetchrow("SELECT * FROM tsunagari.referral WHERE id = $1", identity)
        events = await sql.fetch(
            "SELECT * FROM tsunagari.referral_event WHERE referral_id = $1 ORDER BY sequence", identity
        )
    assert row is not None
    folded = machine.fold([dict(event) for event in events])
    assert folded.state == row["state"]
    stamps = {stamp for step in machine.STEPS.values() for stamp in (*step.stamped, *step.clears)}
    assert {stamp: row[stamp] for stamp in stamps} == {stamp: folded.stamps.get(stamp) for stamp in stamps}
    assert all(before["to_state"] == after["from_state"] for before, after in pairwise(events))


WALKS = (
    "post offer choose send accept start report confirm",
    "ask take_back post offer choose take_back ask send question answer accept question start",
    "ask send accept hold resume start hold resume report ask_reopen reopen report confirm ask_void void",
    "ask send accept hand_on return",
    "ask send decline ask_void void",
    "post ask_void void",
)


@pytest.mark.parametrize("moves", WALKS)
async def test_the_table_is_walked(loop: Loop, moves: str) -> None:
    """A positive control: the random walks above could all end early."""
    attempt = await an_attempt(loop)
    for move in moves.split():
        assert attempt.expected(move) is not None, (attempt.state, move)
        await walk(attempt, [move])
    await the_events_fold_to_the_row(loop, attempt.id)


def test_the_walks_take_every_move() -> None:
    assert {*MOVES} - {move for moves in WALKS for move in moves.split()} == {"withdraw"}


def test_terminal_states_have_no_way_out_but_void() -> None:
    out = {step.name for step in machine.STEPS.values() if set(step.origins) & set(machine.TERMINAL)}
    assert out == {"request_void", "mark_void"}
    assert {target for step in machine.STEPS.values() for target in step.targets} == set(machine.STATES)


async def test_a_refused_step_leaves_an_audit_row_and_nothing_else(loop: Loop) -> None:
    taken = await loop.accepted()
    before = await loop.read("ines", taken["id"])
    early = await loop.person("ines").do(said.CONFIRM, id=taken["id"], version=taken["version"])
    assert (early["__typename"], early["state"]) == ("WrongState", "accepted")
    assert await loop.read("ines", taken["id"]) == before
    async with loop.cities.stage.sql() as sql:
        action = await sql.fetchval(
            "SELECT action FROM tsunagari.audit_entry ORDER BY at DESC, sequence DESC LIMIT 1"
        )
    assert action == "refused:confirm_loop"

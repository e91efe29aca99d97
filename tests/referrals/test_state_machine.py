"""Whatever people try in whatever order: the state is what a plain model says, and the fold of the events."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

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
    "send": ("ines", said.SEND, {}),
    "accept": ("sato", said.ACCEPT, {}),
    "decline": ("sato", said.DECLINE, {"declinedBy": "PERSON", "code": "NO_CAPACITY"}),
    "start": ("sato", said.START, {}),
    "report": ("sato", said.REPORT, {"code": "GOT_PART"}),
    "confirm": ("ines", said.CONFIRM, {}),
    "withdraw": ("ines", said.WITHDRAW, {"code": "MOVED"}),
}

# written from the table of transitions in words, apart from the product's own data
MODEL: Mapping[tuple[str, str], str] = {
    ("draft", "post"): "posted",
    ("draft", "ask"): "awaiting_basis",
    ("posted", "offer"): "posted",
    ("posted", "choose"): "awaiting_basis",
    ("awaiting_basis", "send"): "sent",
    ("sent", "accept"): "accepted",
    ("sent", "decline"): "declined",
    ("accepted", "start"): "in_progress",
    ("accepted", "report"): "reported",
    ("in_progress", "report"): "reported",
    ("reported", "confirm"): "closed",
    **{
        (state, "withdraw"): "withdrawn"
        for state in ("draft", "posted", "awaiting_basis", "sent", "accepted", "in_progress")
    },
}


class Attempt:
    """One referral and everything that a step on it could need."""

    def __init__(self, loop: Loop, referral: str, consent: str) -> None:
        self.loop = loop
        self.id = referral
        self.consent = consent
        self.offer = "offer_01890000-0000-7000-8000-000000000000"
        self.offered = False

    def expected(self, state: str, move: str) -> str | None:
        if move == "choose" and not self.offered:
            return None
        if move == "offer" and self.offered:
            return None
        return MODEL.get((state, move))

    async def make(self, move: str) -> dict[str, Any]:
        name, mutation, fixed = MOVES[move]
        seen = await self.loop.read("ines", self.id) or {}
        needed = {
            "post": {"workingGroupId": self.loop.group},
            "choose": {"offerId": self.offer},
            "ask": {"recipientId": self.loop.organisations["sato"]},
            "send": {"consentId": self.consent},
            "start": {"startedOn": self.loop.today.isoformat()},
        }.get(move, {})
        versioned = {} if move == "offer" else {"version": seen["version"]}
        result = await self.loop.person(name).do(mutation, id=self.id, **versioned, **needed, **fixed)
        if result["__typename"] == "OfferPayload":
            self.offer, self.offered = result["offer"]["id"], True
        return result


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(sorted(MOVES)), min_size=4, max_size=14))
async def test_state_is_the_model_and_the_fold(loop: Loop, moves: list[str]) -> None:
    case = await loop.case()
    draft = await loop.draft(case)
    attempt = Attempt(loop, draft["id"], (await loop.consent(case, "sato"))["id"])
    state = "draft"
    for move in moves:
        target = attempt.expected(state, move)
        result = await attempt.make(move)
        done = result["__typename"] in ("ReferralPayload", "OfferPayload")
        assert done == (target is not None), (state, move, result)
        state = target or state
    seen = await loop.read("ines", draft["id"]) or {}
    assert seen["state"] == state.upper()
    await the_events_fold_to_the_row(loop, draft["id"])


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
    stamps = {stamp for step in machine.STEPS.values() for stamp in step.stamps}
    assert {stamp: row[stamp] for stamp in stamps} == {stamp: folded.stamps.get(stamp) for stamp in stamps}
    assert all(before["to_state"] == after["from_state"] for before, after in pairwise(events))


async def test_the_whole_table_is_walked_once(loop: Loop) -> None:
    """A positive control: the random walks above could all end early."""
    case = await loop.case()
    draft = await loop.draft(case)
    attempt = Attempt(loop, draft["id"], (await loop.consent(case, "sato"))["id"])
    for move in ("post", "offer", "choose", "send", "accept", "start", "report", "confirm"):
        assert (await attempt.make(move))["__typename"] in ("ReferralPayload", "OfferPayload"), move
    await the_events_fold_to_the_row(loop, draft["id"])


def test_terminal_states_have_no_way_out() -> None:
    assert not [step for step in machine.STEPS.values() if set(step.origins) & set(machine.TERMINAL)]
    assert {step.target for step in machine.STEPS.values()} <= set(machine.STATES)


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

"""Whatever people try in whatever order: the state is what a plain model says, and the fold of the events."""

import asyncio
import os
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.platform.referrals.models import machine
from tests.referrals import documents as said
from tests.referrals.conftest import Loop
from tests.referrals.walks import MOVES, TABLE, Model, Walk, a_walk

MANY = int(os.environ.get("TSUNAGARI_SOAK_WALKS", "1500"))
ANY_ORDER = st.lists(st.sampled_from(MOVES), min_size=6, max_size=18)
TO_THE_END = ("post", "offer", "choose", "send", "accept", "start", "report", "confirm")
TOWARDS = st.sampled_from([TO_THE_END, ("ask", *TO_THE_END[3:]), ("ask", "send", "question")])
"""Random moves alone seldom come far: each walk goes some way first."""
WALKS = st.tuples(TOWARDS, st.integers(0, len(TO_THE_END)), ANY_ORDER).map(
    lambda drawn: [*drawn[0][: drawn[1]], *drawn[2]]
)
LIGHT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # a walk is short and takes seconds: looking for a shorter one would take minutes
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@settings(LIGHT, max_examples=14)
@given(moves=WALKS)
async def test_state_and_openings_are_the_models(loop: Loop, moves: list[str]) -> None:
    await walked(loop, moves)


@pytest.mark.soak
@settings(LIGHT, max_examples=MANY)
@given(moves=WALKS)
async def test_likewise_in_a_long_run(loop: Loop, moves: list[str]) -> None:
    await walked(loop, moves)


@settings(LIGHT, max_examples=10)
@given(
    steps=st.integers(0, len(TO_THE_END)),
    both=st.tuples(*[st.sampled_from([move for move in TABLE if move != "offer"])] * 2),
)
async def test_of_two_moves_at_once_at_most_one_is_made(
    loop: Loop, steps: int, both: tuple[str, str]
) -> None:
    """Both were read at the same version: the second one finds another, whoever it is."""
    walk, model = await a_walk(loop), Model()
    for move in TO_THE_END[:steps]:
        assert await walk.make(move)
        model = model.after(move) or model
    version = (await loop.read("ines", walk.id) or {})["version"]
    made = await asyncio.gather(*(walk.make(move, version) for move in both))
    possible = [model.after(move) for move in both]
    assert sum(made) == min(1, sum(each is not None for each in possible)), (model, both, made)
    expected = next((after for done, after in zip(made, possible, strict=True) if done), model)
    assert expected is not None
    await agrees(loop, walk, expected)


async def walked(loop: Loop, moves: list[str]) -> None:
    """A step that is refused changes nothing, one that is accepted leads where the model says."""
    walk, model = await a_walk(loop), Model()
    for move in moves:
        if move == "months pass" and model.months:
            continue
        before = await loop.read("ines", walk.id)
        after = model.after(move)
        assert await walk.make(move) == (after is not None), (model, move)
        if after is None:
            assert await loop.read("ines", walk.id) == before, (model, move)
        model = after or model
        await agrees(loop, walk, model)


async def agrees(loop: Loop, walk: Walk, model: Model) -> None:
    seen = await loop.read("ines", walk.id) or {}
    assert seen["state"] == model.state.upper(), model
    for level in ("L2", "L3"):
        opened = await loop.reveal("sato", walk.id, level)
        assert (opened["__typename"] == "RevealPayload") == model.opens(level), (model, level, opened)
    for name in ("kato", "mori"):
        assert (await loop.reveal(name, walk.id, "L2"))["__typename"] != "RevealPayload", (model, name)
    await the_events_fold_to_the_row(loop, walk.id)


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


async def test_the_whole_table_is_walked_once(loop: Loop) -> None:
    """A positive control: the random walks above could all end early."""
    made: set[str] = set()
    for moves in (
        (*TO_THE_END, "ask to void", "void"),
        ("ask", "take back", "ask", "send", "question", "answer", "assign", "decline"),
        ("ask", "send", "accept", "hold", "resume", "return"),
        ("ask", "send", "accept", "report", "ask to reopen", "reopen", "withdraw"),
        ("ask", "send", "consent is withdrawn"),
        ("ask", "send", "months pass"),
    ):
        await walked(loop, list(moves))
        made.update(moves)
    assert made == set(MOVES)


def test_terminal_states_have_no_way_out_but_to_void() -> None:
    ways = {name for name, step in machine.STEPS.items() if set(step.origins) & set(machine.TERMINAL)}
    assert ways == {"request_void", "mark_void"}
    assert not [step for step in machine.STEPS.values() if "void" in step.origins]
    assert {target for step in machine.STEPS.values() for target in step.targets} <= set(machine.STATES)


async def test_a_refused_step_leaves_an_audit_row_and_nothing_else(loop: Loop) -> None:
    taken = await loop.accepted()
    before = await loop.read("ines", taken["id"])
    early = await loop.person("ines").do(said.CONFIRM, id=taken["id"], version=taken["version"])
    assert (early["__typename"], early["state"]) == ("WrongState", "accepted")
    assert await loop.read("ines", taken["id"]) == before
    async with loop.cities.stage.sql() as sql:
        action: Any = await sql.fetchval(
            "SELECT action FROM tsunagari.audit_entry ORDER BY at DESC, sequence DESC LIMIT 1"
        )
    assert action == "refused:confirm_loop"

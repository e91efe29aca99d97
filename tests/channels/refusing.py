"""Every step on a referral, tried so that it must be refused: of an older version, or with nothing in it."""

import re
from collections.abc import Mapping
from typing import Any, Final

from tests.channels.world import World
from tests.referrals import documents as said
from tests.referrals.test_hidden_is_absent import steps

MOST: Final = 20
TOO_LONG: Final = "長" * 2_000
_STEP: Final = re.compile(r"mutation \(\$input: (\w+)!\) \{ (\w+)\(input: \$input\)(.*)\}\s*$", re.DOTALL)


async def refused_steps(world: World, name: str, referral: str) -> dict[str, Any]:
    """What each step answers this person, by its place."""
    answers: dict[str, Any] = {}
    tries = _tries(world, referral)
    for start in range(0, len(tries), MOST):
        text, places = _together(tries[start : start + MOST], start)
        answers |= (await world.person(name).ask(text, **places)).data
    assert not [each for each in answers.values() if each["__typename"].endswith("Payload")], answers
    return answers


def _tries(world: World, referral: str) -> list[tuple[str, dict[str, Any]]]:
    tried = [
        (mutation, given)
        for mutation, given in steps(world.cast.loop, referral)
        if mutation not in {said.REVEAL, said.OFFER, said.NOTE}
    ]
    return [
        *tried,
        (said.NOTE, {"id": referral, "body": ""}),
        (said.OFFER, {"id": referral, "message": TOO_LONG}),
    ]


def _together(tried: list[tuple[str, dict[str, Any]]], start: int) -> tuple[str, Mapping[str, Any]]:
    """One document of them all, and what it is given."""
    declared, fields, places = list[str](), list[str](), dict[str, Any]()
    for number, (mutation, given) in enumerate(tried, start):
        step = _STEP.fullmatch(mutation.strip())
        assert step is not None, mutation
        declared.append(f"$i{number}: {step[1]}!")
        fields.append(f"s{number}: {step[2]}(input: $i{number}){step[3]}")
        places[f"i{number}"] = given
    return f"mutation ({', '.join(declared)}) {{ {' '.join(fields)} }}", places

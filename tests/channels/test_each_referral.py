"""Everybody asks for every referral, tries every reveal and file of it: the table says what they get."""

import pytest

from tests.channels.asking import ask_for, differences
from tests.channels.expected import WATCHERS, may
from tests.channels.world import World


async def test_everybody_learns_what_the_table_says(world: World) -> None:
    assert not (told := await _told(world, thorough=False)), "\n".join(told)


@pytest.mark.soak
async def test_likewise_in_every_scene(whole_world: World) -> None:
    assert not (told := await _told(whole_world, thorough=True)), "\n".join(told)


async def _told(world: World, *, thorough: bool) -> list[str]:
    """All differences between the world and the table."""
    found: list[str] = []
    for who in WATCHERS:
        learnt = await ask_for(world.person(who.name), world.told, thorough=thorough)
        for told, each in zip(world.told, learnt, strict=True):
            found += differences(who, told, may(who, told.scene), each)
    return found

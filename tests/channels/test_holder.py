"""Fumi, who holds the link to one referral and a code from the same mailbox, and has no account."""

import re
from typing import Any, Final

from tests.channels.expected import OF_A_LINK
from tests.channels.marks import found
from tests.channels.telling import Told
from tests.channels.ways import Scene
from tests.channels.world import World
from tests.links.conftest import CODE, Fumi
from tests.links.documents import SEND_LINK
from tests.referrals import documents as said

LINK: Final = re.compile(r"/t/ikoma/answer/[\w-]+")


async def test_a_link_opens_its_referral_once_and_nothing_when_it_is_over(quiet_world: World) -> None:
    world = quiet_world
    first, second = await _sent(world, "zza"), await _sent(world, "zzb")
    fumi, over = await _link(world, first), await _link(world, second)
    for path in (fumi.waiting, fumi.code_page):
        assert not found((await fumi.opens(path)).html)
    assert found((await fumi.enters(await _code(world, fumi))).html) == {"zza": OF_A_LINK}

    code = await _code(world, over)
    await world.cast.loop.step("ines", said.WITHDRAW, **await _at(world, second), code="MOVED")
    for seen in (await over.enters(code), await over.opens(), await fumi.opens(fumi.code_page)):
        assert not found(seen.html)
    assert not found(world.left())


async def _sent(world: World, key: str) -> Told:
    return await world.tell(Scene("consent_npo", "sent", key))


async def _at(world: World, told: Told) -> dict[str, Any]:
    read = "query ($id: ID!) { referral(id: $id) { id version } }"
    at: dict[str, Any] = (await world.person("ines").ask(read, id=told.referral)).data["referral"]
    return at


async def _link(world: World, told: Told) -> Fumi:
    """From the mail in which it comes."""
    sent = await world.person("ines").do(SEND_LINK, **await _at(world, told))
    assert sent["__typename"] == "AnswerLinkPayload", sent
    await world.deliver()
    links = [link[0] for body in world.box.bodies() for link in [LINK.search(body)] if link]
    return Fumi(world.cities.stage.http, links[-1])


async def _code(world: World, fumi: Fumi) -> str:
    await fumi.asks_for_code()
    await world.deliver()
    codes = [code[0] for body in world.box.bodies() for code in [CODE.search(body)] if code]
    return codes[-1]

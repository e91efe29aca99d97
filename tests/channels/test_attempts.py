"""A second attempt for one case: who is asked now learns nothing of who was asked before, nor they of it."""

import json
from typing import Any

from tests.channels.asking import CARD
from tests.channels.marks import found, mark
from tests.channels.telling import Told
from tests.channels.ways import Scene
from tests.channels.world import World
from tests.referrals import documents as said


async def test_an_earlier_attempt_and_its_next_do_not_tell_of_each_other(quiet_world: World) -> None:
    first = await quiet_world.tell(Scene("consent_npo", "declined", "zzn"))
    second = await _tried_again(quiet_world, first)
    assert await _read(quiet_world, "hana", second) == {"zzo": {"ask", "need"}}
    assert await _read(quiet_world, "sato", second) == {}
    assert await _read(quiet_world, "sato", first.referral) == {}
    assert await _read(quiet_world, "hana", first.referral) == {}
    of_both = await _read(quiet_world, "ines", second)
    assert of_both["zzn"] >= {"ask", "need"}, "the sender reads the earlier one through the next"
    opened = await quiet_world.cast.loop.reveal("hana", second, "L2")
    assert found(json.dumps(opened)) == {"zzn": {"L2"}}, "the case is the same person's"
    texts = await quiet_world.cast.loop.reveal("hana", second, "TEXTS")
    assert not found(json.dumps(texts))


async def _tried_again(world: World, first: Told) -> str:
    """Sent to Hana's department, with the earlier attempt named."""
    loop = world.cast.loop
    consent = await loop.consent(first.case, "hana")
    made = await loop.person("ines").do(
        said.CREATE,
        caseId=first.case,
        previousAttemptId=first.referral,
        card={"needCategory": "LEGAL", "ask": mark("ask", "zzo"), "area": mark("area", "zzo")},
    )
    draft: dict[str, Any] = made["referral"]
    asked = await loop.step(
        "ines",
        said.REQUEST_BASIS,
        id=draft["id"],
        version=draft["version"],
        recipientId=loop.organisations["hana"],
    )
    at = {"id": asked["id"], "version": asked["version"]}
    return (await loop.step("ines", said.SEND, **at, consentId=consent["id"]))["id"]


async def _read(world: World, name: str, referral: str) -> dict[str, set[str]]:
    return found(json.dumps((await world.person(name).ask(CARD, id=referral)).data))

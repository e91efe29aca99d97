"""Two who act at once, and one who acts on what they read before."""

import asyncio

from tests.referrals import documents as said
from tests.referrals.conftest import ASK, Loop


async def test_of_two_acceptances_one_is_a_typed_conflict(loop: Loop) -> None:
    case = await loop.case()
    sent = await loop.sent(case, "sato", (await loop.consent(case, "sato"))["id"])
    accept = {"id": sent["id"], "version": sent["version"]}
    both = await asyncio.gather(*(loop.person("sato").do(said.ACCEPT, **accept) for _ in range(2)))
    assert sorted(each["__typename"] for each in both) == ["ReferralPayload", "StaleVersion"]
    history = (await loop.read("ines", sent["id"]) or {})["history"]
    assert [each["toState"] for each in history].count("ACCEPTED") == 1


async def test_of_two_live_twins_one_is_a_typed_conflict(loop: Loop) -> None:
    case = await loop.case()
    drafts = [await loop.draft(case) for _ in range(2)]
    recipient = loop.organisations["sato"]
    both = await asyncio.gather(
        *(
            loop.person("ines").do(said.REQUEST_BASIS, id=each["id"], version=1, recipientId=recipient)
            for each in drafts
        )
    )
    assert sorted(each["__typename"] for each in both) == ["AlreadyExists", "ReferralPayload"]


async def test_a_stale_version_changes_nothing(loop: Loop) -> None:
    draft = await loop.draft(await loop.case())
    card = {"needCategory": "FOOD", "ask": ASK}
    edited = await loop.step("ines", said.EDIT, id=draft["id"], version=1, card=card)
    stale = await loop.person("ines").do(said.POST, id=draft["id"], version=1, workingGroupId=loop.group)
    assert (stale["__typename"], stale["current"]) == ("StaleVersion", edited["version"])
    assert (await loop.read("ines", draft["id"]) or {})["state"] == "DRAFT"


async def test_the_same_key_sends_once_and_reveals_are_logged_each(loop: Loop) -> None:
    case = await loop.case()
    sent = await loop.sent(case, "sato", (await loop.consent(case, "sato"))["id"])
    headers = {"Idempotency-Key": "accept-once"}
    accept = {"id": sent["id"], "version": sent["version"]}
    first = await loop.person("sato").do(said.ACCEPT, headers=headers, **accept)
    assert await loop.person("sato").do(said.ACCEPT, headers=headers, **accept) == first
    reveal = {"id": sent["id"], "level": "L2", "purpose": {"code": "SUPPORT"}}
    seen = [
        await loop.person("sato").do(said.REVEAL, headers={"Idempotency-Key": "look"}, **reveal)
        for _ in range(2)
    ]
    assert seen[0]["accessEntry"]["id"] != seen[1]["accessEntry"]["id"]
    assert len((await loop.read("ines", sent["id"]) or {})["accessLog"]) == 2

"""Scenes of the lawful bases. Where a fact is not to hold, everything but one thing of it is there."""

import uuid
from datetime import timedelta

from tests.cells.stage import ALL_ITEMS, Stage

HOUR = timedelta(hours=1)


async def add_bases(stage: Stage, referral: uuid.UUID) -> None:
    """Before a council, a sitting and in danger: to the asker, or as nearly as may be."""
    await _before_council(stage, referral)
    await _before_sitting(stage, referral)
    await _in_danger(stage, referral)


async def council(stage: Stage) -> uuid.UUID:
    announced = stage.rows.today if stage.holds("published") else None
    return await stage.rows.add("council", announced_on=announced)


async def council_member(stage: Stage) -> uuid.UUID:
    ended = {} if stage.holds("published") else {"until_on": stage.rows.today}
    return await stage.rows.add("council_member", **ended)


async def council_item(stage: Stage) -> uuid.UUID:
    referral = await stage.rows.add("referral", state="void", previous_attempt_id=None)
    bringer = stage.me if stage.holds("own") else await stage.rows.add("organisation", status="declined")
    return await _item(stage, referral, bringer, listed=stage.holds("council"))


async def sitting(stage: Stage) -> uuid.UUID:
    made = await stage.rows.add("sitting")
    if stage.holds("sitting"):
        await stage.rows.add("sitting_body", sitting_id=made, organisation_id=stage.me)
    return made


async def break_glass(stage: Stage) -> uuid.UUID:
    referral = await stage.rows.add("referral", state="void", previous_attempt_id=None)
    opener = await _somebody(stage) if stage.holds("second_person") else stage.person
    return await stage.rows.add("break_glass", referral_id=referral, opener_id=opener, **stage.mine("own"))


async def _before_council(stage: Stage, referral: uuid.UUID) -> None:
    bringer = await stage.rows.add("organisation", status="declined")
    await _item(stage, referral, bringer, listed=stage.holds("council"))


async def _item(stage: Stage, referral: uuid.UUID, bringer: uuid.UUID, *, listed: bool) -> uuid.UUID:
    """The asker is assigned; not listed, its membership has ended today."""
    made = await stage.rows.add("council")
    mine = {} if listed else {"until_on": stage.rows.today}
    await stage.rows.add("council_member", council_id=made, organisation_id=stage.me, **mine)
    if bringer != stage.me:
        await stage.rows.add("council_member", council_id=made, organisation_id=bringer)
    item = await stage.rows.add(
        "council_item", council_id=made, referral_id=referral, brought_by_id=bringer, items=ALL_ITEMS
    )
    await stage.rows.add("council_assignment", council_item_id=item, organisation_id=stage.me)
    return item


async def _before_sitting(stage: Stage, referral: uuid.UUID) -> None:
    """Not holding, it is before one that was cancelled, one that is long over, and one with other bodies."""
    holds = stage.holds("sitting")
    picked = await stage.rows.add("sitting", state="held" if holds else "cancelled", ended_at=None)
    await stage.rows.add("sitting_body", sitting_id=picked, organisation_id=stage.me)
    over = await stage.rows.add("sitting", ended_at=None, held_on=stage.rows.today - timedelta(days=3_000))
    await stage.rows.add("sitting_body", sitting_id=over, organisation_id=stage.me)
    for each in (picked, over, await stage.rows.add("sitting", ended_at=None)):
        await stage.rows.add("sitting_referral", sitting_id=each, referral_id=referral, items=ALL_ITEMS)


async def _in_danger(stage: Stage, referral: uuid.UUID) -> None:
    """One that names the asker and has expired unless it holds, and one that names somebody else."""
    until = stage.rows.now + HOUR if stage.holds("vital") else stage.rows.now
    for person, expires in ((stage.person, until), (await _somebody(stage), stage.rows.now + HOUR)):
        glass = await stage.rows.add(
            "break_glass",
            referral_id=referral,
            opener_id=await _somebody(stage),
            items=ALL_ITEMS,
            expires_at=expires,
        )
        await stage.rows.add("break_glass_person", break_glass_id=glass, person_id=person)


async def _somebody(stage: Stage) -> uuid.UUID:
    return await stage.rows.add("person", status="removed")

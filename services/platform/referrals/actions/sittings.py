"""支援会議 (社会福祉法106条の6): called with the bodies picked for it, held with those who took part."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import asyncpg

from libs.errors.problems import AlreadyExists, InvalidInput
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.tenancy.models import person
from libs.tenancy.viewer import JAPAN
from services.platform.notices.actions.telling import of_organisation, of_organisations, tell
from services.platform.referrals import basis_deadlines
from services.platform.referrals.actions.bodies import member, references_of, refuse_own
from services.platform.referrals.actions.holding_first import hold_before_sitting
from services.platform.referrals.actions.packages import Ground, freeze, minimum
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.actions.sitting_rows import (
    BEFORE,
    BODIES,
    END,
    NOT_ENDED,
    PRESENT,
    SET_STATE,
    TOUCH,
)
from services.platform.referrals.models import (
    codes,
    referral,
    sitting,
    sitting_body,
    sitting_participant,
    sitting_referral,
)

MOST_AHEAD: Final = timedelta(days=60)
"""What is brought before a sitting opens at once: one far off would be an access without an end."""
OPENED_ITEMS = (*codes.NARRATIVE, *codes.IDENTITY)


async def call_sitting(
    acting: Acting,
    held_on: date,
    chair_id: uuid.UUID | None,
    organisations: Sequence[uuid.UUID | None],
) -> uuid.UUID:
    """Raises NotAllowed, NotFound, InvalidInput for a day that is over or too far off."""
    acting.require("sitting", "call_sitting")
    _check_day(acting, held_on)
    chair = await acting.see("person", person, chair_id)
    made = await acting.work.insert(
        sitting, held_on=held_on, chair_id=chair["id"], created_at=acting.work.now
    )
    for each in references_of(organisations, "organisationIds"):
        await _pick(acting, made, each)
    ends = basis_deadlines.sitting_ends(held_on, await terms(acting.work))
    acting.work.later(basis_deadlines.SITTING_ENDS, made, ends)
    acting.work.record("call_sitting", "sitting", made, on=held_on.isoformat())
    return made


async def pick_body(
    acting: Acting, identity: uuid.UUID | None, version: int, organisation_id: uuid.UUID | None
) -> uuid.UUID:
    """One more body for this sitting; what is before it is frozen for it.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, AlreadyExists, InvalidInput.
    """
    await hold_before_sitting(acting, identity)
    row = await acting.find("sitting", sitting, identity, action="pick_body", version=version)
    body = await _pick(acting, row["id"], organisation_id)
    before = await acting.work.rows(BEFORE, sitting_id=row["id"])
    if before:
        await refuse_own(acting, body["id"])
    for each in before:
        if each["sender_id"] != body["id"]:
            ground = Ground("support_meeting", row["id"], each["needed"])
            await freeze(acting, each, ground, body)
    await acting.work.one(TOUCH, id=row["id"])
    return row["id"]


async def bring_to_sitting(
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    sitting_id: uuid.UUID | None,
    items: Sequence[str],
) -> uuid.UUID:
    """By a sender that was picked itself: the bodies of the sitting may from now on open these items.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, AlreadyExists, InvalidInput.
    """
    row = await acting.find("referral", referral, identity, action="bring_to_sitting", version=version)
    called = await acting.see("sitting", sitting, sitting_id)
    bodies = await acting.work.rows(BODIES, sitting_id=called["id"])
    if not await _is_to_come(acting, called) or row["sender_id"] not in {body["id"] for body in bodies}:
        raise InvalidInput(
            "sittingId",
            "自団体が選ばれ、まだ開かれていない支援会議を指定してください。",
            "Name a sitting still to be held, for which your organisation was picked.",
            detail="NOT_PICKED",
        )
    needed = minimum(items, OPENED_ITEMS)
    await _put_before(acting, called["id"], row["id"], needed)
    for body in bodies:
        if body["id"] != row["sender_id"] and body["kind"] != "company":
            await freeze(acting, row, Ground("support_meeting", called["id"], needed), body)
    acting.work.record("bring_to_sitting", "referral", row["id"], sitting=str(called["id"]))
    return row["id"]


async def record_sitting(
    acting: Acting, identity: uuid.UUID | None, version: int, participants: Sequence[uuid.UUID | None]
) -> uuid.UUID:
    """It was held: who took part, each of a body that was picked.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find("sitting", sitting, identity, action="record_sitting", version=version)
    people = references_of(participants, "participantIds")
    places = await acting.work.rows(PRESENT, sitting_id=row["id"], people=people)
    of = {place["person_id"]: place["organisation_id"] for place in places}
    if set(of) != set(people):
        raise InvalidInput(
            "participantIds",
            "出席者は、この会議に選ばれた団体の人にかぎります。",
            "Who takes part is of a body picked for this sitting.",
            detail="NOT_PICKED",
        )
    for each in people:
        await acting.work.insert(
            sitting_participant, sitting_id=row["id"], person_id=each, organisation_id=of[each]
        )
    await acting.work.one(SET_STATE, id=row["id"], state="held")
    acting.work.record("record_sitting", "sitting", row["id"], participants=len(people))
    return row["id"]


async def cancel_sitting(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Nothing opens by it any more. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("sitting", sitting, identity, action="cancel_sitting", version=version)
    await acting.work.one(SET_STATE, id=row["id"], state="cancelled")
    acting.work.record("cancel_sitting", "sitting", row["id"])
    await tell_bodies(acting.work, row["id"])
    return row["id"]


async def end_sitting(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """By a decision, before its days are over. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("sitting", sitting, identity, action="end_sitting", version=version)
    await acting.work.one(END, id=row["id"])
    acting.work.record("end_sitting", "sitting", row["id"])
    await tell_bodies(acting.work, row["id"])
    return row["id"]


async def sitting_over(work: Work, key: uuid.UUID) -> None:
    """Its days are over, as the platform counts them now; its bodies are told, once."""
    row = await work.one(NOT_ENDED, id=key)
    if row is None:
        return
    ends = basis_deadlines.sitting_ends(row["held_on"], await terms(work))
    if ends > work.now:
        work.later(basis_deadlines.SITTING_ENDS, key, ends)
        return
    await work.one(END, id=key)
    work.record("end_sitting", "sitting", key)
    await tell_bodies(work, key)


async def tell_bodies(work: Work, sitting_id: uuid.UUID) -> None:
    """That nothing is open by the sitting any more."""
    bodies = [body["id"] for body in await work.rows(BODIES, sitting_id=sitting_id)]
    await tell(work, "basis_fell", ("sitting", sitting_id), of_organisations(bodies, "desk", "caseworker"))


def _check_day(acting: Acting, held_on: date) -> None:
    today = acting.work.now.astimezone(JAPAN).date()
    if not today <= held_on <= today + MOST_AHEAD:
        raise InvalidInput(
            "heldOn",
            f"開催日は、今日から{MOST_AHEAD.days}日以内にしてください。",
            f"A sitting is held today or within {MOST_AHEAD.days} days.",
            detail="OUT_OF_RANGE",
        )


async def _is_to_come(acting: Acting, row: asyncpg.Record) -> bool:
    ends = basis_deadlines.sitting_ends(row["held_on"], await terms(acting.work))
    return row["state"] == "called" and row["ended_at"] is None and ends > acting.work.now


async def _pick(acting: Acting, sitting_id: uuid.UUID, organisation_id: uuid.UUID | None) -> asyncpg.Record:
    body = await member(acting, organisation_id)
    if body["kind"] == "company":
        raise InvalidInput(
            "organisationIds",
            "支援会議には企業を選べません。企業への提供は、本人の同意によってください。",
            "A company is not picked for a sitting: to it only a consent opens anything.",
            detail="COMPANY_NEEDS_CONSENT",
        )
    try:
        await acting.work.insert(sitting_body, sitting_id=sitting_id, organisation_id=body["id"])
    except asyncpg.UniqueViolationError as error:
        raise AlreadyExists(
            "この団体は、すでに選ばれています。", "This organisation was picked already."
        ) from error
    acting.work.record("pick_body", "sitting", sitting_id, organisation=str(body["id"]))
    audience = of_organisation(body["id"], "desk", "caseworker")
    await tell(acting.work, "sitting_picked", ("sitting", sitting_id), audience)
    return body


async def _put_before(
    acting: Acting, sitting_id: uuid.UUID, referral_id: uuid.UUID, items: Sequence[str]
) -> None:
    try:
        await acting.work.insert(
            sitting_referral,
            sitting_id=sitting_id,
            referral_id=referral_id,
            items=list(items),
            created_at=acting.work.now,
        )
    except asyncpg.UniqueViolationError as error:
        raise AlreadyExists(
            "この紹介は、すでにこの支援会議にかかっています。",
            "This referral is before the sitting already.",
        ) from error

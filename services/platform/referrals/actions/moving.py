"""One step of a referral: state, times, event and the next time of its clock together, or not at all."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, WrongState
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.referrals import deadlines
from services.platform.referrals.actions.announcing import announce_step
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.models import machine, question, referral, referral_event

Referral = asyncpg.Record
Changes = dict[str, object]


async def move(
    work: Work,
    row: Referral,
    name: str,
    reason: str | None = None,
    /,
    target: str | None = None,
    **changes: object,
) -> Referral:
    """Takes the step and answers the row as it is now; `target` where the step leads to several states.

    Raises WrongState (kept as a refusal), AlreadyExists for a second live attempt with the same recipient.
    """
    step = check_step(work, row, name)
    state = step.lead(row["state"], target)
    changes |= dict.fromkeys(step.stamped, work.now) | dict.fromkeys(step.clears) | {"state": state}
    if step.targets:
        changes = {"past_due": False, "stopped_working_days": 0} | changes
    changed = await _change(work, row["id"], await _on_the_clock(work, dict(row), changes))
    await _note(work, step, row["id"], row["state"], state, changed["version"], reason)
    if machine.QUESTION in step.clears:
        await work.rows(CLOSE_QUESTION, referral_id=row["id"])
    await _plan(work, row, changed)
    await wake(work, changed)
    await announce_step(work, changed, step.name)
    return changed


async def begin(work: Work, row: Mapping[str, object]) -> uuid.UUID:
    """T1: a new draft with its first event."""
    step = machine.STEPS["create_referral"]
    state = step.lead(None)
    first: Changes = {**_NEW, **row, "state": state, "clock_from": work.now, "updated_at": work.now}
    planned = await _on_the_clock(work, first, {})
    made = await work.insert(referral, **{**first, **planned}, created_at=work.now)
    await _note(work, step, made, None, state, 1, None)
    await _tick_at(work, made, planned["clock_at"])
    return made


async def rewrite(work: Work, row: Referral, **changes: object) -> Referral:
    """Changes what no event tells of; the state stays."""
    changed = await _change(work, row["id"], await _on_the_clock(work, dict(row), changes))
    await _plan(work, row, changed)
    await wake(work, changed)
    return changed


async def look_again(work: Work, row: Referral, *, past_due: bool) -> None:
    """After the clock did something without moving the referral: when it has to look at it next.

    The version stays: a reminder is no reason why somebody's answer should be stale.
    """
    planned = _next(deadlines.moments(row, await terms(work)), work.now)
    await work.one(LOOKED_AT, id=row["id"], clock_at=planned, past_due=past_due)
    await _tick_at(work, row["id"], planned)


async def wake(work: Work, row: Referral) -> None:
    """Wakes those who watch the referral or the board that it hangs on."""
    work.tell("referral", row["id"])
    if row["posted_at"] is not None:
        work.tell("board", row["working_group_id"])


def check_step(work: Work, row: Referral, name: str) -> machine.Step:
    """The step, if the row's state admits it. Raises WrongState, which is kept as a refusal."""
    step = machine.STEPS[name]
    try:
        machine.check(step, row["state"])
    except WrongState:
        work.refused(step.name, "referral", row["id"])
        raise
    return step


async def _on_the_clock(work: Work, row: Mapping[str, object], changes: Changes) -> Changes:
    """With the end of the state's time and the next moment at which somebody has to be told."""
    after = {**row, **changes, "updated_at": work.now}
    of_platform = await terms(work)
    at = _next(deadlines.moments(after, of_platform), work.now)
    return changes | {"due_at": deadlines.due_at(after, of_platform), "clock_at": at}


def _next(planned: deadlines.Moments, now: datetime) -> datetime | None:
    return next((at for at, _ in planned if at > now), None)


async def _plan(work: Work, before: Referral, after: Referral) -> None:
    if after["clock_at"] != before["clock_at"]:
        await _tick_at(work, after["id"], after["clock_at"])


async def _tick_at(work: Work, identity: uuid.UUID, at: object) -> None:
    if isinstance(at, datetime):
        work.later(deadlines.TICK, identity, at)


async def _change(work: Work, identity: uuid.UUID, changes: Mapping[str, object]) -> Referral:
    try:
        changed = await work.one(_changing(tuple(sorted(changes))), id=identity, **changes)
    except asyncpg.UniqueViolationError as error:
        raise AlreadyExists(
            "この団体には、同じニーズでの打診がすでに進行中です。",
            "This organisation already has a live referral for the same need of this case.",
        ) from error
    assert changed is not None  # noqa: S101 - the caller holds its lock
    return changed


async def _note(  # noqa: PLR0913 - the columns of an event
    work: Work,
    step: machine.Step,
    identity: uuid.UUID,
    origin: str | None,
    target: str,
    sequence: int,
    reason: str | None,
) -> None:
    await work.insert(
        referral_event,
        referral_id=identity,
        sequence=sequence,
        step=step.name,
        from_state=origin,
        to_state=target,
        actor_id=work.actor.person_id,
        organisation_id=work.actor.organisation_id,
        at=work.now,
        reason_code=reason,
    )
    work.record(step.name, "referral", identity, from_state=origin, to_state=target, reason=reason)


@lru_cache(maxsize=128)
def _changing(columns: tuple[str, ...]) -> Statement:
    return Statement(
        sa.update(referral)
        .where(referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id))
        .values(
            {name: parameter(referral.c[name]) for name in columns}
            | {
                "version": referral.c.version + 1,
                "updated_at": sa.bindparam("viewer_now", type_=referral.c.updated_at.type),
            }
        )
        .returning(*referral.c)
    )


_NEW: Changes = {"stopped_working_days": 0}
LOOKED_AT = Statement(
    sa.update(referral)
    .where(referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id))
    .values(clock_at=parameter(referral.c.clock_at), past_due=parameter(referral.c.past_due))
    .returning(referral.c.id)
)
CLOSE_QUESTION = Statement(
    sa.update(question)
    .where(
        question.c.tenant_id == TENANT,
        question.c.referral_id == parameter(question.c.referral_id),
        question.c.open,
    )
    .values(open=sa.false(), version=question.c.version + 1)
    .returning(question.c.id)
)

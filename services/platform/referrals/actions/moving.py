"""One step of a referral: state, times and event together, or not at all."""

import uuid
from collections.abc import Mapping
from functools import lru_cache

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, WrongState
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.referrals.models import machine, offer, referral, referral_event

Referral = asyncpg.Record


async def move(
    work: Work, row: Referral, name: str, reason: str | None = None, /, **changes: object
) -> Referral:
    """Takes the step and answers the row as it is now.

    Raises WrongState (kept as a refusal), AlreadyExists for a second live attempt with the same recipient.
    """
    step = check_step(work, row, name)
    changes |= dict.fromkeys(step.stamps, work.now)
    changed = await _change(work, row["id"], {**changes, "state": step.target})
    await _note(work, step, row["id"], row["state"], changed["version"], reason)
    await tell(work, changed)
    return changed


async def begin(work: Work, row: Mapping[str, object]) -> uuid.UUID:
    """T1: a new draft with its first event."""
    step = machine.STEPS["create_referral"]
    made = await work.insert(referral, **row, state=step.target, created_at=work.now, updated_at=work.now)
    await _note(work, step, made, None, 1, None)
    return made


async def rewrite(work: Work, row: Referral, **changes: object) -> Referral:
    """Changes what no event tells of; the state stays."""
    changed = await _change(work, row["id"], changes)
    await tell(work, changed)
    return changed


async def tell(work: Work, row: Referral) -> None:
    """Notices for those who watch the referral or the board that it hangs on."""
    await work.tell("referral", row["id"])
    if row["posted_at"] is not None:
        await work.tell("board", row["working_group_id"])


async def close_offers(work: Work, referral_id: uuid.UUID) -> None:
    await work.rows(CLOSE_OFFERS, referral_id=referral_id)


def check_step(work: Work, row: Referral, name: str) -> machine.Step:
    """The step, if the row's state admits it. Raises WrongState, which is kept as a refusal."""
    step = machine.STEPS[name]
    try:
        machine.check(step, row["state"])
    except WrongState:
        work.refused(step.name, "referral", row["id"])
        raise
    return step


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
    sequence: int,
    reason: str | None,
) -> None:
    await work.insert(
        referral_event,
        referral_id=identity,
        sequence=sequence,
        step=step.name,
        from_state=origin,
        to_state=step.target,
        actor_id=work.actor.person_id,
        organisation_id=work.actor.organisation_id,
        at=work.now,
        reason_code=reason,
    )
    work.record(step.name, "referral", identity, from_state=origin, to_state=step.target, reason=reason)


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


CLOSE_OFFERS = Statement(
    sa.update(offer)
    .where(
        offer.c.tenant_id == TENANT,
        offer.c.referral_id == parameter(offer.c.referral_id),
        offer.c.state == "open",
    )
    .values(state=sa.literal("closed"), version=offer.c.version + 1)
    .returning(offer.c.id)
)

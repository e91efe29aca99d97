"""What an organiser does about an event: draft, edit, announce, cancel. Each is one transaction."""

import uuid
from collections.abc import Sequence
from typing import Any, Final

import asyncpg
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput, NotFound
from libs.japan.text import clean
from libs.policy.acting import Acting
from services.platform.events import deadlines
from services.platform.events.actions import co_hosting, line, statements
from services.platform.events.content import TEXT_LENGTH, EventContent, columns
from services.platform.events.models import event
from services.platform.events.rows import Fields
from services.platform.events.times import Times, checked_times
from services.platform.groups.models import working_group

TOLD_OF: Final = ("starts_at", "over_at", "delivery_mode", "venue", "address", "join_url")
"""Of a change in one of these participants are told."""


async def draft(
    acting: Acting,
    organisation_id: uuid.UUID | None,
    content: EventContent,
    working_group_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """An event that only its organiser and the coordinator see, for the organisation (None: one's own).

    Raises InvalidInput, NotAllowed, NotFound (the organisation or the working group).
    """
    organiser = await organiser_of(acting, organisation_id)
    times = checked_times(content.occurrences)
    described = columns(content, times)
    _deadline_ahead(acting, described["deadline"])
    await _seated(acting, working_group_id)
    await _members(acting, described["co_host_ids"])
    work = acting.work
    drafted = await work.insert(
        event,
        **described,
        organisation_id=organiser,
        working_group_id=working_group_id,
        created_at=work.now,
        updated_at=work.now,
    )
    await _keep_times(acting, drafted, times)
    work.record("create_event", "event", drafted, organisation=str(organiser))
    return drafted


async def edit(
    acting: Acting,
    identity: uuid.UUID | None,
    version: int | None,
    content: EventContent,
    working_group_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Replaces the whole description. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput."""
    row = await acting.find("event", event, identity, action="edit_event", version=version)
    times = checked_times(content.occurrences)
    described = columns(content, times)
    if described["deadline"] != row["deadline"]:
        _deadline_ahead(acting, described["deadline"])
    if working_group_id != row["working_group_id"]:
        await _seated(acting, working_group_id)
    await _members(acting, described["co_host_ids"])
    await _holds_taken(acting, row, described["capacity"])
    work = acting.work
    await work.one(statements.DESCRIBE, id=row["id"], working_group_id=working_group_id, **described)
    await _keep_times(acting, row["id"], times)
    if row["state"] == "announced":
        await _follows(acting, {**dict(row), **described})
        await co_hosting.tell_changes(work, row["id"], row["co_host_ids"], described["co_host_ids"])
        if any(row[name] != described[name] for name in TOLD_OF):
            work.later(deadlines.TELL_CHANGED, row["id"], work.now)
    return await _changed(acting, "edit_event", row["id"])


async def announce(
    acting: Acting, identity: uuid.UUID | None, version: int | None, *, to_everybody: bool
) -> uuid.UUID:
    """Shows the event to the members, or to everybody; called again it changes between the two.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    step = "publish_event" if to_everybody else "announce_event"
    row = await acting.find("event", event, identity, action=step, version=version)
    await acting.work.one(
        statements.ANNOUNCE,
        id=row["id"],
        state="announced",
        published=to_everybody,
        announced_at=row["announced_at"] or acting.work.now,
    )
    if row["announced_at"] is None:
        await _follows(acting, row)
        await co_hosting.tell_changes(acting.work, row["id"], (), row["co_host_ids"])
    return await _changed(acting, step, row["id"], published=int(to_everybody))


async def cancel(acting: Acting, identity: uuid.UUID | None, version: int | None, reason: str) -> uuid.UUID:
    """Calls the event off; who could read it reads that, and why."""
    row = await acting.find("event", event, identity, action="cancel_event", version=version)
    said = clean(reason, "reason", TEXT_LENGTH, multiline=True)
    await acting.work.one(statements.CANCEL, id=row["id"], state="cancelled", cancel_reason=said or None)
    if row["announced_at"] is not None:
        acting.work.later(deadlines.TELL_CANCELLED, row["id"], acting.work.now)
    return await _changed(acting, "cancel_event", row["id"])


async def organiser_of(acting: Acting, wanted: uuid.UUID | None) -> uuid.UUID:
    """The organisation that the viewer may create events for. Raises NotAllowed, NotFound."""
    own = acting.viewer.organisation_id
    organiser = wanted or own
    acting.require("event", "create_event", *(("own",) if organiser == own else ()))
    if organiser is None or not await acting.work.one(statements.ACTIVE_ORGANISATION, id=organiser):
        raise NotFound
    return organiser


async def _seated(acting: Acting, working_group_id: uuid.UUID | None) -> None:
    """Who may write in a working group may hang an event on it."""
    if working_group_id is not None:
        await acting.find("working_group", working_group, working_group_id, action="hang_event")


async def _keep_times(acting: Acting, identity: uuid.UUID, times: Sequence[Times]) -> None:
    for number, each in enumerate(times, start=1):
        await acting.work.one(
            statements.KEEP_OCCURRENCE,
            id=uuid7(),
            event_id=identity,
            number=number,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            all_day=each.all_day,
            days=each.days,
        )
    await acting.work.one(statements.DROP_OCCURRENCES, event_id=identity, number=len(times))


async def _holds_taken(acting: Acting, row: asyncpg.Record, capacity: int | None) -> None:
    if capacity is None:
        return
    taken = await line.persons_held(acting.work, row)
    if capacity < taken:
        raise InvalidInput(
            "capacity",
            f"すでに{taken}人分の参加枠が取られています。定員はそれ以上にしてください。",
            f"Places for {taken} persons are taken already. The capacity cannot be lower.",
            detail="BELOW_TAKEN",
        )


async def _follows(acting: Acting, row: Fields) -> None:
    """What the clock does once an event takes registrations; a job that comes too early does nothing."""
    if not row["reservable"]:
        return
    work, reminded = acting.work, deadlines.reminded_at(row)
    work.later(deadlines.OFFER, row["id"], work.now)
    if reminded is not None:
        work.later(deadlines.REMIND, row["id"], max(reminded, work.now))
    work.later(deadlines.ERASE, row["id"], deadlines.erased_at(row))


async def _members(acting: Acting, identities: Sequence[uuid.UUID]) -> None:
    """Raises NotFound for a co-host that is no member."""
    for identity in identities:
        if not await acting.work.one(statements.ACTIVE_ORGANISATION, id=identity):
            raise NotFound


async def _changed(acting: Acting, action: str, identity: uuid.UUID, **codes: Any) -> uuid.UUID:  # noqa: ANN401 - audit's codes
    acting.work.record(action, "event", identity, **codes)
    acting.work.tell("event", identity)
    return identity


def _deadline_ahead(acting: Acting, deadline: Any) -> None:  # noqa: ANN401 - a column's value
    if deadline is not None and deadline <= acting.work.now:
        raise InvalidInput(
            "deadline",
            "申込期限が過ぎています。これからの日時にしてください。",
            "The deadline has passed. Give a time to come.",
            detail="DEADLINE_PASSED",
        )

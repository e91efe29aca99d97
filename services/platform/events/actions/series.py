"""A series: events on several days, each one of its own; one is changed, or it and what follows."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from libs.japan.calendar import JST
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.events import recurrence
from services.platform.events.actions import running
from services.platform.events.content import EventContent
from services.platform.events.models import event
from services.platform.events.times import checked_times, wrong


async def create(  # noqa: PLR0913 - an event, and its days by a rule or one by one
    acting: Acting,
    organisation_id: uuid.UUID | None,
    content: EventContent,
    working_group_id: uuid.UUID | None,
    *,
    rule: str | None,
    days: Sequence[dt.date],
) -> uuid.UUID:
    """Drafts of which the first is as `content` says, the others as many days later; the first one's id.

    Raises InvalidInput, and what a draft raises.
    """
    first = checked_times(content.occurrences)[0].starts_at.astimezone(JST).date()
    wanted = recurrence.days_of(rule, first) if rule else _listed(first, days)
    made: uuid.UUID | None = None
    for day in wanted:
        drafted = await running.draft(
            acting, organisation_id, shifted(content, day - first), working_group_id
        )
        made = made or drafted
        await acting.work.one(JOIN, id=drafted, series_id=made)
    assert made is not None  # noqa: S101 - there is a first day
    return made


async def edit(  # noqa: PLR0913 - one of an edit's, and whether it is for those that follow
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    content: EventContent,
    working_group_id: uuid.UUID | None,
    *,
    following: bool,
) -> uuid.UUID:
    """This one, and where asked each later one, moved by as much. Raises what an edit raises."""
    later = await _later(acting, identity) if following else []
    done = await running.edit(acting, identity, version, content, working_group_id)
    for each, moved in later:
        await running.edit(acting, each, None, shifted(content, moved), working_group_id)
    return done


async def announce(
    acting: Acting, identity: uuid.UUID | None, version: int, *, to_everybody: bool, following: bool
) -> uuid.UUID:
    """Likewise."""
    later = await _later(acting, identity) if following else []
    done = await running.announce(acting, identity, version, to_everybody=to_everybody)
    for each, _ in later:
        await running.announce(acting, each, None, to_everybody=to_everybody)
    return done


async def cancel(
    acting: Acting, identity: uuid.UUID | None, version: int, reason: str, *, following: bool
) -> uuid.UUID:
    """Likewise."""
    later = await _later(acting, identity) if following else []
    done = await running.cancel(acting, identity, version, reason)
    for each, _ in later:
        await running.cancel(acting, each, None, reason)
    return done


async def _later(acting: Acting, identity: uuid.UUID | None) -> list[tuple[uuid.UUID, dt.timedelta]]:
    """What follows in the series as it stands before the change, with how much later each is.

    Nothing is told of it: the change of the first is judged before any other.
    """
    row = None if identity is None else await acting.work.one(SERIES_OF, id=identity)
    if row is None or row["series_id"] is None:
        return []
    rows = await acting.work.rows(FOLLOWING, series_id=row["series_id"], starts_at=row["starts_at"])
    return [(each["id"], each["starts_at"] - row["starts_at"]) for each in rows]


def shifted(content: EventContent, later: dt.timedelta) -> EventContent:
    """The same some time later; Japan has no summer time."""
    return replace(
        content,
        occurrences=tuple(
            replace(
                each,
                starts_at=each.starts_at + later,
                ends_at=None if each.ends_at is None else each.ends_at + later,
            )
            for each in content.occurrences
        ),
        deadline=None if content.deadline is None else content.deadline + later,
    )


def _listed(first: dt.date, days: Sequence[dt.date]) -> list[dt.date]:
    wanted = sorted({first, *days})
    if wanted[0] != first or not 1 < len(wanted) <= recurrence.MOST:
        raise wrong(
            "days",
            "DAYS",
            f"最初の開催日より後の日を、合わせて{recurrence.MOST}回まで挙げてください。",
            f"Give days after the first one, {recurrence.MOST} times in all.",
        )
    return wanted


JOIN = Statement(
    sa.update(event)
    .where(event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id))
    .values(series_id=parameter(event.c.series_id))
    .returning(event.c.id)
)
SERIES_OF = Statement(
    sa.select(event.c.series_id, event.c.starts_at).where(
        event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id)
    )
)
FOLLOWING = Statement(
    sa.select(event.c.id, event.c.starts_at)
    .where(
        event.c.tenant_id == TENANT,
        event.c.series_id == parameter(event.c.series_id),
        event.c.starts_at > parameter(event.c.starts_at),
        event.c.state != sa.literal("cancelled"),
    )
    .order_by(event.c.starts_at, event.c.id)
)

"""Who holds an event together with its organiser: named and taken out by the organiser, or they step down."""

import uuid
from collections.abc import Sequence

from libs.errors.problems import NotAllowed
from libs.persistence.work import Work
from libs.policy.acting import Acting
from services.platform.events.actions import statements
from services.platform.events.actions.places import DESK
from services.platform.events.models import event
from services.platform.events.rows import Fields
from services.platform.notices.actions.telling import of_organisation, of_organisations, tell


async def step_down(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """One's own organisation holds it no more, and the organiser is told; places that it took stay its own.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("event", event, identity, action="step_down_as_co_host", version=version)
    if acting.viewer.organisation_id is None:
        raise NotAllowed
    await end(acting.work, row, acting.viewer.organisation_id)
    return row["id"]


async def end(work: Work, row: Fields, co_host: uuid.UUID) -> None:
    """The event's row is locked. Who never knew of a draft is not told of it."""
    event_id = row["id"]
    left = [each for each in row["co_host_ids"] if each != co_host]
    await work.one(statements.CO_HOSTS, id=event_id, co_host_ids=left)
    work.record("step_down_as_co_host", "event", event_id, organisation=str(co_host))
    work.tell("event", event_id)
    if row["announced_at"] is not None:
        host = of_organisation(row["organisation_id"], *DESK)
        await tell(work, "co_host_stepped_down", ("event", event_id), host)


async def tell_changes(
    work: Work, event_id: uuid.UUID, before: Sequence[uuid.UUID], after: Sequence[uuid.UUID]
) -> None:
    """Who is named reads that they were, and may step down; who was taken out is told that."""
    for kind, those in (
        ("named_co_host", [each for each in after if each not in before]),
        ("co_host_removed", [each for each in before if each not in after]),
    ):
        if those:
            await tell(work, kind, ("event", event_id), of_organisations(those, *DESK))

"""A lecturer is sent: the host asks, the coordinator offers it to somebody, who takes it on or declines."""

import uuid
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import NotFound
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import person
from services.platform.events.models import event
from services.platform.notices.actions.telling import coordinators, of_organisation, people, tell
from services.platform.training.actions import statements
from services.platform.training.actions.texts import LONG
from services.platform.training.models import course, dispatch

DESK: Final = ("representative", "desk")


async def request_dispatch(
    acting: Acting, course_id: uuid.UUID | None, version: int, wishes: str
) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState, AlreadyExists, InvalidInput."""
    row = await acting.find("course", course, course_id, action="request_dispatch", version=version)
    work = acting.work
    made = await work.insert(
        dispatch,
        course_id=row["id"],
        wishes=clean(wishes, "wishes", LONG, multiline=True),
        created_at=work.now,
        updated_at=work.now,
    )
    work.record("request_dispatch", "dispatch", made, course=str(row["id"]))
    await tell(work, "dispatch_requested", ("dispatch", made), coordinators())
    return made


async def offer_dispatch(
    acting: Acting, identity: uuid.UUID | None, version: int, person_id: uuid.UUID | None, source: str
) -> uuid.UUID:
    """To one person, who is told. Raises NotFound (also for somebody who is not active here), WrongState."""
    row = await acting.find("dispatch", dispatch, identity, action="offer_dispatch", version=version)
    asked = await acting.see("person", person, person_id)
    if asked["status"] != "active":
        raise NotFound
    work = acting.work
    offered = {"state": "offered", "person_id": asked["id"], "source": source}
    await work.one(statements.OFFER_DISPATCH, id=row["id"], **offered)
    work.record("offer_dispatch", "dispatch", row["id"], source=source)
    await tell(work, "dispatch_offered", ("dispatch", row["id"]), people(asked["id"]))
    return row["id"]


async def accept_dispatch(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    row = await acting.find("dispatch", dispatch, identity, action="accept_dispatch", version=version)
    return await _answered(acting, row, "accept_dispatch", "assigned", "dispatch_assigned")


async def decline_dispatch(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Also of what was taken on: then somebody else is asked. The coordinator is told, and the host."""
    row = await acting.find("dispatch", dispatch, identity, action="decline_dispatch", version=version)
    return await _answered(acting, row, "decline_dispatch", "declined", "dispatch_declined")


async def withdraw_dispatch(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The host does without."""
    row = await acting.find("dispatch", dispatch, identity, action="withdraw_dispatch", version=version)
    work = acting.work
    await work.one(statements.MOVE_DISPATCH, id=row["id"], state="withdrawn")
    work.record("withdraw_dispatch", "dispatch", row["id"])
    told = [coordinators()]
    if row["person_id"] is not None and row["state"] != "declined":
        told.append(people(row["person_id"]))
    await tell(work, "dispatch_withdrawn", ("dispatch", row["id"]), *told)
    return row["id"]


async def _answered(acting: Acting, row: asyncpg.Record, step: str, state: str, kind: str) -> uuid.UUID:
    work = acting.work
    await work.one(statements.MOVE_DISPATCH, id=row["id"], state=state)
    work.record(step, "dispatch", row["id"])
    host = await work.one(HOST, id=row["course_id"])
    assert host is not None  # noqa: S101 - it hangs on its course
    await tell(
        work, kind, ("dispatch", row["id"]), coordinators(), of_organisation(host["organisation_id"], *DESK)
    )
    return row["id"]


HOST = Statement(
    sa.select(event.c.organisation_id)
    .join(course, sa.and_(course.c.tenant_id == TENANT, course.c.event_id == event.c.id))
    .where(event.c.tenant_id == TENANT, course.c.id == parameter(course.c.id))
)

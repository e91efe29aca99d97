"""Chair or coordinator call a meeting, change what it is, or call it off; who is invited is told."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.groups.actions.files import Shelf, put
from services.platform.groups.models import working_group
from services.platform.inputs import required, web_address
from services.platform.meetings.actions.telling import tell_invited
from services.platform.meetings.models import meeting

TITLE_LENGTH: Final = 200
AGENDA_LENGTH: Final = 20_000
VENUE_LENGTH: Final = 300
LONGEST: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a meeting says about itself."""

    title: str
    starts_at: datetime
    ends_at: datetime
    agenda: str = ""
    venue: str = ""
    join_url: str | None = None

    def checked(self) -> dict[str, Any]:
        """Raises InvalidInput."""
        if not timedelta() < self.ends_at - self.starts_at <= LONGEST:
            raise InvalidInput(
                "endsAt",
                "終わりは始まりより後、3日以内にしてください。",
                "A meeting ends after it begins, within three days.",
                detail="ORDER",
            )
        return {
            "title": required(self.title, "title", TITLE_LENGTH),
            "agenda": clean(self.agenda, "agenda", AGENDA_LENGTH, multiline=True),
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "venue": clean(self.venue, "venue", VENUE_LENGTH),
            "join_url": web_address(self.join_url, "joinUrl", 2_000),
        }


async def call(acting: Acting, group_id: uuid.UUID | None, plan: Plan) -> uuid.UUID:
    """Raises NotFound, NotAllowed, InvalidInput, WrongState."""
    group = await acting.find("working_group", working_group, group_id, action="call_meeting")
    work = acting.work
    if plan.starts_at < work.now:
        raise InvalidInput(
            "startsAt", "これからの日時にしてください。", "Give a time to come.", detail="PAST"
        )
    times = {"created_at": work.now, "updated_at": work.now}
    made = await work.insert(meeting, working_group_id=group["id"], **plan.checked(), **times)
    work.record("call_meeting", "meeting", made, working_group=str(group["id"]))
    await tell_invited(work, "meeting_called", made)
    return made


async def edit(acting: Acting, identity: uuid.UUID | None, version: int, plan: Plan) -> uuid.UUID:
    """Before it is held. Raises NotFound, NotAllowed, StaleVersion, InvalidInput, WrongState."""
    row = await acting.find("meeting", meeting, identity, action="edit_meeting", version=version)
    await acting.work.one(EDIT, id=row["id"], updated_at=acting.work.now, **plan.checked())
    acting.work.record("edit_meeting", "meeting", row["id"])
    await tell_invited(acting.work, "meeting_changed", row["id"])
    return row["id"]


async def cancel(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """It stays on the calendars as cancelled. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("meeting", meeting, identity, action="cancel_meeting", version=version)
    await acting.work.one(CANCEL, id=row["id"], updated_at=acting.work.now)
    acting.work.record("cancel_meeting", "meeting", row["id"])
    await tell_invited(acting.work, "meeting_cancelled", row["id"])
    return row["id"]


async def attach(acting: Acting, identity: uuid.UUID | None, upload_id: uuid.UUID | None) -> uuid.UUID:
    """A paper to the agenda, for all who are invited. Raises NotFound, NotAllowed, InvalidInput."""
    row = await acting.find("meeting", meeting, identity, action="attach_agenda")
    return await put(acting, Shelf(row["working_group_id"], "all", "meeting_id", row["id"]), upload_id)


_THIS = (meeting.c.tenant_id == TENANT, meeting.c.id == parameter(meeting.c.id))
_CHANGED = {"updated_at": parameter(meeting.c.updated_at), "version": meeting.c.version + 1}
_PLANNED = ("title", "agenda", "starts_at", "ends_at", "venue", "join_url")
EDIT = Statement(
    sa.update(meeting)
    .where(*_THIS)
    .values(_CHANGED | {name: parameter(meeting.c[name]) for name in _PLANNED})
)
CANCEL = Statement(sa.update(meeting).where(*_THIS).values(_CHANGED | {"state": sa.literal("cancelled")}))

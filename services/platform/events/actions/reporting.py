"""The organiser tells what became of an event, once it has begun; told again it is replaced."""

import uuid
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.events.actions.places import number_of_persons
from services.platform.events.models import event, place
from services.platform.events.models.reports import event_report
from services.platform.inputs import required

SUMMARY_LENGTH: Final = 8_000
MOST_ATTENDED: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """`attended` None is the sum of what was recorded of each registration."""

    summary: str
    attended: int | None
    published: bool


async def report(acting: Acting, event_id: uuid.UUID | None, said: Said) -> uuid.UUID:
    """Raises NotFound, NotAllowed, WrongState before it has begun, InvalidInput."""
    row = await acting.find("event", event, event_id, action="report_event")
    attended = said.attended
    if attended is None:
        counted = await acting.work.one(ATTENDED, event_id=row["id"])
        attended = 0 if counted is None else int(counted["persons"])
    if not 0 <= attended <= MOST_ATTENDED:
        raise number_of_persons("attended", 0)
    await acting.work.one(
        KEEP,
        id=row["id"],
        summary=required(said.summary, "summary", SUMMARY_LENGTH, multiline=True),
        attended=attended,
        published=said.published,
    )
    acting.work.record("report_event", "event", row["id"], attended=attended, published=int(said.published))
    acting.work.tell("event", row["id"])
    return row["id"]


def _keep() -> Statement:
    now = sa.bindparam("viewer_now", type_=event_report.c.updated_at.type)
    said = {name: parameter(event_report.c[name]) for name in ("summary", "attended", "published")}
    made = insert(event_report).values(
        tenant_id=TENANT, id=parameter(event_report.c.id), created_at=now, updated_at=now, **said
    )
    kept = {name: made.excluded[name] for name in (*said, "updated_at")}
    return Statement(
        made.on_conflict_do_update(
            index_elements=["tenant_id", "id"], set_={**kept, "version": event_report.c.version + 1}
        ).returning(event_report.c.id)
    )


KEEP = _keep()
ATTENDED = Statement(
    sa.select(sa.func.coalesce(sa.func.sum(place.c.attended), sa.literal(0)).label("persons")).where(
        place.c.tenant_id == TENANT, place.c.event_id == parameter(place.c.event_id)
    )
)

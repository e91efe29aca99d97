"""An organisation leaves: what it holds at events to come goes to who waits, as part of the change.

What has begun stays as it is: who came, came. An event that it organises stays too; the coordinator runs it.
"""

import uuid

import sqlalchemy as sa

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.events import deadlines
from services.platform.events.actions import co_hosting
from services.platform.events.actions.places import END
from services.platform.events.models import event, place
from services.platform.events.models.codes import LIVE
from services.platform.members.actions.endings import BEFORE_LEAVING, LEAVING


async def lock_what_it_co_hosts(work: Work, organisation_id: uuid.UUID) -> None:
    """Before the organisation's own row: who registers holds the event and waits for that row."""
    await work.rows(CO_HOSTED, organisation_id=organisation_id)


async def give_back(work: Work, organisation_id: uuid.UUID) -> None:
    """Events before places, as everywhere: who hands places on holds the event and waits for a place."""
    for each in await work.rows(CO_HOSTED, organisation_id=organisation_id):
        await co_hosting.end(work, each, organisation_id)
    for each in await work.rows(HELD, organisation_id=organisation_id):
        await work.one(END, id=each["id"], state="given_up")
        work.record("give_up_places", "place", each["id"], event=str(each["event_id"]), reason="member_left")
        work.later(deadlines.OFFER, each["event_id"], work.now)
        work.tell("event", each["event_id"])


BEFORE_LEAVING.register(lock_what_it_co_hosts)
LEAVING.register(give_back)

_NOW = sa.bindparam("viewer_now", type_=event.c.starts_at.type)
CO_HOSTED = Statement(
    sa.select(event)
    .where(
        event.c.tenant_id == TENANT,
        sa.bindparam("organisation_id", type_=sa.Uuid()) == sa.any_(event.c.co_host_ids),
        event.c.state != sa.literal("cancelled"),
        event.c.over_at > _NOW,
    )
    .order_by(event.c.id)
    .with_for_update()
)
HELD = Statement(
    sa.select(place.c.id, place.c.event_id)
    .join(event, sa.and_(event.c.tenant_id == TENANT, event.c.id == place.c.event_id))
    .where(
        place.c.tenant_id == TENANT,
        place.c.organisation_id == parameter(place.c.organisation_id),
        among(place.c.state, LIVE),
        event.c.starts_at > _NOW,
    )
    .order_by(place.c.id)
    .with_for_update(of=place)
)

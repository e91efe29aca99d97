"""Members are suspended, come back, or leave."""

import uuid

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation
from libs.tenancy.viewer import COORDINATOR
from services.platform.members.actions.endings import (
    BEFORE_LEAVING,
    LEAVING,
    SUSPENDED,
    end_memberships,
    keep_a_coordinator,
)
from services.platform.members.models import next_status
from services.platform.papers.actions.handing_in import drop_all

LEFT = "organisation_left"
"""Due work for the features in which an organisation that leaves holds something."""


async def suspend(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Its people are out at their next request; nothing it holds is lost, and who waits for it is told.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    suspended = await _step(acting, identity, version, "suspend_member")
    await SUSPENDED.follow(acting.work, suspended)
    return suspended


async def reinstate(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Undoes `suspend`. Raises as it does."""
    return await _step(acting, identity, version, "reinstate_member")


async def leave(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The organisation leaves: its people's memberships end, its card is no longer public.

    What it was asked goes back to who asked. Raises NotFound, NotAllowed, StaleVersion, WrongState: so too
    while it keeps cases.
    """
    return await _end(acting, identity, version, "leave")


async def end_membership(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """As `leave`, by the coordinator for a member that cannot any more: the cases that it keeps end with it.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    return await _end(acting, identity, version, "end_membership")


async def _end(acting: Acting, identity: uuid.UUID | None, version: int, action: str) -> uuid.UUID:
    if identity is not None and _may_hold_up(acting, identity):
        await BEFORE_LEAVING.follow(acting.work, identity)
    row = await acting.find("organisation", organisation, identity, action=action, version=version)
    await LEAVING.follow(acting.work, row["id"])
    await acting.work.one(SET_STATUS, id=row["id"], status=next_status(action), published=False)
    await end_memberships(acting.work, row["id"])
    await drop_all(acting.work, row["id"])
    await keep_a_coordinator(acting.work)
    acting.work.later(LEFT, row["id"], acting.work.now)
    acting.work.record(action, "organisation", row["id"])
    return row["id"]


def _may_hold_up(acting: Acting, identity: uuid.UUID) -> bool:
    """Nobody else locks anything of an organisation by asking that it leaves."""
    return identity == acting.viewer.organisation_id or COORDINATOR in acting.viewer.kinds


async def _step(acting: Acting, identity: uuid.UUID | None, version: int, action: str) -> uuid.UUID:
    row = await acting.find("organisation", organisation, identity, action=action, version=version)
    status = next_status(action)
    await acting.work.one(SET_STATUS, id=row["id"], status=status, published=row["published"])
    await keep_a_coordinator(acting.work)
    acting.work.record(action, "organisation", row["id"])
    return row["id"]


SET_STATUS = Statement(
    sa.update(organisation)
    .where(organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id))
    .values(
        status=parameter(organisation.c.status),
        published=parameter(organisation.c.published),
        version=organisation.c.version + 1,
    )
)

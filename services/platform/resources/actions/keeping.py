"""What an organisation does about a service or place: describe, offer, end, say its room, vouch for it."""

import datetime as dt
import uuid
from typing import Any, Final

from libs.errors.problems import NotFound
from libs.policy.acting import Acting
from libs.tenancy.viewer import JAPAN
from services.platform.resources.actions import content as contents
from services.platform.resources.actions import hours, statements
from services.platform.resources.actions.content import Content
from services.platform.resources.models import STALE_DAYS, resource

RENEW_HOURS: Final = "resources.hours"
ASK_AGAIN: Final = "resources.verify"


async def create(acting: Acting, organisation_id: uuid.UUID | None, said: Content) -> uuid.UUID:
    """A draft that its organisation (None: one's own) and the coordinator see; who writes it vouches for it.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    owner = await _owner(acting, organisation_id)
    described = _columns(acting, said)
    work = acting.work
    await work.one(statements.NUMBERING)
    last = await work.one(statements.LAST_NUMBER)
    made = await work.insert(
        resource,
        **described,
        organisation_id=owner,
        number=(last["number"] if last else 0) + 1,
        verified_on=_today(acting),
        verified_by_id=acting.viewer.person_id,
        created_at=work.now,
        updated_at=work.now,
    )
    work.later(RENEW_HOURS, made, work.now + hours.RENEWED_AFTER)
    _ask_again(acting, made)
    return _changed(acting, "create_resource", made)


async def edit(acting: Acting, identity: uuid.UUID | None, version: int, said: Content) -> uuid.UUID:
    """Replaces the whole description. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput."""
    row = await acting.find("resource", resource, identity, action="edit_resource", version=version)
    await acting.work.one(statements.DESCRIBE, id=row["id"], **_columns(acting, said))
    return _changed(acting, "edit_resource", row["id"])


async def offer(acting: Acting, identity: uuid.UUID | None, version: int, *, to_everybody: bool) -> uuid.UUID:
    """Shows it to the members, or to everybody; called again it changes between the two."""
    step = "publish_resource" if to_everybody else "offer_resource"
    row = await acting.find("resource", resource, identity, action=step, version=version)
    await acting.work.one(statements.OFFER, id=row["id"], state="offered", published=to_everybody)
    _ask_again(acting, row["id"])
    return _changed(acting, step, row["id"], published=int(to_everybody))


async def end(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """It is offered no more, and gone from every list but its own organisation's; its number stays taken."""
    row = await acting.find("resource", resource, identity, action="end_resource", version=version)
    await acting.work.one(statements.OFFER, id=row["id"], state="ended", published=False)
    return _changed(acting, "end_resource", row["id"])


async def say_resource_capacity(
    acting: Acting, identity: uuid.UUID | None, version: int, capacity: str
) -> uuid.UUID:
    """What it can take on, with the day on which that was said."""
    row = await acting.find("resource", resource, identity, action="say_resource_capacity", version=version)
    day = _today(acting)
    await acting.work.one(
        statements.SAY_RESOURCE_CAPACITY, id=row["id"], capacity=capacity, capacity_as_of=day
    )
    return _changed(acting, "say_resource_capacity", row["id"], capacity=capacity)


async def verify(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Somebody says that all of it is right today."""
    row = await acting.find("resource", resource, identity, action="verify_resource", version=version)
    day, by = _today(acting), acting.viewer.person_id
    await acting.work.one(statements.VERIFY, id=row["id"], verified_on=day, verified_by_id=by)
    _ask_again(acting, row["id"])
    return _changed(acting, "verify_resource", row["id"])


async def _owner(acting: Acting, wanted: uuid.UUID | None) -> uuid.UUID:
    own = acting.viewer.organisation_id
    owner = wanted or own
    acting.require("resource", "create_resource", *(("own",) if owner == own else ()))
    if owner is None or not await acting.work.one(statements.ACTIVE_ORGANISATION, id=owner):
        raise NotFound
    return owner


def _columns(acting: Acting, said: Content) -> dict[str, Any]:
    return contents.columns(said) | hours.columns(hours.kept(said.hours), acting.work.now)


def _today(acting: Acting) -> dt.date:
    return acting.work.now.astimezone(JAPAN).date()


def _ask_again(acting: Acting, identity: uuid.UUID) -> None:
    acting.work.later(ASK_AGAIN, identity, acting.work.now + dt.timedelta(days=STALE_DAYS))


def _changed(acting: Acting, action: str, identity: uuid.UUID, **codes: Any) -> uuid.UUID:  # noqa: ANN401 - audit's codes
    acting.work.record(action, "resource", identity, **codes)
    return identity

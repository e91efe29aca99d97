"""An organisation asks for a seat; chair or coordinator give it (`seats.give_seat`) or decline."""

import uuid

import sqlalchemy as sa

from libs.errors.problems import NotFound
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.groups.models import seat_request, working_group

MESSAGE_LENGTH = 2_000


async def ask(acting: Acting, group_id: uuid.UUID | None, message: str) -> uuid.UUID:
    """The asker's organisation asks. Raises NotFound, NotAllowed, InvalidInput, WrongState, AlreadyExists."""
    group = await acting.find("working_group", working_group, group_id, action="ask_for_seat")
    if acting.viewer.organisation_id is None:
        raise NotFound
    place = {"working_group_id": group["id"], "organisation_id": acting.viewer.organisation_id}
    said = clean(message, "message", MESSAGE_LENGTH, multiline=True)
    made = await acting.work.insert(seat_request, **place, message=said, created_at=acting.work.now)
    acting.work.record("ask_for_seat", "seat_request", made, working_group=str(group["id"]))
    return made


async def decline(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    return await _answer(acting, identity, version, "decline_seat_request", "declined")


async def withdraw(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The one who asked thinks better of it. Raises as `decline`."""
    return await _answer(acting, identity, version, "withdraw_seat_request", "withdrawn")


async def _answer(
    acting: Acting, identity: uuid.UUID | None, version: int, action: str, state: str
) -> uuid.UUID:
    row = await acting.find("seat_request", seat_request, identity, action=action, version=version)
    await acting.work.one(ANSWER, id=row["id"], state=state)
    acting.work.record(action, "seat_request", row["id"])
    return row["id"]


ANSWER = Statement(
    sa.update(seat_request)
    .where(seat_request.c.tenant_id == TENANT, seat_request.c.id == parameter(seat_request.c.id))
    .values(state=parameter(seat_request.c.state), version=seat_request.c.version + 1)
)

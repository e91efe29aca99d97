"""Working groups are made, described, opened and closed by the coordinator."""

import uuid

import sqlalchemy as sa

from libs.japan.text import clean, search_key
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.groups.actions.seats import give_seat
from services.platform.groups.models import working_group
from services.platform.inputs import required

NAME_LENGTH = 200
PURPOSE_LENGTH = 4_000


async def create(
    acting: Acting, name: str, purpose: str, chair: uuid.UUID | None, *, chair_named: bool
) -> uuid.UUID:
    """A new group; where a chair is named, that organisation gets its first seat.

    Raises NotAllowed, InvalidInput, NotFound (the chair), WrongState.
    """
    acting.require("working_group", "create_working_group")
    work = acting.work
    made = await work.insert(working_group, **_described(name, purpose), created_at=work.now)
    work.record("create_working_group", "working_group", made)
    if chair_named:
        await give_seat(acting, made, chair, None, None, is_chair=True)
    return made


async def edit(  # noqa: PLR0913 - what a group says about itself
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    name: str | None,
    purpose: str | None,
    state: str | None,
) -> uuid.UUID:
    """None: as it was. Raises NotFound, NotAllowed, StaleVersion, InvalidInput."""
    row = await acting.find(
        "working_group", working_group, identity, action="edit_working_group", version=version
    )
    described = _described(
        row["name"] if name is None else name, row["purpose"] if purpose is None else purpose
    )
    await acting.work.one(EDIT, id=row["id"], **described, state=state or row["state"])
    acting.work.record("edit_working_group", "working_group", row["id"], state=state or row["state"])
    return row["id"]


async def publish(acting: Acting, identity: uuid.UUID | None, version: int, *, published: bool) -> uuid.UUID:
    """Opens the group's card to everybody, without login, or closes it again."""
    row = await acting.find(
        "working_group", working_group, identity, action="publish_working_group", version=version
    )
    await acting.work.one(PUBLISH, id=row["id"], published=published)
    acting.work.record("publish_working_group", "working_group", row["id"], published=int(published))
    return row["id"]


async def open_board(
    acting: Acting, identity: uuid.UUID | None, version: int, *, to_companies: bool
) -> uuid.UUID:
    """Opens the group's board of cards to the companies that hold seats in it, or closes it again."""
    row = await acting.find("working_group", working_group, identity, action="open_board", version=version)
    await acting.work.one(OPEN_BOARD, id=row["id"], board_open_to_companies=to_companies)
    acting.work.record("open_board", "working_group", row["id"], to_companies=int(to_companies))
    return row["id"]


def _described(name: str, purpose: str) -> dict[str, str]:
    named = required(name, "name", NAME_LENGTH)
    said = clean(purpose, "purpose", PURPOSE_LENGTH, multiline=True)
    return {"name": named, "purpose": said, "search_key": search_key(named)}


def _set(**values: "sa.ColumnElement[object]") -> Statement:
    return Statement(
        sa.update(working_group)
        .where(working_group.c.tenant_id == TENANT, working_group.c.id == parameter(working_group.c.id))
        .values(version=working_group.c.version + 1, **values)
    )


EDIT = _set(**{name: parameter(working_group.c[name]) for name in ("name", "purpose", "search_key", "state")})
PUBLISH = _set(published=parameter(working_group.c.published))
OPEN_BOARD = _set(board_open_to_companies=parameter(working_group.c.board_open_to_companies))

"""Minutes: drafted by a seat, agreed by the chair or by most of those who were there, then published."""

import uuid
from typing import Final

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from libs.errors.problems import NotAllowed
from libs.japan.calendar import JST
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.groups.actions.attaching import follow, go_with
from services.platform.groups.actions.audiences import check_audience
from services.platform.groups.actions.files import Shelf, put
from services.platform.inputs import required
from services.platform.meetings.actions.attending import PRESENT
from services.platform.meetings.actions.telling import invited_seats, tell_invited
from services.platform.meetings.models import agreement, meeting, minutes

TITLE_LENGTH: Final = 200
BODY_LENGTH: Final = 50_000


async def write(
    acting: Acting, meeting_id: uuid.UUID | None, audience: str, title: str, body: str
) -> uuid.UUID:
    """A draft, which those read who were there. Raises NotFound, NotAllowed, InvalidInput, WrongState."""
    held = await acting.find("meeting", meeting, meeting_id, action="write_minutes")
    viewer, work = acting.viewer, acting.work
    if viewer.person_id is None or viewer.organisation_id is None:
        raise NotAllowed
    check_audience(acting, "post", audience)
    made = await work.insert(
        minutes,
        working_group_id=held["working_group_id"],
        meeting_id=held["id"],
        audience=audience,
        author_id=viewer.person_id,
        author_organisation_id=viewer.organisation_id,
        title=required(title, "title", TITLE_LENGTH),
        body=required(body, "body", BODY_LENGTH, multiline=True),
        held_on=held["starts_at"].astimezone(JST).date(),
        created_at=work.now,
    )
    work.record("write_minutes", "minutes", made, meeting=str(held["id"]), audience=audience)
    return made


async def edit(  # noqa: PLR0913 - what minutes say
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    audience: str | None,
    title: str | None,
    body: str | None,
) -> uuid.UUID:
    """None: as it was. Who had agreed, agreed to another text, and is asked anew.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput, WrongState.
    """
    row = await acting.find("minutes", minutes, identity, action="edit_minutes", version=version)
    chosen = audience or row["audience"]
    check_audience(acting, "post", chosen)
    await acting.work.one(
        EDIT,
        id=row["id"],
        audience=chosen,
        title=row["title"] if title is None else required(title, "title", TITLE_LENGTH),
        body=row["body"] if body is None else required(body, "body", BODY_LENGTH, multiline=True),
    )
    await acting.work.one(FORGET_AGREEMENTS, minutes_id=row["id"])
    await follow(acting.work, "minutes_id", row["id"], chosen)
    acting.work.record("edit_minutes", "minutes", row["id"], audience=chosen)
    return row["id"]


async def remove(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """A draft goes with its files. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("minutes", minutes, identity, action="remove_minutes", version=version)
    await go_with(acting.work, "minutes_id", row["id"])
    await acting.work.one(FORGET_AGREEMENTS, minutes_id=row["id"])
    await acting.work.one(REMOVE, id=row["id"])
    acting.work.record("remove_minutes", "minutes", row["id"], meeting=str(row["meeting_id"]))
    return row["id"]


async def agree(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """For one's organisation. The chair's word is enough; else that of more than half of those present.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("minutes", minutes, identity, action="agree_minutes", version=version)
    viewer, work = acting.viewer, acting.work
    if viewer.person_id is None or viewer.organisation_id is None:
        raise NotAllowed
    await work.one(
        AGREE,
        id=uuid7(),
        minutes_id=row["id"],
        organisation_id=viewer.organisation_id,
        person_id=viewer.person_id,
        created_at=work.now,
    )
    work.record("agree_minutes", "minutes", row["id"])
    by = await _agreed_by(acting, row, viewer.organisation_id)
    if by is not None:
        await work.one(SETTLE, id=row["id"], agreed_by=by, agreed_at=work.now)
        work.record("settle_minutes", "minutes", row["id"], by=by)
    return row["id"]


async def publish(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """To all whom they are for. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("minutes", minutes, identity, action="publish_minutes", version=version)
    await acting.work.one(PUBLISH, id=row["id"], published_at=acting.work.now)
    acting.work.record("publish_minutes", "minutes", row["id"])
    await tell_invited(acting.work, "minutes_published", row["meeting_id"])
    return row["id"]


async def attach(acting: Acting, identity: uuid.UUID | None, upload_id: uuid.UUID | None) -> uuid.UUID:
    """A paper to the draft. Raises NotFound, NotAllowed, InvalidInput, WrongState."""
    row = await acting.find("minutes", minutes, identity, action="attach_to_minutes")
    shelf = Shelf(row["working_group_id"], row["audience"], "minutes_id", row["id"])
    return await put(acting, shelf, upload_id)


async def _agreed_by(acting: Acting, row: asyncpg.Record, own: uuid.UUID) -> str | None:
    seats = await invited_seats(acting.work, row["meeting_id"])
    if any(each["is_chair"] and each["organisation_id"] == own for each in seats):
        return "chair"
    present = await acting.work.rows(PRESENT, meeting_id=row["meeting_id"])
    there = {each["organisation_id"] for each in present}
    agreed = {each["organisation_id"] for each in await acting.work.rows(AGREED, minutes_id=row["id"])}
    return "majority" if len(there & agreed) * 2 > len(there) else None


_THIS = (minutes.c.tenant_id == TENANT, minutes.c.id == parameter(minutes.c.id))
_RAISED = {"version": minutes.c.version + 1}
_OF_MINUTES = (
    agreement.c.tenant_id == TENANT,
    agreement.c.minutes_id == parameter(agreement.c.minutes_id),
)
EDIT = Statement(
    sa.update(minutes)
    .where(*_THIS)
    .values(_RAISED | {name: parameter(minutes.c[name]) for name in ("audience", "title", "body")})
)
REMOVE = Statement(sa.delete(minutes).where(*_THIS))
SETTLE = Statement(
    sa.update(minutes)
    .where(*_THIS)
    .values(
        _RAISED
        | {
            "state": sa.literal("agreed"),
            "agreed_by": parameter(minutes.c.agreed_by),
            "agreed_at": parameter(minutes.c.agreed_at),
        }
    )
)
PUBLISH = Statement(
    sa.update(minutes)
    .where(*_THIS)
    .values(_RAISED | {"state": sa.literal("published"), "published_at": parameter(minutes.c.published_at)})
)
AGREE = Statement(
    insert(agreement)
    .values(
        {
            name: TENANT if name == "tenant_id" else parameter(agreement.c[name])
            for name in agreement.c.keys()  # noqa: SIM118 - SQLAlchemy's collection iterates over columns
        }
    )
    .on_conflict_do_nothing()
)
AGREED = Statement(sa.select(agreement.c.organisation_id).where(*_OF_MINUTES))
FORGET_AGREEMENTS = Statement(sa.delete(agreement).where(*_OF_MINUTES))

"""Files of a group: put there for an audience or on a post, named anew, and taken away with their content."""

import uuid
from dataclasses import dataclass

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotAllowed
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.files.actions.taking import let_go, take
from services.platform.files.inspection import named
from services.platform.groups.actions.attaching import ON, On
from services.platform.groups.actions.audiences import check_audience
from services.platform.groups.models import file, post, working_group


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a file is put: in a group for an audience, and perhaps on something there."""

    group_id: uuid.UUID
    audience: str
    on: On | None = None
    on_id: uuid.UUID | None = None


async def add(
    acting: Acting, group_id: uuid.UUID | None, upload_id: uuid.UUID | None, audience: str
) -> uuid.UUID:
    """Raises NotFound, NotAllowed, InvalidInput, WrongState."""
    group = await acting.find("working_group", working_group, group_id, action="upload_file")
    return await put(acting, Shelf(group["id"], audience), upload_id)


async def attach(acting: Acting, post_id: uuid.UUID | None, upload_id: uuid.UUID | None) -> uuid.UUID:
    """To a post of one's own organisation. Raises as `add`."""
    row = await acting.find("post", post, post_id, action="attach_file")
    shelf = Shelf(row["working_group_id"], row["audience"], "post_id", row["id"])
    return await put(acting, shelf, upload_id)


async def put(acting: Acting, shelf: Shelf, upload_id: uuid.UUID | None) -> uuid.UUID:
    """By who has been found to be allowed to: what the actor sent becomes a file of the group."""
    viewer, work = acting.viewer, acting.work
    if viewer.person_id is None or viewer.organisation_id is None:
        raise NotAllowed
    check_audience(acting, "file", shelf.audience)
    content = await take(acting, upload_id)
    made = await work.insert(
        file,
        working_group_id=shelf.group_id,
        audience=shelf.audience,
        author_id=viewer.person_id,
        author_organisation_id=viewer.organisation_id,
        created_at=work.now,
        **content.columns(),
        **({} if shelf.on is None else {shelf.on: shelf.on_id}),
    )
    where = {"working_group": str(shelf.group_id), "audience": shelf.audience}
    work.record("upload_file", "file", made, **where, size=content.size)
    return made


async def edit(
    acting: Acting, identity: uuid.UUID | None, version: int, name: str | None, audience: str | None
) -> uuid.UUID:
    """None: as it was. The audience of what hangs on something is that thing's.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput.
    """
    row = await acting.find("file", file, identity, action="edit_file", version=version)
    if audience is not None and audience != row["audience"]:
        if any(row[on] is not None for on in ON):
            raise _of_its_post()
        check_audience(acting, "file", audience)
    await acting.work.one(
        EDIT,
        id=row["id"],
        name=row["name"] if name is None else _renamed(row, name),
        audience=audience or row["audience"],
    )
    acting.work.record("edit_file", "file", row["id"], audience=audience or row["audience"])
    return row["id"]


async def remove(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion."""
    row = await acting.find("file", file, identity, action="remove_file", version=version)
    await acting.work.one(REMOVE, id=row["id"])
    let_go(acting.work, row["object_id"])
    acting.work.record("remove_file", "file", row["id"], working_group=str(row["working_group_id"]))
    return row["id"]


def _renamed(row: asyncpg.Record, name: str) -> str:
    """Its content was looked into for what its ending says: the kind stays."""
    tidy, kind = named(name)
    if kind.media_type != row["media_type"]:
        raise InvalidInput(
            "name",
            "拡張子は変えられません。種類を変えるときは、ファイルを送り直してください。",
            "The ending cannot be changed. To change the kind, send the file anew.",
            detail="KIND",
        )
    return tidy


def _of_its_post() -> InvalidInput:
    return InvalidInput(
        "audience",
        "添付ファイルの宛先は、添付先と同じです。投稿や会議の側で変えてください。",
        "An attached file is for the same audience as what it hangs on. Change it there.",
        detail="ATTACHED",
    )


_THIS = (file.c.tenant_id == TENANT, file.c.id == parameter(file.c.id))
EDIT = Statement(
    sa.update(file)
    .where(*_THIS)
    .values(name=parameter(file.c.name), audience=parameter(file.c.audience), version=file.c.version + 1)
)
REMOVE = Statement(sa.delete(file).where(*_THIS))

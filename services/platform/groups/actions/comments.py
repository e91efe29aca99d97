"""Comments make a post a thread: for whom the post is, by who may read it."""

import uuid

import sqlalchemy as sa

from libs.errors.problems import NotAllowed
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.groups.models import comment, post
from services.platform.inputs import required

BODY_LENGTH = 5_000


async def write(acting: Acting, post_id: uuid.UUID | None, body: str) -> uuid.UUID:
    """Raises NotFound, NotAllowed, InvalidInput."""
    row = await acting.find("post", post, post_id, action="write_comment")
    viewer, work = acting.viewer, acting.work
    if viewer.person_id is None or viewer.organisation_id is None:
        raise NotAllowed
    made = await work.insert(
        comment,
        working_group_id=row["working_group_id"],
        audience=row["audience"],
        author_id=viewer.person_id,
        author_organisation_id=viewer.organisation_id,
        post_id=row["id"],
        body=required(body, "body", BODY_LENGTH, multiline=True),
        created_at=work.now,
    )
    work.record("write_comment", "comment", made, post=str(row["id"]))
    return made


async def edit(acting: Acting, identity: uuid.UUID | None, version: int, body: str) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, InvalidInput."""
    row = await acting.find("comment", comment, identity, action="edit_comment", version=version)
    said = required(body, "body", BODY_LENGTH, multiline=True)
    await acting.work.one(EDIT, id=row["id"], body=said)
    acting.work.record("edit_comment", "comment", row["id"])
    return row["id"]


async def remove(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """With its text. Raises NotFound, NotAllowed, StaleVersion."""
    row = await acting.find("comment", comment, identity, action="remove_comment", version=version)
    await acting.work.one(REMOVE, id=row["id"])
    acting.work.record("remove_comment", "comment", row["id"], post=str(row["post_id"]))
    return row["id"]


_THIS = (comment.c.tenant_id == TENANT, comment.c.id == parameter(comment.c.id))
EDIT = Statement(
    sa.update(comment).where(*_THIS).values(body=parameter(comment.c.body), version=comment.c.version + 1)
)
REMOVE = Statement(sa.delete(comment).where(*_THIS))

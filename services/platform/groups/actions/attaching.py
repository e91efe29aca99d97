"""What hangs on something, files and comments, has its audience, follows it, and goes with it."""

import uuid
from typing import Final, Literal

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.files.actions.taking import let_go
from services.platform.groups.models import comment, file

On = Literal["post_id", "meeting_id", "minutes_id"]
ON: Final[tuple[On, ...]] = ("post_id", "meeting_id", "minutes_id")


async def follow(work: Work, on: On, identity: uuid.UUID, audience: str) -> None:
    """What hangs on it is for its new audience from now on."""
    await work.one(FOLLOW[on], **{on: identity}, audience=audience)


async def follow_post(work: Work, post_id: uuid.UUID, audience: str) -> None:
    await follow(work, "post_id", post_id, audience)
    await work.one(COMMENTS_FOLLOW, post_id=post_id, audience=audience)


async def go_with_post(work: Work, post_id: uuid.UUID) -> None:
    await go_with(work, "post_id", post_id)
    await work.one(COMMENTS_GO, post_id=post_id)


async def go_with(work: Work, on: On, identity: uuid.UUID) -> None:
    for row in await work.rows(GO_WITH[on], **{on: identity}):
        let_go(work, row["object_id"])
        work.record("remove_file", "file", row["id"])


def _hanging(on: On) -> "tuple[sa.ColumnElement[bool], ...]":
    return (file.c.tenant_id == TENANT, file.c[on] == parameter(file.c[on]))


FOLLOW: Final = {
    on: Statement(
        sa.update(file)
        .where(*_hanging(on))
        .values(audience=parameter(file.c.audience), version=file.c.version + 1)
    )
    for on in ON
}
GO_WITH: Final = {
    on: Statement(sa.delete(file).where(*_hanging(on)).returning(file.c.id, file.c.object_id)) for on in ON
}
_OF_POST = (comment.c.tenant_id == TENANT, comment.c.post_id == parameter(comment.c.post_id))
COMMENTS_FOLLOW = Statement(
    sa.update(comment)
    .where(*_OF_POST)
    .values(audience=parameter(comment.c.audience), version=comment.c.version + 1)
)
COMMENTS_GO = Statement(sa.delete(comment).where(*_OF_POST))

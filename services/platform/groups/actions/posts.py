"""Posts: written for an audience that the writer belongs to, edited and removed by the organisation."""

import uuid

import sqlalchemy as sa

from libs.errors.problems import NotAllowed
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.groups.actions.attaching import follow_post, go_with_post
from services.platform.groups.actions.audiences import check_audience
from services.platform.groups.models import post, working_group
from services.platform.inputs import required

TITLE_LENGTH = 200
BODY_LENGTH = 20_000


async def write(
    acting: Acting, group_id: uuid.UUID | None, audience: str, title: str, body: str
) -> uuid.UUID:
    """Raises NotFound, NotAllowed, InvalidInput, WrongState."""
    group = await acting.find("working_group", working_group, group_id, action="write_post")
    viewer, work = acting.viewer, acting.work
    if viewer.person_id is None or viewer.organisation_id is None:
        raise NotAllowed
    check_audience(acting, "post", audience)
    made = await work.insert(
        post,
        working_group_id=group["id"],
        audience=audience,
        author_id=viewer.person_id,
        author_organisation_id=viewer.organisation_id,
        title=required(title, "title", TITLE_LENGTH),
        body=required(body, "body", BODY_LENGTH, multiline=True),
        created_at=work.now,
    )
    work.record("write_post", "post", made, working_group=str(group["id"]), audience=audience)
    return made


async def edit(  # noqa: PLR0913 - what a post says
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    audience: str | None,
    title: str | None,
    body: str | None,
) -> uuid.UUID:
    """None: as it was. Raises NotFound, NotAllowed, StaleVersion, InvalidInput."""
    row = await acting.find("post", post, identity, action="edit_post", version=version)
    chosen = audience or row["audience"]
    check_audience(acting, "post", chosen)
    await acting.work.one(
        EDIT,
        id=row["id"],
        audience=chosen,
        title=row["title"] if title is None else required(title, "title", TITLE_LENGTH),
        body=row["body"] if body is None else required(body, "body", BODY_LENGTH, multiline=True),
    )
    await follow_post(acting.work, row["id"], chosen)
    acting.work.record("edit_post", "post", row["id"], audience=chosen)
    return row["id"]


async def remove(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Takes the post away with its text, files and comments; that it was there stays in the audit chain."""
    row = await acting.find("post", post, identity, action="remove_post", version=version)
    await go_with_post(acting.work, row["id"])
    await acting.work.one(REMOVE, id=row["id"])
    acting.work.record("remove_post", "post", row["id"], working_group=str(row["working_group_id"]))
    return row["id"]


async def pin(acting: Acting, identity: uuid.UUID | None, version: int, *, pinned: bool) -> uuid.UUID:
    """Chair or coordinator keep it on top, or let it go. Raises NotFound, NotAllowed, StaleVersion."""
    row = await acting.find("post", post, identity, action="pin_post", version=version)
    await acting.work.one(PIN, id=row["id"], is_pinned=pinned)
    acting.work.record("pin_post", "post", row["id"], pinned=int(pinned))
    return row["id"]


PIN = Statement(
    sa.update(post)
    .where(post.c.tenant_id == TENANT, post.c.id == parameter(post.c.id))
    .values(is_pinned=parameter(post.c.is_pinned), version=post.c.version + 1)
)
EDIT = Statement(
    sa.update(post)
    .where(post.c.tenant_id == TENANT, post.c.id == parameter(post.c.id))
    .values(
        audience=parameter(post.c.audience),
        title=parameter(post.c.title),
        body=parameter(post.c.body),
        version=post.c.version + 1,
    )
)
REMOVE = Statement(sa.delete(post).where(post.c.tenant_id == TENANT, post.c.id == parameter(post.c.id)))

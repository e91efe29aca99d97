"""Application papers: handed in with an upload, taken back, and gone when nobody needs them any more."""

import uuid
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.tenancy.models import organisation, platform_settings
from services.platform.files.actions.taking import let_go, take
from services.platform.inputs import required
from services.platform.papers.models import application_paper

TITLE_LENGTH: Final = 100
DROP_PAPERS: Final = "drop_papers"
"""The kind of due work; its key is the organisation's id."""


async def add(
    acting: Acting, organisation_id: uuid.UUID | None, upload_id: uuid.UUID | None, kind: str, title: str
) -> uuid.UUID:
    """Raises NotFound, NotAllowed, WrongState, InvalidInput."""
    row = await acting.find("organisation", organisation, organisation_id, action="add_paper")
    called = required(title, "title", TITLE_LENGTH)
    content = await take(acting, upload_id)
    work = acting.work
    made = await work.insert(
        application_paper,
        organisation_id=row["id"],
        kind=kind,
        title=called,
        created_at=work.now,
        **content.columns(),
    )
    work.record("add_paper", "paper", made, organisation=str(row["id"]), kind=kind)
    return made


async def remove(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("paper", application_paper, identity, action="remove_paper", version=version)
    await acting.work.one(REMOVE, id=row["id"])
    let_go(acting.work, row["object_id"])
    acting.work.record("remove_paper", "paper", row["id"], organisation=str(row["organisation_id"]))
    return row["id"]


async def drop_later(work: Work, organisation_id: uuid.UUID) -> None:
    """Of an application that has just ended: after the platform's own time, for who asks why."""
    settings = await work.one(RETENTION)
    days = 0 if settings is None else settings["paper_retention_days"]
    work.later(DROP_PAPERS, organisation_id, work.now + timedelta(days=days))


async def drop_all(work: Work, organisation_id: uuid.UUID) -> None:
    """Safe to repeat. An organisation that is a member or applies keeps its papers."""
    for row in await work.rows(DROP, organisation_id=organisation_id):
        let_go(work, row["object_id"])
        work.record("remove_paper", "paper", row["id"], organisation=str(organisation_id))


REMOVE = Statement(
    sa.delete(application_paper).where(
        application_paper.c.tenant_id == TENANT,
        application_paper.c.id == parameter(application_paper.c.id),
    )
)
RETENTION = Statement(
    sa.select(platform_settings.c.paper_retention_days).where(
        platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT
    )
)
DROP = Statement(
    sa.delete(application_paper)
    .where(
        application_paper.c.tenant_id == TENANT,
        application_paper.c.organisation_id == parameter(application_paper.c.organisation_id),
        sa.exists(
            sa.select(organisation.c.id).where(
                organisation.c.tenant_id == TENANT,
                organisation.c.id == application_paper.c.organisation_id,
                among(organisation.c.status, ("declined", "withdrawn")),
            )
        ),
    )
    .returning(application_paper.c.id, application_paper.c.object_id)
)

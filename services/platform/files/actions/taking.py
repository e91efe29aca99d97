"""A room takes what its sender sent, and lets go of what it no longer keeps."""

import uuid
from typing import Final

import sqlalchemy as sa

from libs.errors.problems import NotFound
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from services.platform.files.models import Content, Purpose, upload

DROP_OBJECT: Final = "drop_object"


async def take(acting: Acting, identity: uuid.UUID | None, purpose: Purpose = "file") -> Content:
    """What the actor sent themselves, once, for this purpose. Raises NotFound."""
    if identity is None:
        raise NotFound
    row = await acting.work.one(TAKE, id=identity, person_id=acting.viewer.person_id, purpose=purpose)
    if row is None:
        raise NotFound
    return Content(row["id"], row["name"], row["media_type"], row["size"], row["sha256"])


def let_go(work: Work, object_id: uuid.UUID) -> None:
    """The row that kept the content goes in this transaction, and the content after it."""
    work.later(DROP_OBJECT, object_id, work.now)


TAKE = Statement(
    sa.delete(upload)
    .where(
        upload.c.tenant_id == TENANT,
        upload.c.id == parameter(upload.c.id),
        upload.c.person_id == parameter(upload.c.person_id),
        upload.c.purpose == parameter(upload.c.purpose),
        upload.c.arrived_at.is_not(None),
    )
    .returning(*upload.c)
)

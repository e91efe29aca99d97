"""What nobody took within its time goes, and contents follow the rows that kept them."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from libs.persistence.database import Database
from libs.persistence.objects.store import Objects
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.persistence.worker import Errand, Job
from services.platform.files.actions.sending import DROP_UPLOAD
from services.platform.files.actions.taking import DROP_OBJECT, let_go
from services.platform.files.models import upload


async def drop_upload(work: Work, identity: uuid.UUID) -> None:
    """Nothing to do where a room has taken it."""
    if await work.one(DROP, id=identity):
        let_go(work, identity)


def errands(objects: Objects) -> Mapping[str, Errand]:
    async def drop_object(_: Database, tenant_id: uuid.UUID, identity: uuid.UUID) -> datetime | None:
        await objects.delete(tenant_id, identity)
        return None

    return {DROP_OBJECT: drop_object}


DROP = Statement(
    sa.delete(upload)
    .where(upload.c.tenant_id == TENANT, upload.c.id == parameter(upload.c.id))
    .returning(upload.c.id)
)
JOBS: Final[Mapping[str, Job]] = {DROP_UPLOAD: drop_upload}

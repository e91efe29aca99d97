"""What the secretariat decided on a platform's practice is an entry of the platform's own audit chain."""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Final

import sqlalchemy as sa

from libs.figures.practices import ACCEPTED, RETURNED, practice
from libs.persistence.audit import audit_entry
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.persistence.worker import Job


async def _record(action: str, work: Work, key: uuid.UUID) -> None:
    """Once, as a practice is decided on once; the staff of the secretariat are nobody in any platform."""
    if await work.one(DECIDED, id=key) is None or await work.one(RECORDED, id=key, action=action):
        return
    work.record(action, "practice", key, by="secretariat")


JOBS: Final[Mapping[str, Job]] = {
    ACCEPTED: partial(_record, "accept_practice"),
    RETURNED: partial(_record, "return_practice"),
}
DECIDED = Statement(
    sa.select(practice.c.id).where(
        practice.c.tenant_id == TENANT,
        practice.c.id == parameter(practice.c.id),
        practice.c.decided_at.is_not(None),
    )
)
RECORDED = Statement(
    sa.select(audit_entry.c.id).where(
        audit_entry.c.tenant_id == TENANT,
        audit_entry.c.object_id == parameter(audit_entry.c.object_id, "id"),
        audit_entry.c.action == parameter(audit_entry.c.action),
    )
)

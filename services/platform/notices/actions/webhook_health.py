"""Whether a webhook still answers: one that has not for days is disabled, and its owner told."""

import uuid
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.notices.actions.telling import coordinators, of_organisation, tell
from services.platform.notices.models import webhook

PATIENCE: Final = timedelta(days=3)


async def reached(work: Work, identity: uuid.UUID) -> None:
    await work.rows(REACHED, id=identity)


async def missed(work: Work, identity: uuid.UUID, *, gone: bool) -> None:
    """`gone`: the receiver itself said that it wants no more."""
    row = await work.one(MISSED, id=identity)
    if row is None or not (gone or row["failing_since"] <= work.now - PATIENCE):
        return
    await work.rows(DISABLE, id=identity)
    work.record("disable_webhook", "webhook", identity)
    audience = coordinators() if row["of_platform"] else of_organisation(row["organisation_id"])
    await tell(work, "delivery_failed", ("webhook", identity), audience)


_ACTIVE: Final = (
    webhook.c.tenant_id == TENANT,
    webhook.c.id == parameter(webhook.c.id),
    webhook.c.state == sa.literal("active"),
)
REACHED = Statement(
    sa.update(webhook)
    .where(*_ACTIVE, webhook.c.failing_since.is_not(None))
    .values(failing_since=sa.null())
    .returning(webhook.c.id)
)
MISSED = Statement(
    sa.update(webhook)
    .where(*_ACTIVE)
    .values(
        failing_since=sa.func.coalesce(
            webhook.c.failing_since, sa.bindparam("viewer_now", type_=webhook.c.failing_since.type)
        )
    )
    .returning(webhook.c.organisation_id, webhook.c.of_platform, webhook.c.failing_since)
)
DISABLE = Statement(
    sa.update(webhook)
    .where(*_ACTIVE)
    .values(state=sa.literal("disabled"), version=webhook.c.version + 1)
    .returning(webhook.c.id)
)

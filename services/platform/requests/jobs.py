"""What the clock does to requests: withdrawn ones are erased at once, others some time after the last words.

The key goes first: a job that fails behind it is done again, and the words are gone either way.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.persistence.worker import Job
from services.platform.requests import deadlines
from services.platform.requests.actions.page import front
from services.platform.requests.models import help_request


def jobs(vault: Vault) -> Mapping[str, Job]:
    """By kind of due work."""
    return {deadlines.ERASE: partial(erase, vault)}


async def erase(vault: Vault, work: Work, key: uuid.UUID) -> None:
    """A request that became a case lives and ends with the case."""
    row = await work.one(LOCK, id=key)
    if row is None or row["state"] == "taken" or row["erased_at"] is not None:
        return
    if row["state"] != "withdrawn" and (due := await _due(work, row["updated_at"])) > work.now:
        await work.later(deadlines.ERASE, key, due)
        return
    await vault.erase(work.tenant_id, key)
    await work.one(ERASED, id=key)
    work.record("erase", "request", key)


async def _due(work: Work, updated_at: datetime) -> datetime:
    return deadlines.erased_at(updated_at, (await front(work)).keep_days)


_THIS = (help_request.c.tenant_id == TENANT, help_request.c.id == parameter(help_request.c.id))
LOCK = Statement(sa.select(help_request).where(*_THIS).with_for_update())
ERASED = Statement(
    sa.update(help_request)
    .where(*_THIS)
    .values(
        erased_at=sa.bindparam("viewer_now", type_=help_request.c.erased_at.type),
        version=help_request.c.version + 1,
    )
    .returning(help_request.c.id)
)

"""What the clock does to requests: each working day the desk is told again of who waits for an answer;
withdrawn ones are erased at once, others some time after the last words.

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
from services.platform.notices.actions.telling import of_organisation, tell
from services.platform.requests import deadlines
from services.platform.requests.actions.page import DESK_ROLES, front
from services.platform.requests.models import help_request


def jobs(vault: Vault) -> Mapping[str, Job]:
    """By kind of due work."""
    return {deadlines.ERASE: partial(erase, vault), deadlines.REMIND: remind}


async def erase(vault: Vault, work: Work, key: uuid.UUID) -> None:
    """A request that became a case lives and ends with the case."""
    row = await work.one(LOCK, id=key)
    if row is None or row["state"] == "taken" or row["erased_at"] is not None:
        return
    if row["state"] != "withdrawn" and (due := await _due(work, row["updated_at"])) > work.now:
        work.later(deadlines.ERASE, key, due)
        return
    await vault.erase(work.tenant_id, key)
    await work.one(ERASED, id=key)
    work.record("erase", "request", key)


async def remind(work: Work, key: uuid.UUID) -> None:
    """Until it is answered. Of several that were left the first of a day goes on, the others end."""
    row = await work.one(LOCK, id=key)
    if row is None or row["state"] != "waiting" or row["erased_at"] is not None:
        return
    if row["reminded_at"] is not None and deadlines.day_of(row["reminded_at"]) == deadlines.day_of(work.now):
        return
    desk = of_organisation(row["organisation_id"], *DESK_ROLES)
    await tell(work, "request_received", ("request", key), desk)
    await work.one(REMINDED, id=key)
    work.later(deadlines.REMIND, key, deadlines.reminded_at(work.now))


async def _due(work: Work, updated_at: datetime) -> datetime:
    return deadlines.erased_at(updated_at, (await front(work)).keep_days)


_NOW = sa.bindparam("viewer_now", type_=help_request.c.erased_at.type)
_THIS = (help_request.c.tenant_id == TENANT, help_request.c.id == parameter(help_request.c.id))
LOCK = Statement(sa.select(help_request).where(*_THIS).with_for_update())
ERASED = Statement(
    sa.update(help_request)
    .where(*_THIS)
    .values(erased_at=_NOW, version=help_request.c.version + 1)
    .returning(help_request.c.id)
)
REMINDED = Statement(
    sa.update(help_request).where(*_THIS).values(reminded_at=_NOW).returning(help_request.c.id)
)

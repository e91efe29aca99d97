"""What the clock does to services and places: hours are worked out anew, stale entries asked about."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Final

from libs.persistence.work import Work
from libs.persistence.worker import Job
from libs.tenancy.viewer import JAPAN
from services.platform.notices.actions.telling import of_organisation, tell
from services.platform.resources.actions import hours, statements
from services.platform.resources.actions.keeping import ASK_AGAIN, RENEW_HOURS
from services.platform.resources.models import STALE_DAYS

STALE: Final = dt.timedelta(days=STALE_DAYS)
_REMINDED_EVERY: Final = dt.timedelta(days=30)


async def renew_hours(work: Work, key: uuid.UUID) -> None:
    """The coming weeks of one that may be offered; an ended one is left, until it is offered again."""
    row = await work.one(statements.ONE, id=key)
    if row is None:
        return
    await work.one(statements.RENEW, id=key, **hours.worked_out(hours.read(row["hours"]), work.now))
    work.later(RENEW_HOURS, key, work.now + hours.RENEWED_AFTER)


async def ask_again(work: Work, key: uuid.UUID) -> None:
    """Half a year after it was last vouched for its organisation is told, and then every month.

    Each word of its organisation leaves one of these behind: those that find it asked already end here.
    """
    row = await work.one(statements.ONE, id=key)
    today = work.now.astimezone(JAPAN).date()
    if row is None or row["state"] != "offered" or today < row["verified_on"] + STALE:
        return
    if row["reminded_on"] is not None and today < row["reminded_on"] + _REMINDED_EVERY:
        return
    await work.one(statements.REMINDED, id=key, reminded_on=today)
    await tell(work, "resource_stale", ("resource", key), of_organisation(row["organisation_id"], "desk"))
    work.later(ASK_AGAIN, key, work.now + _REMINDED_EVERY)


JOBS: Final[Mapping[str, Job]] = {RENEW_HOURS: renew_hours, ASK_AGAIN: ask_again}

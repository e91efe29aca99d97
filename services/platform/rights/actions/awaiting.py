"""An erasure that waits for a second person is told to those who may confirm it: at once, and once more."""

import uuid
from datetime import datetime, time
from typing import Final

import sqlalchemy as sa

from libs.japan.calendar import JST, add_working_days
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.notices.actions.telling import coordinators, of_organisation, tell
from services.platform.rights.models import codes, erasure

REMIND: Final = "erasure.remind"
"""The kind of due work; its key is the erasure's id."""
REMIND_AFTER: Final = 2
"""Working days in Japan: who asked has a right to be answered without delay (個人情報保護法 98条, 35条)."""
_MORNING: Final = time(9)


async def tell_confirmers(work: Work, kind: str, identity: uuid.UUID, organisation_id: uuid.UUID) -> None:
    """Those of the policy's `confirm_erasure`; a notice names neither case nor person."""
    desk = of_organisation(organisation_id, "desk", "representative")
    await tell(work, kind, ("erasure", identity), desk, coordinators())


def remind_later(work: Work, identity: uuid.UUID) -> None:
    work.later(REMIND, identity, _reminded_at(work.now))


async def remind(work: Work, key: uuid.UUID) -> None:
    """Where nobody has decided by then; a second run finds it told."""
    waiting = await work.one(WAITING, id=key)
    if waiting is not None:
        await tell_confirmers(work, "erasure_waiting", key, waiting["organisation_id"])


def _reminded_at(now: datetime) -> datetime:
    return datetime.combine(add_working_days(now.astimezone(JST).date(), REMIND_AFTER), _MORNING, JST)


WAITING: Final = Statement(
    sa.update(erasure)
    .where(
        erasure.c.tenant_id == TENANT,
        erasure.c.id == parameter(erasure.c.id),
        erasure.c.state == sa.literal(codes.ASKED),
        erasure.c.reminded_at.is_(None),
    )
    .values(reminded_at=sa.bindparam("viewer_now", type_=erasure.c.reminded_at.type))
    .returning(erasure.c.organisation_id)
)

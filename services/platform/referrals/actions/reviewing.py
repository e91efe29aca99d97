"""A break-glass that waits for its review: who is reminded, and who is told that nobody could review it."""

import uuid

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.predicates import ASKER
from services.platform.notices.actions.telling import coordinators, of_organisation, tell
from services.platform.referrals import basis_deadlines
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.models import break_glass
from services.platform.referrals.models.reviewers import somebody_reviews


async def review_due(work: Work, key: uuid.UUID) -> None:
    """Nobody has reviewed it in time: they are reminded, again and again until somebody does.

    A worker that dies between this and its due work's end leaves that to come again, beside the next one
    planned here: it finds no reminder due, and plans none.
    """
    again = basis_deadlines.review_due(work.now, await terms(work))
    if await work.one(REMINDED, id=key, remind_at=again) is None:
        return
    await tell(work, "break_glass_review_due", ("break_glass", key), coordinators())
    await tell_if_nobody_reviews(work, key)
    work.later(basis_deadlines.REVIEW_DUE, key, again)


async def tell_if_nobody_reviews(work: Work, key: uuid.UUID) -> None:
    """A life came first, so it was opened; that no second person is there is told to those who can appoint
    one, and to who speaks for the opener's organisation."""
    row = await work.one(WAITING, id=key)
    if row is not None and not row["somebody"]:
        spoken_for = of_organisation(row["organisation_id"], "representative")
        await tell(work, "break_glass_no_reviewer", ("break_glass", key), coordinators(), spoken_for)


REMINDED = Statement(
    sa.update(break_glass)
    .where(
        break_glass.c.tenant_id == TENANT,
        break_glass.c.id == parameter(break_glass.c.id),
        break_glass.c.reviewed_at.is_(None),
        sa.or_(
            break_glass.c.remind_at.is_(None),
            break_glass.c.remind_at <= sa.bindparam("viewer_now", type_=break_glass.c.remind_at.type),
        ),
    )
    .values(remind_at=parameter(break_glass.c.remind_at))
    .returning(break_glass.c.id)
)
WAITING = Statement(
    sa.select(
        break_glass.c.organisation_id,
        sa.and_(somebody_reviews(break_glass, ASKER), sa.true()).label("somebody"),
    ).where(
        break_glass.c.tenant_id == TENANT,
        break_glass.c.id == parameter(break_glass.c.id),
        break_glass.c.reviewed_at.is_(None),
    )
)

"""What the clock does to referrals: it reminds, escalates, ends.

One row of due work stands for the next moment of each referral. A job judges the row as it finds it: one that
comes twice, early or late does nothing that is not due, and of several moments missed only the last is told.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.members.actions.endings import MEMBERSHIP_ENDED
from services.platform.referrals import deadlines
from services.platform.referrals.actions import assigning, consent_ends, handing_on, letting_go, transferring
from services.platform.referrals.actions.announcing import announce, close_offers
from services.platform.referrals.actions.moving import Referral, look_again, move, rewrite
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.actions.taking_back import back_to_draft
from services.platform.referrals.models import referral

Told = tuple[str, tuple[str, ...]]


async def tick(work: Work, key: uuid.UUID) -> None:
    """Does the last of the moments that are over, and looks again at the next one."""
    row = await work.one(LOCK, id=key)
    if row is None or row["clock_at"] is None or row["clock_at"] > work.now:
        return
    over = [name for at, name in deadlines.moments(row, await terms(work)) if at <= work.now]
    if not over:
        await look_again(work, row, past_due=row["past_due"])
    elif over[-1] in _ENDS:
        await _ENDS[over[-1]](work, row)
    else:
        kind, to = _REMINDERS[over[-1]]
        await announce(work, row, kind, *to)
        await look_again(work, row, past_due=row["past_due"] or over[-1] in _PAST_DUE)


async def _take_back(work: Work, row: Referral) -> None:
    """T2b: the person was not asked in time; the draft waits for its writer."""
    await announce(work, await back_to_draft(work, row), "basis_overdue", "sender")


async def _expire(work: Work, row: Referral) -> None:
    """T9, for what was left unanswered for twice T-answer, and for a card past its last day."""
    expired = await move(work, row, "expire_referral")
    await close_offers(work, expired)


async def _close(work: Work, row: Referral) -> None:
    """T17: counted as reported only."""
    await move(work, row, "close_unconfirmed", confirmed=False)


async def _erase(work: Work, row: Referral) -> None:
    """A draft that nobody touched for so long keeps its codes and loses its words."""
    erased = await rewrite(work, row, ask="", area="")
    work.record("erase_draft", "referral", row["id"])
    await announce(work, erased, "draft_erased", "sender")


_ENDS: Final[Mapping[str, Callable[[Work, Referral], Awaitable[None]]]] = {
    "draft_erased": _erase,
    "basis_ends": _take_back,
    "post_ends": _expire,
    "answer_ends": _expire,
    "confirm_ends": _close,
}
_REMINDERS: Final[Mapping[str, Told]] = {
    "draft_half": ("draft_waiting", ("sender",)),
    "post_week": ("referral_posted", ("group",)),
    "answer_half": ("answer_due_half", ("recipient",)),
    "answer_soon": ("answer_due_soon", ("recipient",)),
    "answer_due": ("answer_overdue", ("recipient", "sender", "coordinators")),
    "contact_soon": ("contact_due_soon", ("recipient",)),
    "contact_due": ("contact_overdue", ("recipient", "coordinators")),
    "progress_due": ("progress_due", ("recipient",)),
    "progress_overdue": ("progress_overdue", ("recipient", "sender", "coordinators")),
    "review_soon": ("review_due", ("recipient",)),
    "review_due": ("review_overdue", ("recipient",)),
    "confirm_half": ("confirm_soon", ("sender",)),
    "access_ends": ("access_ends", ("recipient",)),
}
_PAST_DUE: Final = frozenset({"answer_due", "contact_due", "progress_overdue", "review_due"})
"""What puts a referral on the coordinator's list."""

JOBS: Final[Mapping[str, Callable[[Work, uuid.UUID], Awaitable[None]]]] = {
    deadlines.TICK: tick,
    deadlines.CONSENT_ENDS_SOON: consent_ends.tell_of_consent,
    handing_on.HANDED_ON: handing_on.end_parent,
    transferring.CASE_MOVED: transferring.move_referrals,
    letting_go.MEMBER_GONE: letting_go.let_go,
    MEMBERSHIP_ENDED: assigning.back_to_the_desk,
}
LOCK = Statement(
    sa.select(referral)
    .where(referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id))
    .with_for_update()
)

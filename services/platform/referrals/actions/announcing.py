"""Who is told of a step, and of what the clock says. A notice is a kind and an id, never a person's words."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.predicates import ASKER
from libs.tenancy.models import organisation
from libs.tenancy.viewer import JAPAN
from services.platform.groups.models import seat, seated_today, working_group
from services.platform.notices.actions.audiences import of_organisations
from services.platform.notices.actions.telling import Audience, coordinators, of_organisation, people, tell
from services.platform.referrals.deadlines import Row
from services.platform.referrals.models import offer

Audiences = list[Audience]


async def announce(work: Work, row: Row, kind: str, *to: str) -> None:
    """Tells of the referral: `to` are names of audiences, those below."""
    audiences = [each for name in to for each in await _AUDIENCES[name](work, row)]
    if audiences:
        await tell(work, kind, ("referral", row["id"]), *audiences)


async def announce_step(work: Work, row: Row, step: str) -> None:
    """Tells those whom the step concerns, if it is one that somebody waits for."""
    if step in STEPS_TOLD:
        kind, to = STEPS_TOLD[step]
        await announce(work, row, kind, *to)


async def announce_to(work: Work, row: Row, kind: str, *persons: uuid.UUID) -> None:
    await tell(work, kind, ("referral", row["id"]), people(*persons))


async def announce_to_organisation(work: Work, row: Row, kind: str, organisation_id: uuid.UUID) -> None:
    """The desk of an organisation that is no end of the referral."""
    await tell(work, kind, ("referral", row["id"]), of_organisation(organisation_id, "desk"))


async def close_offers(work: Work, row: Row) -> None:
    """Closes what was offered and not chosen; those who raised their hands are told kindly."""
    for each in await work.rows(CLOSE_OFFERS, referral_id=row["id"]):
        await announce_to_organisation(work, row, "offer_closed", each["organisation_id"])


STEPS_TOLD: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "ask_approval": ("card_awaits_approval", ("coordinators",)),
    "refuse_card": ("card_refused", ("sender",)),
    "approve_card": ("card_approved", ("sender",)),
    "offer_help": ("offer_made", ("sender",)),
    "send_referral": ("referral_sent", ("recipient",)),
    "accept_referral": ("referral_accepted", ("sender",)),
    "decline_referral": ("referral_declined", ("sender",)),
    "return_referral": ("referral_returned", ("sender",)),
    "expire_referral": ("referral_expired", ("sender", "recipient", "coordinators")),
    "ask_question": ("question_asked", ("other side",)),
    "answer_question": ("question_answered", ("other side",)),
    "start_support": ("support_started", ("sender",)),
    "hold": ("put_on_hold", ("sender",)),
    "resume": ("resumed", ("sender",)),
    "report_outcome": ("outcome_reported", ("sender",)),
    "confirm_loop": ("loop_confirmed", ("recipient",)),
    "request_reopen": ("reopen_requested", ("recipient",)),
    "reopen": ("reopened", ("sender",)),
    "close_unconfirmed": ("closed_unconfirmed", ("sender", "recipient")),
    "withdraw_referral": ("referral_withdrawn", ("recipient",)),
    "revoke_consent": ("consent_revoked", ("sender", "recipient's staff")),
    "end_with_recipient": ("recipient_left", ("sender", "coordinators")),
    "end_with_sender": ("sender_left", ("recipient", "coordinators")),
    "request_transfer": ("transfer_requested", ("sender",)),
    "withdraw_transfer_request": ("transfer_withdrawn", ("sender",)),
    "end_offer": ("offer_withdrawn", ("sender",)),
    "end_transfer_request": ("transfer_withdrawn", ("sender",)),
    "request_void": ("void_requested", ("coordinators",)),
    "mark_void": ("voided", ("sender", "recipient")),
}
"""By the machine's steps; the rest is told of by its own action."""


async def _sender(_: Work, row: Row) -> Audiences:
    return [of_organisation(row["sender_id"], "caseworker")]


async def _recipient(_: Work, row: Row) -> Audiences:
    return _asked(row, "desk")


async def _staff(_: Work, row: Row) -> Audiences:
    """Whoever there may have opened it."""
    return _asked(row, "desk", "caseworker")


def _asked(row: Row, *roles: str) -> Audiences:
    """Whom nothing was sent to is not to learn of it."""
    asked = row["recipient_id"] is not None and row["sent_at"] is not None
    return [of_organisation(row["recipient_id"], *roles)] if asked else []


async def _other_side(work: Work, row: Row) -> Audiences:
    from_sender = work.actor.organisation_id == row["sender_id"]
    return await (_recipient if from_sender else _sender)(work, row)


async def _coordinators(_: Work, __: Row) -> Audiences:
    return [coordinators()]


async def _group(work: Work, row: Row) -> Audiences:
    """The desks of the organisations in the card's group to whom its board is open, but its sender's."""
    today = work.now.astimezone(JAPAN).date()
    seats = await work.rows(SEATED, working_group_id=row["working_group_id"], viewer_today=today)
    others = [each["organisation_id"] for each in seats if each["organisation_id"] != row["sender_id"]]
    return [of_organisations(others, "desk")] if others else []


_AUDIENCES: Final[Mapping[str, Callable[[Work, Row], Any]]] = {
    "sender": _sender,
    "recipient": _recipient,
    "recipient's staff": _staff,
    "other side": _other_side,
    "coordinators": _coordinators,
    "group": _group,
}
SEATED = Statement(
    sa.select(seat.c.organisation_id)
    .distinct()
    .join(
        organisation, sa.and_(organisation.c.tenant_id == TENANT, organisation.c.id == seat.c.organisation_id)
    )
    .join(
        working_group,
        sa.and_(working_group.c.tenant_id == TENANT, working_group.c.id == seat.c.working_group_id),
    )
    .where(
        seated_today(seat, ASKER),
        seat.c.tenant_id == TENANT,
        seat.c.working_group_id == parameter(seat.c.working_group_id),
        sa.or_(organisation.c.kind != "company", working_group.c.board_open_to_companies),
    )
)
CLOSE_OFFERS = Statement(
    sa.update(offer)
    .where(
        offer.c.tenant_id == TENANT,
        offer.c.referral_id == parameter(offer.c.referral_id),
        offer.c.state == "open",
    )
    .values(state=sa.literal("closed"), version=offer.c.version + 1)
    .returning(offer.c.organisation_id)
)

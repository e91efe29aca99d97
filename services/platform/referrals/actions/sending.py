"""Choosing who is asked, and asking: on a basis that holds today, with a package frozen for them."""

import uuid
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.followers import Followers
from services.platform.referrals.actions import breaking, grounds
from services.platform.referrals.actions.admitting import admit_recipient
from services.platform.referrals.actions.announcing import announce_to_organisation, close_offers
from services.platform.referrals.actions.answering import keep_text
from services.platform.referrals.actions.bodies import member
from services.platform.referrals.actions.grounds import (
    Consented,
    CouncilExchange,
    SupportMeeting,
    VitalInterest,
)
from services.platform.referrals.actions.inputs import LONG, required
from services.platform.referrals.actions.moving import Referral, check_step, move
from services.platform.referrals.actions.packages import Ground, freeze
from services.platform.referrals.guards import no_open_offer
from services.platform.referrals.models import offer, referral

SENT: Final[Followers[Acting, Referral]] = Followers()
"""Told of each referral that has just been sent."""
Basis = Consented | CouncilExchange | SupportMeeting | VitalInterest
"""On what a disclosure rests. `none_deidentified` is the board's, which carries L1 alone."""


async def request_basis(  # noqa: PLR0913 - whom, on what, and where it cannot wait with what is opened
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    recipient: uuid.UUID | None,
    basis: str,
    danger: VitalInterest | None = None,
    override: str | None = None,
) -> uuid.UUID:
    """T2: names the recipient, and the basis that is now to be had: the person is asked, or the council.

    With `danger` there is nothing to wait for: the referral is sent in the same transaction (T3).

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput, AlreadyExists.
    """
    row = await acting.find("referral", referral, identity, action="request_basis", version=version)
    named = await member(acting, recipient)
    if named["id"] == row["sender_id"]:
        raise InvalidInput("recipientId", "自団体には打診できません。", "This is your own organisation.")
    if basis == "none_deidentified":
        raise InvalidInput(
            "basis",
            "打診には根拠が必要です。根拠のない情報は掲示板の依頼文だけです。",
            "Asking a body needs a basis; without one there is the board's ask alone.",
        )
    if danger is not None and basis != "vital_interest":
        raise InvalidInput(
            "basis",
            "緊急の内容を書いたときは、根拠を「緊急」にしてください。",
            "With a danger given, the basis is the vital interest.",
        )
    moved = await move(acting.work, row, "request_basis", recipient_id=named["id"], basis=basis)
    if danger is not None:
        await _send(acting, moved, danger, override)
    return row["id"]


async def choose_offer(  # noqa: PLR0913 - what is chosen, and on what it is asked at once
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    offer_id: uuid.UUID | None,
    basis: Basis | None,
    override: str | None = None,
) -> uuid.UUID:
    """T6: picks one of those who raised their hands; with a basis that holds for it, asks it at once (T3).

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput, AlreadyExists.
    """
    row = await acting.find("referral", referral, identity, action="choose_offer", version=version)
    chosen = await acting.work.one(OPEN_OFFER, id=offer_id, referral_id=row["id"])
    if chosen is None:
        raise no_open_offer()
    await member(acting, chosen["organisation_id"])
    moved = await move(
        acting.work, row, "choose_offer", recipient_id=chosen["organisation_id"], basis="consent"
    )
    await acting.work.one(CHOOSE, id=chosen["id"])
    await announce_to_organisation(acting.work, moved, "offer_chosen", chosen["organisation_id"])
    await close_offers(acting.work, moved)
    if basis is not None:
        await _send(acting, moved, basis, override)
    return row["id"]


async def send_referral(
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    basis: Basis,
    override: str | None = None,
) -> uuid.UUID:
    """T3: asks the recipient. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput (no basis
    that holds today for the recipient; what `admit_recipient` refuses), AlreadyExists."""
    row = await acting.find("referral", referral, identity, action="send_referral", version=version)
    await _send(acting, row, basis, override)
    return row["id"]


async def _send(acting: Acting, row: Referral, basis: Basis, override: str | None) -> None:
    check_step(acting.work, row, "send_referral")
    recipient = await member(acting, row["recipient_id"])
    await admit_recipient(acting, row, recipient["id"], override)
    match basis:
        case Consented(consent_id):
            await _ask(acting, row, recipient, await grounds.of_consent(acting, row, recipient, consent_id))
        case CouncilExchange(item_id, opening):
            ground = await grounds.of_council(acting, row, recipient, item_id)
            await _ask(acting, row, recipient, ground, opened_early=opening is not None)
            await _keep_opening(acting, row, opening)
        case SupportMeeting(sitting_id):
            await _ask(acting, row, recipient, await grounds.of_sitting(acting, row, recipient, sitting_id))
        case VitalInterest():
            await acting.find("referral", referral, row["id"], action="open_break_glass")
            danger = await breaking.judged(acting, row, basis, recipient)
            sent = await move(acting.work, row, "send_referral", basis="vital_interest")
            await breaking.open_for(acting, row, danger)
            await SENT.follow(acting, sent)


async def _ask(
    acting: Acting, row: Referral, recipient: asyncpg.Record, ground: Ground, *, opened_early: bool = False
) -> None:
    sent = await move(
        acting.work,
        row,
        "send_referral",
        basis=ground.basis,
        consent_id=ground.consent_id,
        opened_early=opened_early,
    )
    await freeze(acting, sent, ground, recipient)
    await SENT.follow(acting, sent)


async def _keep_opening(acting: Acting, row: Referral, opening: str | None) -> None:
    """The reason is sealed with the case: it may tell of the person."""
    if opening is not None:
        said = required(opening, "openingReason", LONG, multiline=True)
        await keep_text(acting, row["id"], row["case_id"], "opening_text", said)


OPEN_OFFER = Statement(
    sa.select(offer.c.id, offer.c.organisation_id)
    .where(
        offer.c.tenant_id == TENANT,
        offer.c.id == parameter(offer.c.id),
        offer.c.referral_id == parameter(offer.c.referral_id),
        offer.c.state == "open",
    )
    .with_for_update()
)
CHOOSE = Statement(
    sa.update(offer)
    .where(offer.c.tenant_id == TENANT, offer.c.id == parameter(offer.c.id))
    .values(state=sa.literal("chosen"), version=offer.c.version + 1)
    .returning(offer.c.id)
)

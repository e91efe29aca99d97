"""A draft, its posting on a board, and the hands that the group raises for the card."""

import uuid
from dataclasses import dataclass
from typing import Any

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotFound
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from services.platform.groups.models import seat, seated_today, working_group
from services.platform.referrals import deadlines
from services.platform.referrals.actions.announcing import announce
from services.platform.referrals.actions.inputs import SHORT, required
from services.platform.referrals.actions.moving import Referral, begin, move, rewrite, wake
from services.platform.referrals.actions.scanning import Shown, refuse_personal_data
from services.platform.referrals.actions.settings import rules, terms
from services.platform.referrals.guards import offered_already
from services.platform.referrals.models import case_file, offer, referral

ASK_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What others will read at L1. `confirmed`: the writer saw the scan's findings."""

    need_category: str
    urgency: str
    age_band: str
    area: str
    ask: str
    confirmed: bool


async def create_referral(
    acting: Acting, case_id: uuid.UUID | None, previous: uuid.UUID | None, draft: Draft
) -> uuid.UUID:
    """T1. Raises NotFound, NotAllowed, InvalidInput, WrongState for a closed case."""
    # the referral first, as whoever acts on it locks it before its case
    earlier = previous and await acting.find("referral", referral, previous, action="create_referral")
    case = await acting.find("case", case_file, case_id, action="create_referral")
    if earlier and earlier["case_id"] != case["id"]:
        raise InvalidInput(
            "previousAttemptId", "別のケースの紹介です。", "That referral belongs to another case."
        )
    written = await _written(acting, case["id"], draft)
    ends = {"case_id": case["id"], "sender_id": case["organisation_id"], "previous_attempt_id": previous}
    return await begin(acting.work, {**written, **ends, "mode": "directed"})


async def edit_referral(acting: Acting, identity: uuid.UUID | None, version: int, draft: Draft) -> uuid.UUID:
    """T1, as long as it is a draft. Raises NotFound, NotAllowed, StaleVersion, InvalidInput, WrongState."""
    row = await acting.find("referral", referral, identity, action="edit_referral", version=version)
    await rewrite(acting.work, row, **await _written(acting, row["case_id"], draft))
    acting.work.record("edit_referral", "referral", row["id"])
    return row["id"]


async def post_to_board(
    acting: Acting, identity: uuid.UUID | None, version: int, group: uuid.UUID | None, *, confirmed: bool
) -> uuid.UUID:
    """T4: the draft becomes a card of a working group in which its organisation is seated, or waits for the
    coordinator where the platform's setting asks for their approval.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput for findings of the scan, WrongState.
    """
    row = await acting.find("referral", referral, identity, action="post_to_board", version=version)
    work = acting.work
    await _check_seat(acting, group, row["sender_id"])
    await refuse_personal_data(
        acting, Shown({"ask": row["ask"], "area": row["area"]}, row["case_id"], confirmed)
    )
    on_board: dict[str, Any] = {"mode": "board", "working_group_id": group}
    if (await rules(work))["cards_need_approval"]:
        await move(work, row, "ask_approval", **on_board)
    else:
        await _post(work, row, "post_to_board", on_board)
    return row["id"]


async def approve_card(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """T4, where the platform's setting asks for it: the coordinator lets the card onto the board.

    Raises NotFound (also where its organisation left the group), NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("referral", referral, identity, action="approve_card", version=version)
    await _check_seat(acting, row["working_group_id"], row["sender_id"])
    await _post(acting.work, row, "approve_card", {})
    return row["id"]


async def refuse_card(acting: Acting, identity: uuid.UUID | None, version: int, code: str) -> uuid.UUID:
    """It stays a draft, which its writer may mend. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("referral", referral, identity, action="refuse_card", version=version)
    await move(acting.work, row, "refuse_card", code)
    return row["id"]


async def offer_help(acting: Acting, identity: uuid.UUID | None, message: str) -> uuid.UUID:
    """T5: an organisation of the group raises its hand.

    Raises NotFound, NotAllowed, InvalidInput, WrongState, AlreadyExists.
    """
    row = await acting.find("referral", referral, identity, action="offer_help")
    said = clean(message, "message", SHORT)
    await refuse_personal_data(acting, Shown({"message": said}))
    changed = await move(acting.work, row, "offer_help")
    return await _offer(acting, changed, said)


async def withdraw_offer(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The hand goes down again. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("offer", offer, identity, action="withdraw_offer", version=version)
    await acting.work.one(WITHDRAW_OFFER, id=row["id"])
    acting.work.record("withdraw_offer", "offer", row["id"], referral=str(row["referral_id"]))
    card = await acting.work.one(CARD, id=row["referral_id"])
    assert card is not None  # noqa: S101 - the offer hangs on it
    await wake(acting.work, card)
    await announce(acting.work, card, "offer_withdrawn", "sender")
    return row["id"]


async def _check_seat(acting: Acting, group: uuid.UUID | None, organisation_id: uuid.UUID) -> None:
    """The card's organisation sits in the group today."""
    seats = {"working_group_id": group, "organisation_id": organisation_id, **_today(acting)}
    if group is None or await acting.work.one(SEATED, **seats) is None:
        raise NotFound("その部会は見つかりません。", "There is no such working group for you.")


async def _post(work: Work, row: Referral, step: str, card: dict[str, Any]) -> None:
    until = deadlines.last_day_posted(work.now, row["urgency"], await terms(work))
    posted = await move(work, row, step, post_until=until, **card)
    await announce(work, posted, "referral_posted", "group")


async def _written(acting: Acting, case_id: uuid.UUID, draft: Draft) -> dict[str, Any]:
    ask = required(draft.ask, "ask", ASK_LENGTH, multiline=True)
    area = clean(draft.area, "area", SHORT)
    await refuse_personal_data(acting, Shown({"ask": ask, "area": area}, case_id, draft.confirmed))
    return {
        "need_category": draft.need_category,
        "urgency": draft.urgency,
        "age_band": draft.age_band,
        "area": area,
        "ask": ask,
    }


async def _offer(acting: Acting, row: Referral, message: str) -> uuid.UUID:
    try:
        made = await acting.work.insert(
            offer,
            referral_id=row["id"],
            organisation_id=acting.viewer.organisation_id,
            offered_by_id=acting.viewer.person_id,
            message=message,
            created_at=acting.work.now,
        )
    except asyncpg.UniqueViolationError as error:
        raise offered_already() from error
    acting.work.record("offer_help", "offer", made, referral=str(row["id"]))
    return made


def _today(acting: Acting) -> dict[str, Any]:
    return {"viewer_today": acting.viewer.places(acting.work.now)["viewer_today"]}


SEATED = Statement(
    sa.select(seat.c.id)
    .join(
        working_group,
        sa.and_(working_group.c.tenant_id == TENANT, working_group.c.id == seat.c.working_group_id),
    )
    .where(
        seated_today(seat, ASKER),
        seat.c.tenant_id == TENANT,
        seat.c.working_group_id == parameter(seat.c.working_group_id),
        seat.c.organisation_id == parameter(seat.c.organisation_id),
        working_group.c.state == "active",
    )
)
CARD = Statement(
    sa.select(referral).where(referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id))
)
WITHDRAW_OFFER = Statement(
    sa.update(offer)
    .where(offer.c.tenant_id == TENANT, offer.c.id == parameter(offer.c.id))
    .values(state=sa.literal("withdrawn"), version=offer.c.version + 1)
    .returning(offer.c.id)
)

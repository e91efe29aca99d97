"""A draft, its posting on a board, and what the group adds to the card: offers and notes."""

import uuid
from dataclasses import dataclass
from typing import Any

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotFound
from libs.japan.text import clean
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from services.platform.groups.models import askers_groups, working_group
from services.platform.referrals import deadlines
from services.platform.referrals.actions.inputs import LONG, SHORT, required
from services.platform.referrals.actions.moving import Referral, begin, move, rewrite
from services.platform.referrals.actions.scanning import Shown, refuse_personal_data
from services.platform.referrals.models import card_note, case_file, offer, referral
from services.platform.referrals.steps import offered_already

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
    case = await acting.find("case", case_file, case_id, action="create_referral")
    written = await _written(acting, case["id"], draft)
    earlier = None if previous is None else await _earlier(acting, previous, case["id"])
    ends = {"case_id": case["id"], "sender_id": case["organisation_id"], "previous_attempt_id": earlier}
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
    """T4: the draft becomes a card of a working group in which its organisation is seated.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput for findings of the scan, WrongState.
    """
    row = await acting.find("referral", referral, identity, action="post_to_board", version=version)
    if group is None or await acting.work.one(SEATED, id=group, **_today(acting)) is None:
        raise NotFound("その部会は見つかりません。", "There is no such working group for you.")
    await refuse_personal_data(
        acting, Shown({"ask": row["ask"], "area": row["area"]}, row["case_id"], confirmed)
    )
    until = deadlines.last_day_posted(acting.work.now, row["urgency"])
    ends = deadlines.post_ends(until)
    card = {"mode": "board", "working_group_id": group, "post_until": until, "due_at": ends}
    await move(acting.work, row, "post_to_board", None, **card)
    await acting.work.later(deadlines.POST_ENDS, row["id"], ends)
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


async def write_note(acting: Acting, identity: uuid.UUID | None, body: str, *, confirmed: bool) -> uuid.UUID:
    """A note on a card: L1, for the whole group. Raises NotFound, NotAllowed, InvalidInput, WrongState."""
    row = await acting.find("referral", referral, identity, action="write_note")
    text = required(body, "body", LONG, multiline=True)
    await refuse_personal_data(acting, Shown({"body": text}, _own_case(acting, row), confirmed))
    made = await acting.work.insert(
        card_note,
        referral_id=row["id"],
        working_group_id=row["working_group_id"],
        author_id=acting.viewer.person_id,
        author_organisation_id=acting.viewer.organisation_id,
        body=text,
        created_at=acting.work.now,
        updated_at=acting.work.now,
    )
    acting.work.record("write_note", "card_note", made, referral=str(row["id"]))
    await acting.work.tell("board", row["working_group_id"])
    return made


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


async def _earlier(acting: Acting, previous: uuid.UUID, case_id: uuid.UUID) -> uuid.UUID:
    row = await acting.find("referral", referral, previous, action="create_referral")
    if row["case_id"] != case_id:
        raise InvalidInput(
            "previousAttemptId", "別のケースの紹介です。", "That referral belongs to another case."
        )
    return row["id"]


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


def _own_case(acting: Acting, row: Referral) -> uuid.UUID | None:
    """The case to compare a text with, where its writer may read it anyway."""
    holds = row["sender_id"] == acting.viewer.organisation_id
    return (
        row["case_id"] if holds and acting.access.may("case", "reveal_identity", ("case_holder",)) else None
    )


def _today(acting: Acting) -> dict[str, Any]:
    return {"viewer_today": acting.viewer.places(acting.work.now)["viewer_today"]}


SEATED = Statement(
    sa.select(working_group.c.id).where(
        working_group.c.tenant_id == TENANT,
        working_group.c.id == parameter(working_group.c.id),
        working_group.c.state == "active",
        working_group.c.id.in_(askers_groups(ASKER)),
    )
)

"""T10: either side asks, the other answers; meanwhile the clock stands still, for some working days at most.

The clock is moved by the whole allowance when the question is asked, and what was not used of it is taken
back by the answer: a question that nobody answers lets the clock run on by itself.
"""

import uuid
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from services.platform.followers import Followers
from services.platform.referrals.actions.inputs import LONG, required
from services.platform.referrals.actions.moving import Referral, move
from services.platform.referrals.actions.sealing import seal_texts
from services.platform.referrals.actions.settings import terms
from services.platform.referrals.models import question, referral

ANSWERED: Final[Followers[Acting, Referral, asyncpg.Record]] = Followers()
"""Told of each answer: the referral as it is now, and the question."""


async def ask_question(acting: Acting, identity: uuid.UUID | None, version: int, text: str) -> uuid.UUID:
    """One question at a time; its text is sealed with the case.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    row = await acting.find("referral", referral, identity, action="ask_question", version=version)
    said, work = required(text, "text", LONG, multiline=True), acting.work
    allowance = int((await terms(work)).days["question_working_days"])
    await move(work, row, "ask_question", stopped_working_days=row["stopped_working_days"] + allowance)
    made = await work.insert(
        question,
        referral_id=row["id"],
        asked_by_id=work.actor.organisation_id,
        asker_id=work.actor.person_id,
        created_at=work.now,
    )
    await _seal(acting, row, made, "question_text", said)
    return row["id"]


async def answer_question(acting: Acting, identity: uuid.UUID | None, version: int, text: str) -> uuid.UUID:
    """Of the side that was asked. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput."""
    row = await acting.find("referral", referral, identity, action="answer_question", version=version)
    said, work = required(text, "text", LONG, multiline=True), acting.work
    answered = await work.one(ANSWER, referral_id=row["id"])
    assert answered is not None  # noqa: S101 - the step's guard saw it under the row's lock
    unused = await left_of_question(work, row)
    stopped = max(row["stopped_working_days"] - unused, 0)
    moved = await move(work, row, "answer_question", stopped_working_days=stopped)
    await _seal(acting, row, answered["id"], "answer_text", said)
    await ANSWERED.follow(acting, moved, answered)
    return row["id"]


async def left_of_question(work: Work, row: Referral) -> int:
    """The working days that an open question may still stop the clock; 0 without one."""
    if row["question_asked_at"] is None:
        return 0
    of_platform = await terms(work)
    used = of_platform.stopped_since(row["question_asked_at"], work.now)
    return int(of_platform.days["question_working_days"]) - used


async def _seal(acting: Acting, row: Referral, identity: uuid.UUID, column: str, text: str) -> None:
    sealer = await acting.vault.sealer(acting.work.tenant_id, row["case_id"])
    await seal_texts(acting.work, sealer, row["case_id"], ("question", identity), {column: text})


ANSWER = Statement(
    sa.update(question)
    .where(
        question.c.tenant_id == TENANT,
        question.c.referral_id == parameter(question.c.referral_id),
        question.c.open,
    )
    .values(
        open=sa.false(),
        answered_at=sa.bindparam("viewer_now", type_=question.c.answered_at.type),
        version=question.c.version + 1,
    )
    .returning(question.c.id, question.c.asked_by_id, question.c.asker_id)
)

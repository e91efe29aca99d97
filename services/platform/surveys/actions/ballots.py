"""Answering without a name: a code or a membership is spent, an answer is kept, and nothing joins the two."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, InvalidInput, NotFound, TooMuch
from libs.persistence.sealing.vault import Sealer
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform import codes
from services.platform.questions import answers as answering
from services.platform.questions import models as questions
from services.platform.questions.answers import Given
from services.platform.surveys.models import MOST_ANSWERS, MOST_CODES, answer, ballot, survey

Keep = Callable[[list[str]], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey as it is put to somebody who may answer it."""

    id: uuid.UUID
    row: asyncpg.Record
    questions: list[questions.Question]


async def hand_out_codes(acting: Acting, identity: uuid.UUID | None, count: int, keep: Keep) -> uuid.UUID:
    """So many new codes, each for one answer; `keep` gets them. Which goes to whom is known nowhere.

    Raises NotFound, NotAllowed, WrongState, InvalidInput.
    """
    row = await acting.find("survey", survey, identity, action="hand_out_codes")
    box = await _ballot(acting, row["id"])
    if not 1 <= count <= MOST_CODES - len(box["codes"]):
        raise InvalidInput(
            "count",
            f"未使用のコードは合わせて{MOST_CODES}件までです。",
            f"At most {MOST_CODES} codes may wait to be used.",
            detail="NUMBER_OF_CODES",
        )
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    made = [codes.new_code() for _ in range(count)]
    hashes = [code_hash(own, each) for each in made]
    await _keep(acting, row["id"], codes=[*box["codes"], *hashes], answered=box["answered"])
    acting.work.record("hand_out_codes", "survey", row["id"], count=count)
    keep([codes.shown(each) for each in made])
    return row["id"]


async def look(acting: Acting, code: str) -> Asked | None:
    """The survey that this code may answer; None for a code that opens nothing, whatever the reason."""
    found = await _of_code(acting, code)
    return None if found is None else await _asked(acting.holding(found), found)


async def answer_by_code(acting: Acting, code: str, given: Mapping[str, Given]) -> bool:
    """Spends the code. False: it opens nothing. Raises InvalidInput for an answer that does not fit."""
    found = await _of_code(acting, code)
    if found is None:
        return False
    held = acting.holding(found)
    asked = await _asked(held, found)
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    box, spent = await _ballot(held, found), code_hash(own, code)
    if spent not in box["codes"]:  # spent by somebody else while this one waited for the survey
        return False
    left = [each for each in box["codes"] if each != spent]
    await _cast(held, asked, given, codes=left, answered=box["answered"])
    return True


async def answer_as_member(
    acting: Acting, identity: uuid.UUID | None, given: Mapping[str, Given]
) -> uuid.UUID:
    """A person of an organisation that holds places answers once. The id is the survey's.

    Raises NotFound, NotAllowed, WrongState, AlreadyExists, InvalidInput.
    """
    person = acting.viewer.person_id
    if person is None or identity is None:
        raise NotFound
    asked = await _asked(acting, identity)
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    box, mark = await _ballot(acting, identity), own.mark("survey member", f"{identity} {person}")
    if mark in box["answered"]:
        raise AlreadyExists(
            "このアンケートにはすでに回答されています。ありがとうございました。",
            "You have answered this survey. Thank you.",
        )
    await _cast(acting, asked, given, codes=box["codes"], answered=[*box["answered"], mark])
    return identity


def code_hash(own: Sealer, code: str) -> bytes:
    """By which the survey of a code is found."""
    return own.mark("survey code", code)


async def _asked(acting: Acting, identity: uuid.UUID) -> Asked:
    """Locked: one answer after the other."""
    row = await acting.find("survey", survey, identity, action="answer_survey")
    return Asked(row["id"], row, questions.loaded(row["questions"]))


async def _cast(acting: Acting, asked: Asked, given: Mapping[str, Given], **box: list[bytes]) -> None:
    """No audit entry either: its time and its actor would be the join that is kept nowhere else."""
    answers = answering.require_fitted(asked.questions, given)
    counted = await acting.work.one(COUNT, survey_id=asked.id)
    if counted is not None and counted["answers"] >= MOST_ANSWERS:
        raise TooMuch(
            "answers",
            f"このアンケートの回答は{MOST_ANSWERS}件までです。主催者にお知らせください。",
            f"This survey has {MOST_ANSWERS} answers, which is the most. Tell the organiser.",
        )
    await acting.work.insert(answer, id=uuid.uuid4(), survey_id=asked.id, answers=answering.stored(answers))
    await _keep(acting, asked.id, **box)


async def _of_code(acting: Acting, code: str) -> uuid.UUID | None:
    own = await acting.vault.of_tenant(acting.work.tenant_id)
    found = await acting.work.one(BY_CODE, code_hash=code_hash(own, code))
    return None if found is None else found["id"]


async def _ballot(acting: Acting, identity: uuid.UUID) -> asyncpg.Record:
    row = await acting.work.one(BALLOT, id=identity)
    assert row is not None  # noqa: S101 - made with its survey
    return row


async def _keep(acting: Acting, identity: uuid.UUID, **box: list[bytes]) -> None:
    """Sorted: the order in which hashes came is not kept."""
    await acting.work.one(KEEP, id=identity, **{name: sorted(hashes) for name, hashes in box.items()})


COUNT = Statement(
    sa.select(sa.func.count().label("answers")).where(
        answer.c.tenant_id == TENANT, answer.c.survey_id == parameter(answer.c.survey_id)
    )
)
BALLOT = Statement(
    sa.select(ballot.c.codes, ballot.c.answered)
    .where(ballot.c.tenant_id == TENANT, ballot.c.id == parameter(ballot.c.id))
    .with_for_update()
)
KEEP = Statement(
    sa.update(ballot)
    .where(ballot.c.tenant_id == TENANT, ballot.c.id == parameter(ballot.c.id))
    .values(codes=parameter(ballot.c.codes), answered=parameter(ballot.c.answered))
)
_HASH: Final[Any] = sa.bindparam("code_hash", type_=sa.LargeBinary())
BY_CODE = Statement(
    sa.select(survey.c.id)
    .join(ballot, sa.and_(ballot.c.tenant_id == TENANT, ballot.c.id == survey.c.id))
    .where(
        survey.c.tenant_id == TENANT,
        survey.c.state == sa.literal("open"),
        sa.any_(ballot.c.codes) == _HASH,
    )
)

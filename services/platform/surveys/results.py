"""What a closed survey found: counts by question, and two against each other, small numbers withheld.

Nothing is counted while answers still come: the difference of two looks would be one answer.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.connections import Connection
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.access import Access
from services.platform.questions import answers as answering
from services.platform.questions import models as questions
from services.platform.questions.answers import Answers
from services.platform.questions.models import Question
from services.platform.surveys.crossing import Shown, shielded
from services.platform.surveys.models import answer, survey


@dataclass(frozen=True, slots=True)
class Counted:
    """One question's counts: of each option; of a question in words how many wrote."""

    question: Question
    answered: int
    counts: Sequence[int]

    @property
    def mean(self) -> float | None:
        """Of a scale, its lowest step being 1."""
        if self.question.kind != "scale" or not self.answered:
            return None
        return sum(step * count for step, count in enumerate(self.counts, start=1)) / self.answered


@dataclass(frozen=True, slots=True)
class Results:
    """Heads are answers: whoever answered two surveys, or the same course twice, counts twice."""

    title: str
    title_en: str
    answers: int
    questions: Sequence[Counted]
    crossed: Shown | None
    # each answer by itself, for who may read them so
    every: Sequence[Answers] | None = field(default=None, repr=False)


async def read(
    connection: Connection,
    access: Access,
    asker: Mapping[str, Any],
    identity: uuid.UUID | None,
    crossed: Sequence[str] = (),
) -> Results | None:
    """None for a survey of which the asker may not see the results, or that has none.

    Raises InvalidInput for two questions that cannot be crossed.
    """
    opened = Statement(
        sa.select(
            survey.c.id,
            survey.c.title,
            survey.c.title_en,
            survey.c.questions,
            access.condition(access.field("survey", "answers"), "survey", survey).label("lists_answers"),
        ).where(
            survey.c.tenant_id == TENANT,
            survey.c.id == parameter(survey.c.id),
            survey.c.readable,
            access.condition(access.rows("survey"), "survey", survey),
            access.condition(access.field("survey", "results"), "survey", survey),
        )
    )
    row = await connection.fetchrow(opened.sql, *opened.arguments({**asker, "id": identity}))
    if row is None:
        return None
    asked = questions.loaded(row["questions"])
    given = await connection.fetch(ANSWERS.sql, *ANSWERS.arguments({**asker, "survey_id": row["id"]}))
    every = [answering.loaded(each["answers"]) for each in given]
    return Results(
        title=row["title"],
        title_en=row["title_en"],
        answers=len(every),
        questions=[_counted(each, every) for each in asked],
        crossed=_crossed(asked, every, crossed) if crossed else None,
        every=every if row["lists_answers"] else None,
    )


def _counted(question: Question, every: Sequence[Answers]) -> Counted:
    given = [each[question.key] for each in every if question.key in each]
    counts = [0] * len(question.options)
    for each in given:
        for place in each if isinstance(each, list) else ():
            counts[place] += 1
    return Counted(question, len(given), counts)


def _crossed(asked: Sequence[Question], every: Sequence[Answers], keys: Sequence[str]) -> Shown | None:
    """Rows are the first question's options and nothing answered, columns the second's."""
    by_key = {each.key: each for each in asked if each.kind in ("choice", "scale")}
    if len(set(keys)) != 2 or not by_key.keys() >= set(keys):  # noqa: PLR2004 - two questions make a table
        raise InvalidInput(
            "crossed",
            "一つだけ選ぶ設問か段階の設問を、二つ指定してください。",
            "Name two different questions that take one option or a step of a scale.",
            detail="TWO_QUESTIONS",
        )
    first, second = (by_key[key] for key in keys)
    table = [[0] * (len(second.options) + 1) for _ in range(len(first.options) + 1)]
    for each in every:
        table[_place(first, each)][_place(second, each)] += 1
    return shielded(table)


def _place(question: Question, answers: Answers) -> int:
    """The last one is for who did not answer."""
    given = answers.get(question.key)
    return given[0] if isinstance(given, list) else len(question.options)


ANSWERS = Statement(
    sa.select(answer.c.answers)
    .where(answer.c.tenant_id == TENANT, answer.c.survey_id == parameter(answer.c.survey_id))
    .order_by(answer.c.id)
)

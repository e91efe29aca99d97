"""What can be done to a survey, and in which state."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import Problem, WrongState
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step
from libs.reading.declare import Row
from services.platform.relations import RELATIONS
from services.platform.surveys.models import FEWEST_READ, survey

NAMES: Final[Mapping[str, str]] = {"draft": "下書き", "open": "回答受付中", "closed": "締切済み"}


def _wrong(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["state"],
        f"このアンケートは「{NAMES[row['state']]}」のため、この操作はできません。公開した設問を変えるには、"
        "新しい版をつくってください。",
        f"The survey is '{row['state']}': this cannot be done to it. To change what was opened, make the "
        "next edition.",
    )


def _over(_: object) -> Problem:
    return WrongState(
        "over", "このアンケートの回答は締め切られました。", "This survey takes no more answers."
    )


def _too_few(_: object) -> Problem:
    return WrongState(
        "too_few",
        f"回答が{FEWEST_READ}件に満たないため、だれが答えたか分かるおそれがあり、結果を公開できません。",
        f"Fewer than {FEWEST_READ} answers came: they could tell who gave them, so they are not shown.",
    )


def _renewed(_: object) -> Problem:
    return WrongState(
        "renewed", "このアンケートには、すでに次の版があります。", "This survey has its next edition already."
    )


def _in(*states: str) -> Guard:
    return Guard(lambda row, _: sa.or_(*(row.c.state == sa.literal(each) for each in states)), _wrong)


def _none_next(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    following = survey.alias("following")
    return sa.not_(
        sa.exists(
            sa.select(following.c.id).where(
                following.c.tenant_id == asker.tenant, following.c.previous_id == row.c.id
            )
        )
    )


_NOT_OVER: Final = Guard(lambda row, asker: row.c.closes_at > asker.now, _over)

RELATIONS.steps.register(
    Step("survey", "edit_survey", (_in("draft"),), policy="run_survey"),
    Step("survey", "open_survey", (_in("draft"), _NOT_OVER), policy="run_survey"),
    Step("survey", "hand_out_codes", (_in("open"), _NOT_OVER), policy="run_survey"),
    Step("survey", "close_survey", (_in("open"),), policy="run_survey"),
    Step(
        "survey",
        "renew_survey",
        (_in("open", "closed"), Guard(_none_next, _renewed, beyond=True)),
        policy="run_survey",
    ),
    Step(
        "survey",
        "publish_results",
        (_in("closed"), Guard(lambda row, _: row.c.readable, _too_few)),
        policy="run_survey",
    ),
    Step("survey", "answer_survey", (_in("open"), _NOT_OVER)),
)

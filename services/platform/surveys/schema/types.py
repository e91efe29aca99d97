"""Surveys and their answers as they are read. An answer does not say whose it is, or when it came."""

import datetime as dt
from enum import Enum

import strawberry
from strawberry.scalars import JSON

from libs.reading.declare import can, column, computed, connection, hidden, identity, one, stored
from libs.reading.enums import described
from libs.reading.node import Connection, Node
from services.platform.events.schema import Event
from services.platform.members.schema import Organisation
from services.platform.surveys import models


@described(
    "アンケートの状態 / state of a survey",
    {
        "draft": ("下書き", "a draft"),
        "open": ("回答受付中。設問は変わらない", "being answered; its questions stand"),
        "closed": ("締切済み。ここではじめて結果が読める", "closed; only now are its results read"),
    },
)
class SurveyState(Enum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


@strawberry.enum(description="アンケートについて行える操作 / what can be done to a survey")
class SurveyAction(Enum):
    EDIT_SURVEY = "edit_survey"
    OPEN_SURVEY = "open_survey"
    HAND_OUT_CODES = "hand_out_codes"
    CLOSE_SURVEY = "close_survey"
    RENEW_SURVEY = "renew_survey"
    PUBLISH_RESULTS = "publish_results"
    ANSWER_SURVEY = "answer_survey"


@stored(models.answer, object="survey_answer", prefix="survey_answer")
@strawberry.type(description="無記名の回答 / one answer; nobody's name and no time is kept with it")
class SurveyAnswer(Node):
    id: strawberry.ID = identity()
    answers: JSON | None = column(
        description="設問(q1…)ごとの回答。選択肢は番号(0から) / by question: words, or places of options"
    )
    survey: "Survey | None" = one("Survey", on=lambda own, row: row.c.id == own.c.survey_id)
    hidden_fields: list[str] = hidden()


@stored(models.survey, object="survey", prefix="survey")
@strawberry.type(description="アンケート / a survey, answered without a name")
class Survey(Node):
    id: strawberry.ID = identity()
    title: str | None = column()
    title_en: str | None = column()
    introduction: str | None = column()
    questions: JSON | None = column(
        description="設問 / key, kind, ja, en, required, options[{ja, en}] of each question"
    )
    state: SurveyState | None = column()
    edition: int | None = column(description="版。公開後の変更は次の版 / changes make the next one")
    closes_at: dt.datetime | None = column(description="回答の締切 / until when it is answered")
    opened_at: dt.datetime | None = column()
    closed_at: dt.datetime | None = column()
    published: bool | None = column(description="結果の公開 / whether everybody may read the results")
    answer_count: int | None = computed(
        models.answers_of, policy="results", description="回答数 / how many answers came"
    )
    readable: bool | None = column(
        policy="results", description="結果を読めるか(締切後、5件以上) / closed, with five answers or more"
    )
    event: Event | None = one("Event", on=lambda own, row: row.c.id == own.c.event_id)
    organiser: Organisation | None = one(
        "Organisation", on=lambda own, row: row.c.id == own.c.organisation_id
    )
    previous: "Survey | None" = one("Survey", on=lambda own, row: row.c.id == own.c.previous_id)
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[SurveyAction] | None = can()
    hidden_fields: list[str] = hidden()

    @connection("SurveyAnswer", on=lambda own, row: row.c.survey_id == own.c.id)
    def answers(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[SurveyAnswer] | None:
        """回答。順番に意味はない / the answers, in no order that says anything"""

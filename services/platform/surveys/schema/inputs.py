"""What the mutations of surveys take."""

import datetime as dt

import strawberry

from services.platform.questions.schema import AnswerInput, QuestionInput, asked
from services.platform.surveys.actions.forms import Form


@strawberry.input(description="アンケートの用紙 / the form")
class SurveyFormInput:
    title: str
    title_en: str = ""
    introduction: str = ""
    questions: list[QuestionInput]
    closes_at: dt.datetime

    def form(self) -> Form:
        return Form(self.title, self.title_en, self.introduction, asked(self.questions), self.closes_at)


@strawberry.input
class CreateSurveyInput:
    form: SurveyFormInput
    event_id: strawberry.ID | None = strawberry.field(
        default=None, description="どの行事の後に尋ねるか / after which event it is asked"
    )


@strawberry.input(description="下書きの用紙はすべて置き換わります / the whole form is replaced")
class EditSurveyInput:
    id: strawberry.ID
    version: int
    form: SurveyFormInput


@strawberry.input
class OpenSurveyInput:
    id: strawberry.ID
    version: int


@strawberry.input
class CloseSurveyInput:
    id: strawberry.ID
    version: int


@strawberry.input
class RenewSurveyInput:
    id: strawberry.ID
    version: int
    closes_at: dt.datetime


@strawberry.input
class PublishResultsInput:
    id: strawberry.ID
    version: int
    published: bool = True


@strawberry.input(description="回答用コードを渡す / codes to hand out, each for one answer")
class HandOutCodesInput:
    id: strawberry.ID
    count: int


@strawberry.input
class AnswerSurveyInput:
    id: strawberry.ID
    answers: list[AnswerInput]

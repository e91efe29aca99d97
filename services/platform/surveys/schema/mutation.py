"""What organisers do with surveys, and how members answer. Each field is one action."""

import uuid
from typing import Annotated, Any

import strawberry

from libs.errors.problems import NotFound, Problem
from libs.policy.acting import Acting
from libs.serving.session import Payload, identity_of, perform, session, written
from libs.serving.user_errors import Refusal, as_user_error
from services.platform.questions.schema import answered
from services.platform.surveys.actions import ballots, forms
from services.platform.surveys.schema import inputs
from services.platform.surveys.schema.types import Survey


@strawberry.type
class SurveyPayload(Payload):
    @strawberry.field
    async def survey(self, info: strawberry.Info) -> Survey | None:
        return await written(info, "Survey", self)


@strawberry.type(description="コードはここで一度だけ示す / the codes are shown here, once")
class CodesPayload(SurveyPayload):
    codes: list[str]


SurveyResult = Annotated[SurveyPayload | Refusal, strawberry.union("SurveyResult")]
CodesResult = Annotated[CodesPayload | Refusal, strawberry.union("CodesResult")]


@strawberry.type
class SurveysMutation:
    @strawberry.mutation(description="アンケートの下書きをつくる / draft a survey")
    async def create_survey(self, info: strawberry.Info, input: inputs.CreateSurveyInput) -> SurveyResult:
        return await perform(
            info,
            SurveyPayload,
            lambda acting: forms.create_survey(acting, _event(input.event_id), input.form.form()),
        )

    @strawberry.mutation(description="下書きを直す / edit a draft")
    async def edit_survey(self, info: strawberry.Info, input: inputs.EditSurveyInput) -> SurveyResult:
        return await perform(
            info,
            SurveyPayload,
            lambda acting: forms.edit_survey(acting, _survey(input.id), input.version, input.form.form()),
        )

    @strawberry.mutation(description="回答の受付を始める / open it: from now on its questions stand")
    async def open_survey(self, info: strawberry.Info, input: inputs.OpenSurveyInput) -> SurveyResult:
        return await perform(
            info,
            SurveyPayload,
            lambda acting: forms.open_survey(acting, _survey(input.id), input.version),
        )

    @strawberry.mutation(description="締め切る。戻せない / close it for good: now its results are read")
    async def close_survey(self, info: strawberry.Info, input: inputs.CloseSurveyInput) -> SurveyResult:
        return await perform(
            info,
            SurveyPayload,
            lambda acting: forms.close_survey(acting, _survey(input.id), input.version),
        )

    @strawberry.mutation(description="同じ設問で次の版をつくる / the next edition as a draft")
    async def renew_survey(self, info: strawberry.Info, input: inputs.RenewSurveyInput) -> SurveyResult:
        return await perform(
            info,
            SurveyPayload,
            lambda acting: forms.renew_survey(acting, _survey(input.id), input.version, input.closes_at),
        )

    @strawberry.mutation(description="結果を公開する・取り下げる / show the counts to everybody, or no more")
    async def publish_results(self, info: strawberry.Info, input: inputs.PublishResultsInput) -> SurveyResult:
        return await perform(
            info,
            SurveyPayload,
            lambda acting: forms.publish_results(
                acting, _survey(input.id), input.version, published=input.published
            ),
        )

    @strawberry.mutation(description="回答用コードをつくる / codes, each for one answer, shown once")
    async def hand_out_codes(self, info: strawberry.Info, input: inputs.HandOutCodesInput) -> CodesResult:
        made: list[list[str]] = []

        def shown(*, identity: uuid.UUID) -> CodesPayload:
            return CodesPayload(identity=identity, codes=made[-1] if made else [])

        return await perform(
            info,
            shown,
            lambda acting: ballots.hand_out_codes(acting, _survey(input.id), input.count, made.append),
        )

    @strawberry.mutation(description="無記名で答える(一人一回) / answer without a name, once a person")
    async def answer_survey(self, info: strawberry.Info, input: inputs.AnswerSurveyInput) -> SurveyResult:
        return await _answer(info, input)


async def _answer(info: strawberry.Info, input: inputs.AnswerSurveyInput) -> Any:  # noqa: ANN401 - the payload or a refusal
    """Never kept by its Idempotency-Key: it would say when this account sent which hash of answers."""
    current = session(info)

    async def answer(acting: Acting) -> uuid.UUID:
        return await ballots.answer_as_member(acting, _survey(input.id), answered(input.answers))

    try:
        return SurveyPayload(identity=await current.act(str(info.path.key), answer, once=False))
    except Problem as problem:
        return as_user_error(problem, current.language)


def _survey(text: strawberry.ID) -> uuid.UUID | None:
    return identity_of(text, "survey")


def _event(text: strawberry.ID | None) -> uuid.UUID | None:
    """Raises NotFound for another type's id, which must not pass for none."""
    if text is None:
        return None
    found = identity_of(text, "event", "eventId")
    if found is None:
        raise NotFound
    return found

"""What the desk does with requests, and the coordinator with the page. Each field is one action."""

import datetime as dt
import uuid
from enum import Enum
from typing import Annotated, Any

import strawberry

from libs.errors.problems import Problem
from libs.policy.acting import Acting
from libs.serving.session import Payload, identity_of, perform, session, written
from libs.serving.user_errors import Refusal, as_user_error
from services.platform.members.schema.payloads import PlatformPayload, PlatformResult
from services.platform.referrals.schema.payloads import CasePayload, CaseResult
from services.platform.requests.actions import desk, page
from services.platform.requests.schema import inputs
from services.platform.requests.schema.types import HelpRequest


@strawberry.enum(description="だれが書いたか / who wrote it")
class RequestAuthor(Enum):
    PERSON = "person"
    DESK = "desk"


@strawberry.enum(description="何が書かれているか / what it is")
class RequestPart(Enum):
    WORDS = "words"
    NAME = "name"
    CONTACT = "contact"


@strawberry.type(description="開いた文章 / one text that was opened")
class RequestText:
    author: RequestAuthor
    part: RequestPart
    at: dt.datetime
    text: str


@strawberry.type
class HelpRequestPayload(Payload):
    @strawberry.field
    async def help_request(self, info: strawberry.Info) -> HelpRequest | None:
        return await written(info, "HelpRequest", self)


@strawberry.type(description="開いた内容 / what was opened, oldest first")
class RequestRevealPayload(HelpRequestPayload):
    texts: list[RequestText]


HelpRequestResult = Annotated[HelpRequestPayload | Refusal, strawberry.union("HelpRequestResult")]
RequestRevealResult = Annotated[RequestRevealPayload | Refusal, strawberry.union("RequestRevealResult")]


@strawberry.type
class RequestsMutation:
    @strawberry.mutation(description="相談ページを整える / keep the public page on which people ask for help")
    async def keep_help_page(self, info: strawberry.Info, input: inputs.KeepHelpPageInput) -> PlatformResult:
        return await perform(
            info,
            PlatformPayload,
            lambda acting: page.keep_help_page(acting, input.version, input.page()),
        )

    @strawberry.mutation(description="相談の内容を開く(必ず記録) / open a request's words; always logged")
    async def reveal_request(
        self, info: strawberry.Info, input: inputs.RevealRequestInput
    ) -> RequestRevealResult:
        return await _reveal(info, input)

    @strawberry.mutation(description="相談に答える / answer a request")
    async def answer_request(
        self, info: strawberry.Info, input: inputs.AnswerRequestInput
    ) -> HelpRequestResult:
        return await perform(
            info,
            HelpRequestPayload,
            lambda acting: desk.answer_request(acting, _request(input.id), input.version, input.text),
        )

    @strawberry.mutation(description="相談をケースにする / make a case of a request")
    async def take_request(self, info: strawberry.Info, input: inputs.TakeRequestInput) -> CaseResult:
        return await perform(
            info,
            CasePayload,
            lambda acting: desk.take_request(
                acting,
                _request(input.id),
                input.version,
                input.kind.value,
                [need.value for need in input.needs],
            ),
        )


async def _reveal(info: strawberry.Info, input: inputs.RevealRequestInput) -> Any:  # noqa: ANN401 - the payload or a refusal
    current, admitted = session(info), list[desk.Admitted]()
    purpose = desk.Purpose(input.purpose.code.value, input.purpose.text)

    async def log(acting: Acting) -> uuid.UUID:
        admitted.append(await desk.admit(acting, _request(input.id), purpose))
        return admitted[-1].request_id

    try:
        request_id = await current.act(str(info.path.key), log, once=False)
        # the log is committed: only now is anything opened
        opened = await admitted[-1].open(current.vault)
    except Problem as problem:
        return as_user_error(problem, current.language)
    said = [
        RequestText(
            author=RequestAuthor(each.author), part=RequestPart(each.part), at=each.at, text=each.text
        )
        for each in opened
    ]
    return RequestRevealPayload(identity=request_id, texts=said)


def _request(text: strawberry.ID) -> uuid.UUID | None:
    return identity_of(text, "request")

"""GraphQL of revealing: the log is committed, then the texts are opened, then they are answered."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import strawberry

from libs.errors.problems import Problem
from libs.policy.acting import Acting
from libs.reading import ids
from libs.serving.session import Payload, identity_of, session, written
from libs.serving.user_errors import Refusal, as_user_error
from services.platform.referrals.actions import revealing as actions
from services.platform.referrals.schema.enums import AccessLevel, AccessPurpose, CaseLevel
from services.platform.referrals.schema.payloads import referral_id
from services.platform.referrals.schema.types import AccessEntry

Admit = Callable[[Acting], Awaitable[actions.Admitted]]


@strawberry.type(description="質問と回答の文章 / the texts of one question")
class RevealedQuestion:
    id: strawberry.ID
    question_text: str | None = None
    answer_text: str | None = None


@strawberry.type(description="開いた内容 / what was opened; items not disclosed are null")
class RevealPayload(Payload):
    narrative: str | None = None
    constraints: str | None = None
    person_name: str | None = None
    person_kana: str | None = None
    birth_date: str | None = None
    address: str | None = None
    contact: str | None = None
    contact_rule: str | None = None
    safety_notes: str | None = None
    decline_text: str | None = None
    outcome_text: str | None = None
    withdraw_text: str | None = None
    opening_text: str | None = None
    hold_text: str | None = None
    override_reason: str | None = None
    questions: list[RevealedQuestion] = strawberry.field(
        default_factory=list[RevealedQuestion], description="TEXTSで / with TEXTS, oldest first"
    )

    @strawberry.field(description="この閲覧の記録 / the log of this very access")
    async def access_entry(self, info: strawberry.Info) -> AccessEntry | None:
        return await written(info, "AccessEntry", self)


RevealResult = Annotated[RevealPayload | Refusal, strawberry.union("RevealResult")]


@strawberry.input
class Purpose:
    code: AccessPurpose
    text: str = ""


@strawberry.input
class RevealReferralInput:
    id: strawberry.ID
    level: AccessLevel
    purpose: Purpose


@strawberry.input
class RevealCaseInput:
    id: strawberry.ID
    level: CaseLevel
    purpose: Purpose


@strawberry.type
class RevealMutation:
    @strawberry.mutation(description="紹介の一段階を開く(必ず記録) / open one level of a referral; logged")
    async def reveal_referral(self, info: strawberry.Info, input: RevealReferralInput) -> RevealResult:
        asked = actions.Asked(input.level.value, input.purpose.code.value, input.purpose.text)
        return await _reveal(
            info, lambda acting: actions.admit_to_referral(acting, referral_id(input.id), asked)
        )

    @strawberry.mutation(description="ケースの一段階を開く(必ず記録) / open one level of a case; logged")
    async def reveal_case(self, info: strawberry.Info, input: RevealCaseInput) -> RevealResult:
        asked = actions.Asked(input.level.value, input.purpose.code.value, input.purpose.text)
        return await _reveal(
            info, lambda acting: actions.admit_to_case(acting, identity_of(input.id, "case"), asked)
        )


async def _reveal(info: strawberry.Info, admit: Admit) -> Any:  # noqa: ANN401 - the payload or a refusal
    current, admitted = session(info), list[actions.Admitted]()

    async def log(acting: Acting) -> uuid.UUID:
        admitted.append(await admit(acting))
        return admitted[-1].entry_id

    try:
        entry = await current.act(str(info.path.key), log, once=False)
        # the log is committed: only now is anything opened
        texts = await admitted[-1].open(current.vault)
        questions = await admitted[-1].open_questions(current.vault)
    except Problem as problem:
        return as_user_error(problem, current.language)
    return RevealPayload(identity=entry, questions=[_question(*each) for each in questions.items()], **texts)


def _question(identity: uuid.UUID, texts: Mapping[str, str]) -> RevealedQuestion:
    return RevealedQuestion(id=strawberry.ID(ids.encode("question", identity)), **texts)

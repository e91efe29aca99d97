"""GraphQL of erasing and correcting."""

from enum import Enum
from typing import Annotated

import strawberry

from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.referrals.schema.cases import PersonTexts
from services.platform.referrals.schema.enums import CorrectionReason
from services.platform.referrals.schema.payloads import CasePayload, CaseResult
from services.platform.rights.actions import correcting, erasing
from services.platform.rights.schema.types import Erasure


@strawberry.enum(description="消去を申請する理由 / why the erasure is asked for")
class AskedErasureReason(Enum):
    PERSON_ASKED = "person_asked"
    MISTAKEN = "mistaken"


@strawberry.type
class ErasurePayload(Payload):
    @strawberry.field
    async def erasure(self, info: strawberry.Info) -> Erasure | None:
        return await written(info, "Erasure", self)


ErasureResult = Annotated[ErasurePayload | Refusal, strawberry.union("ErasureResult")]


@strawberry.input
class EraseCaseInput:
    id: strawberry.ID
    version: int
    reason: AskedErasureReason


@strawberry.input
class ErasureInput:
    id: strawberry.ID
    version: int


@strawberry.input
class CorrectCaseInput:
    id: strawberry.ID
    version: int
    reason: CorrectionReason
    person: PersonTexts = strawberry.field(description="渡した項目だけ変わる / only what is given changes")


@strawberry.type
class ErasingMutation:
    @strawberry.mutation(
        description="ケースの消去を申請する(別の人が確認する) / ask for an erasure; somebody else confirms"
    )
    async def erase_case(self, info: strawberry.Info, input: EraseCaseInput) -> ErasureResult:
        return await perform(
            info,
            ErasurePayload,
            lambda acting: erasing.ask_erasure(
                acting, identity_of(input.id, "case"), input.version, input.reason.value
            ),
        )

    @strawberry.mutation(description="消去を確認する。取り消せません / confirm it: there is no way back")
    async def confirm_erasure(self, info: strawberry.Info, input: ErasureInput) -> ErasureResult:
        return await perform(
            info,
            ErasurePayload,
            lambda acting: erasing.confirm_erasure(acting, identity_of(input.id, "erasure"), input.version),
        )

    @strawberry.mutation(description="消去の申請を取り下げる / take the request back")
    async def take_back_erasure(self, info: strawberry.Info, input: ErasureInput) -> ErasureResult:
        return await perform(
            info,
            ErasurePayload,
            lambda acting: erasing.take_back_erasure(acting, identity_of(input.id, "erasure"), input.version),
        )

    @strawberry.mutation(
        description="ケースを訂正し、提供先に知らせる / correct a case; recipients learn which items and why"
    )
    async def correct_case(self, info: strawberry.Info, input: CorrectCaseInput) -> CaseResult:
        said = correcting.Corrected(input.person.by_item(), input.reason.value)
        return await perform(
            info,
            CasePayload,
            lambda acting: correcting.correct_case(
                acting, identity_of(input.id, "case"), input.version, said
            ),
        )

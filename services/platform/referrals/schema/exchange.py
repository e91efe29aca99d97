"""GraphQL of what passes between the two sides on the way: questions, holds, returns, reopenings."""

import datetime as dt

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import answering, asking, assigning, closing, holding
from services.platform.referrals.schema.changes import ReferralInput
from services.platform.referrals.schema.enums import DeclineCode, DeclinedBy, HoldCode
from services.platform.referrals.schema.payloads import ReferralPayload, ReferralResult, referral_id

SEALED = "暗号化して保管 / kept sealed"


@strawberry.input
class QuestionTextInput:
    id: strawberry.ID
    version: int
    text: str = strawberry.field(description=SEALED)


@strawberry.input
class HoldInput:
    id: strawberry.ID
    version: int
    code: HoldCode
    review_on: dt.date
    text: str | None = strawberry.field(default=None, description=SEALED)


@strawberry.input
class ReturnReferralInput:
    id: strawberry.ID
    version: int
    declined_by: DeclinedBy
    code: DeclineCode
    text: str | None = strawberry.field(default=None, description=SEALED)


@strawberry.input
class AssignInput:
    id: strawberry.ID
    version: int
    person_id: strawberry.ID


@strawberry.type
class ExchangeMutation:
    @strawberry.mutation(description="質問する / T10: ask the other side; the clock stands still meanwhile")
    async def ask_question(self, info: strawberry.Info, input: QuestionTextInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: asking.ask_question(acting, referral_id(input.id), input.version, input.text),
        )

    @strawberry.mutation(description="質問に答える / T10: answer the other side's question")
    async def answer_question(self, info: strawberry.Info, input: QuestionTextInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: asking.answer_question(acting, referral_id(input.id), input.version, input.text),
        )

    @strawberry.mutation(description="保留する / T12: put on hold until a day of review")
    async def hold(self, info: strawberry.Info, input: HoldInput) -> ReferralResult:
        reason = holding.Hold(input.code.value, input.review_on, input.text)
        return await perform(
            info,
            ReferralPayload,
            lambda acting: holding.hold(acting, referral_id(input.id), input.version, reason),
        )

    @strawberry.mutation(description="保留を解く / T12: back to where it was held")
    async def resume(self, info: strawberry.Info, input: ReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: holding.resume(acting, referral_id(input.id), input.version),
        )

    @strawberry.mutation(description="受諾後に返す / T13: give it back before support begins")
    async def return_referral(self, info: strawberry.Info, input: ReturnReferralInput) -> ReferralResult:
        reason = answering.Decline(input.declined_by.value, input.code.value, input.text)
        return await perform(
            info,
            ReferralPayload,
            lambda acting: answering.return_referral(acting, referral_id(input.id), input.version, reason),
        )

    @strawberry.mutation(description="再開を求める / T16: the sender asks to go on")
    async def request_reopen(self, info: strawberry.Info, input: ReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: closing.request_reopen(acting, referral_id(input.id), input.version),
        )

    @strawberry.mutation(description="再開に応じる / T16: the recipient agrees")
    async def reopen(self, info: strawberry.Info, input: ReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: closing.reopen(acting, referral_id(input.id), input.version),
        )

    @strawberry.mutation(description="担当者を決める / T22: assign one of the recipient's staff")
    async def assign(self, info: strawberry.Info, input: AssignInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: assigning.assign(
                acting,
                referral_id(input.id),
                input.version,
                identity_of(input.person_id, "person", "personId"),
            ),
        )

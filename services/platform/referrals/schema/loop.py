"""GraphQL of the closed loop: asking, answering, reporting, confirming, taking back."""

import datetime as dt

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import answering, closing, sending
from services.platform.referrals.schema.basis_inputs import VitalInterestInput, WithBasis
from services.platform.referrals.schema.enums import (
    DeclineCode,
    DeclinedBy,
    LegalBasis,
    OutcomeCode,
    PersonAnswer,
    WithdrawCode,
)
from services.platform.referrals.schema.payloads import ReferralPayload, ReferralResult, referral_id

OVERRIDE = (
    "余力なし・地域外でも打診する理由(暗号化して保管) / why it is asked though it has no room; kept sealed"
)


@strawberry.input
class RequestBasisInput:
    id: strawberry.ID
    version: int
    recipient_id: strawberry.ID
    basis: LegalBasis = LegalBasis.CONSENT
    vital_interest: VitalInterestInput | None = strawberry.field(
        default=None,
        description="緊急のとき: 待たずに、名指しした行政の人へすぐに打診する / "
        "danger to life, body or property: it is sent at once, to the people named",
    )
    override_reason: str | None = strawberry.field(default=None, description=OVERRIDE)


@strawberry.input(description="根拠を示せばすぐに打診する / with a basis the body is asked at once")
class ChooseOfferInput(WithBasis):
    id: strawberry.ID
    version: int
    offer_id: strawberry.ID
    override_reason: str | None = strawberry.field(default=None, description=OVERRIDE)


@strawberry.input
class SendReferralInput(WithBasis):
    id: strawberry.ID
    version: int
    override_reason: str | None = strawberry.field(default=None, description=OVERRIDE)


@strawberry.input
class AcceptReferralInput:
    id: strawberry.ID
    version: int


@strawberry.input
class DeclineReferralInput:
    id: strawberry.ID
    version: int
    declined_by: DeclinedBy
    code: DeclineCode
    text: str | None = strawberry.field(default=None, description="暗号化して保管 / kept sealed")


@strawberry.input
class StartSupportInput:
    id: strawberry.ID
    version: int
    started_on: dt.date


@strawberry.input
class ReportOutcomeInput:
    id: strawberry.ID
    version: int
    code: OutcomeCode
    text: str | None = strawberry.field(default=None, description="暗号化して保管 / kept sealed")


@strawberry.input
class ConfirmLoopInput:
    id: strawberry.ID
    version: int
    person_answer: PersonAnswer | None = strawberry.field(
        default=None, description="本人が述べた結果 / what the person themselves said"
    )


@strawberry.input
class WithdrawReferralInput:
    id: strawberry.ID
    version: int
    code: WithdrawCode
    text: str | None = strawberry.field(default=None, description="暗号化して保管 / kept sealed")


@strawberry.type
class LoopMutation:
    @strawberry.mutation(
        description="打診先を決める / T2: name the recipient; the person is then asked. "
        "緊急のときはすぐに打診する / in danger it is sent at once"
    )
    async def request_basis(self, info: strawberry.Info, input: RequestBasisInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: sending.request_basis(
                acting,
                referral_id(input.id),
                input.version,
                identity_of(input.recipient_id, "organisation", "recipientId"),
                input.basis.value,
                input.vital_interest and input.vital_interest.basis(),
                input.override_reason,
            ),
        )

    @strawberry.mutation(description="申出を選ぶ / T6: choose one of those who offered")
    async def choose_offer(self, info: strawberry.Info, input: ChooseOfferInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: sending.choose_offer(
                acting,
                referral_id(input.id),
                input.version,
                identity_of(input.offer_id, "offer", "offerId"),
                input.at_most_one(),
                input.override_reason,
            ),
        )

    @strawberry.mutation(description="打診する / T3: ask the recipient, on a basis that holds today")
    async def send_referral(self, info: strawberry.Info, input: SendReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: sending.send_referral(
                acting, referral_id(input.id), input.version, input.one(), input.override_reason
            ),
        )

    @strawberry.mutation(description="受諾する / T7: take it on")
    async def accept_referral(self, info: strawberry.Info, input: AcceptReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: answering.accept_referral(acting, referral_id(input.id), input.version),
        )

    @strawberry.mutation(description="辞退する / T8: decline, with who and why as codes")
    async def decline_referral(self, info: strawberry.Info, input: DeclineReferralInput) -> ReferralResult:
        reason = answering.Decline(input.declined_by.value, input.code.value, input.text)
        return await perform(
            info,
            ReferralPayload,
            lambda acting: answering.decline_referral(acting, referral_id(input.id), input.version, reason),
        )

    @strawberry.mutation(description="支援を始める / T11: since the day of the first contact")
    async def start_support(self, info: strawberry.Info, input: StartSupportInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: answering.start_support(
                acting, referral_id(input.id), input.version, input.started_on
            ),
        )

    @strawberry.mutation(description="結果を報告する / T14: report the outcome")
    async def report_outcome(self, info: strawberry.Info, input: ReportOutcomeInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: closing.report_outcome(
                acting, referral_id(input.id), input.version, input.code.value, input.text
            ),
        )

    @strawberry.mutation(description="完結を確認する / T15: confirm that the loop is closed")
    async def confirm_loop(self, info: strawberry.Info, input: ConfirmLoopInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: closing.confirm_loop(
                acting,
                referral_id(input.id),
                input.version,
                input.person_answer and input.person_answer.value,
            ),
        )

    @strawberry.mutation(description="取り下げる / T18: withdraw it; access ends at once")
    async def withdraw_referral(self, info: strawberry.Info, input: WithdrawReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: closing.withdraw_referral(
                acting, referral_id(input.id), input.version, input.code.value, input.text
            ),
        )

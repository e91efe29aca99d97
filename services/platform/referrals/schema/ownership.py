"""GraphQL of referrals changing hands, and of what should never have been written."""

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import handing_on, transferring, voiding
from services.platform.referrals.schema.changes import ReferralInput
from services.platform.referrals.schema.payloads import ReferralPayload, ReferralResult, referral_id


@strawberry.input
class HandOnInput:
    id: strawberry.ID
    version: int
    recipient_id: strawberry.ID


@strawberry.input
class AcceptTransferInput:
    id: strawberry.ID
    version: int
    organisation_id: strawberry.ID
    consent_id: strawberry.ID = strawberry.field(
        description="引き継ぐ団体と全項目を名指しする同意 / it names that body and all that is written"
    )


@strawberry.input
class DeclineTransferInput:
    id: strawberry.ID
    version: int
    organisation_id: strawberry.ID


@strawberry.input
class MarkVoidInput:
    id: strawberry.ID
    version: int
    open_breach: bool = strawberry.field(
        default=False, description="提供済みの場合に必要 / needed where something was sent already"
    )


@strawberry.type
class OwnershipMutation:
    @strawberry.mutation(description="引き継ぐ / T20: the recipient asks that another body takes over")
    async def hand_on(self, info: strawberry.Info, input: HandOnInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: handing_on.hand_on(
                acting,
                referral_id(input.id),
                input.version,
                identity_of(input.recipient_id, "organisation", "recipientId"),
            ),
        )

    @strawberry.mutation(description="送り手の交代を求める / T21: another member asks for the case")
    async def request_transfer(self, info: strawberry.Info, input: ReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: transferring.request_transfer(acting, referral_id(input.id), input.version),
        )

    @strawberry.mutation(description="送り手の交代に応じる / T21: the case moves to who asked for it")
    async def accept_transfer(self, info: strawberry.Info, input: AcceptTransferInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: transferring.accept_transfer(
                acting,
                referral_id(input.id),
                input.version,
                identity_of(input.organisation_id, "organisation", "organisationId"),
                identity_of(input.consent_id, "consent", "consentId"),
            ),
        )

    @strawberry.mutation(description="送り手の交代を断る / T21: the case stays; who asked is told")
    async def decline_transfer(self, info: strawberry.Info, input: DeclineTransferInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: transferring.decline_transfer(
                acting,
                referral_id(input.id),
                input.version,
                identity_of(input.organisation_id, "organisation", "organisationId"),
            ),
        )

    @strawberry.mutation(description="送り手の交代の求めを取り下げる / T21: by who asked")
    async def withdraw_transfer_request(self, info: strawberry.Info, input: ReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: transferring.withdraw_request(acting, referral_id(input.id), input.version),
        )

    @strawberry.mutation(description="誤登録を申し出る / T23: the sender says that it is a mistake")
    async def request_void(self, info: strawberry.Info, input: ReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: voiding.request_void(acting, referral_id(input.id), input.version),
        )

    @strawberry.mutation(description="誤登録にする / T23: the coordinator hides it; it is kept")
    async def mark_void(self, info: strawberry.Info, input: MarkVoidInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: voiding.mark_void(
                acting, referral_id(input.id), input.version, open_breach=input.open_breach
            ),
        )

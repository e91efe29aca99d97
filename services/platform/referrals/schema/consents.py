"""GraphQL of consents: given, withdrawn, revoked from a referral, put in place of another basis."""

import datetime as dt

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import consents as actions
from services.platform.referrals.actions import rebasing, withdrawing
from services.platform.referrals.schema.enums import HowObtained, Item, Medium
from services.platform.referrals.schema.payloads import (
    ConsentPayload,
    ConsentResult,
    ReferralPayload,
    ReferralResult,
    referral_id,
)


@strawberry.input(description="同意の記録 / a consent as it was given")
class RecordConsentInput:
    case_id: strawberry.ID
    items: list[Item]
    recipient_ids: list[strawberry.ID]
    purpose: str
    how_obtained: HowObtained
    obtained_on: dt.date
    valid_until: dt.date
    medium: Medium = Medium.PLATFORM

    def given(self) -> actions.GivenConsent:
        return actions.GivenConsent(
            items=[item.value for item in self.items],
            recipients=[identity_of(each, "organisation", "recipientIds") for each in self.recipient_ids],
            purpose=self.purpose,
            medium=self.medium.value,
            how_obtained=self.how_obtained.value,
            obtained_on=self.obtained_on,
            valid_until=self.valid_until,
        )


@strawberry.input
class WithdrawConsentInput:
    id: strawberry.ID
    version: int


@strawberry.input
class RevokeConsentInput:
    id: strawberry.ID
    version: int


@strawberry.input
class RebaseReferralInput:
    id: strawberry.ID
    version: int
    consent_id: strawberry.ID


@strawberry.type
class ConsentsMutation:
    @strawberry.mutation(description="同意を記録する / record what the person agreed to")
    async def record_consent(self, info: strawberry.Info, input: RecordConsentInput) -> ConsentResult:
        return await perform(
            info,
            ConsentPayload,
            lambda acting: actions.record_consent(
                acting, identity_of(input.case_id, "case", "caseId"), input.given()
            ),
        )

    @strawberry.mutation(description="同意の撤回を記録する / the person takes a consent back")
    async def withdraw_consent(self, info: strawberry.Info, input: WithdrawConsentInput) -> ConsentResult:
        return await perform(
            info,
            ConsentPayload,
            lambda acting: withdrawing.withdraw_consent(
                acting, identity_of(input.id, "consent"), input.version
            ),
        )

    @strawberry.mutation(
        description="同意の撤回を受ける / T19, from a referral: by its sender or the coordinator"
    )
    async def revoke_consent(self, info: strawberry.Info, input: RevokeConsentInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: withdrawing.revoke_consent(acting, referral_id(input.id), input.version),
        )

    @strawberry.mutation(
        description="根拠を同意に改める(支援会議から重層的支援会議へ) / the person has agreed since"
    )
    async def rebase_referral(self, info: strawberry.Info, input: RebaseReferralInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: rebasing.rebase_referral(
                acting,
                referral_id(input.id),
                input.version,
                identity_of(input.consent_id, "consent", "consentId"),
            ),
        )

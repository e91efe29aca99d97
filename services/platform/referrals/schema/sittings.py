"""GraphQL of 支援会議."""

import datetime as dt

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import sittings as actions
from services.platform.referrals.schema.enums import Item
from services.platform.referrals.schema.payloads import (
    ReferralPayload,
    ReferralResult,
    SittingPayload,
    SittingResult,
    referral_id,
)


@strawberry.input
class CallSittingInput:
    held_on: dt.date
    chair_id: strawberry.ID
    organisation_ids: list[strawberry.ID]


@strawberry.input
class PickBodyInput:
    id: strawberry.ID
    version: int
    organisation_id: strawberry.ID


@strawberry.input
class RecordSittingInput:
    id: strawberry.ID
    version: int
    participant_ids: list[strawberry.ID]


@strawberry.input
class CancelSittingInput:
    id: strawberry.ID
    version: int


@strawberry.input
class EndSittingInput:
    id: strawberry.ID
    version: int


@strawberry.input
class BringToSittingInput:
    id: strawberry.ID
    version: int
    sitting_id: strawberry.ID
    items: list[Item]


@strawberry.type
class SittingsMutation:
    @strawberry.mutation(description="支援会議を招集する / call a sitting and pick its bodies")
    async def call_sitting(self, info: strawberry.Info, input: CallSittingInput) -> SittingResult:
        return await perform(
            info,
            SittingPayload,
            lambda acting: actions.call_sitting(
                acting,
                input.held_on,
                identity_of(input.chair_id, "person", "chairId"),
                [identity_of(each, "organisation", "organisationIds") for each in input.organisation_ids],
            ),
        )

    @strawberry.mutation(description="団体を選ぶ / pick one more body for the sitting")
    async def pick_body(self, info: strawberry.Info, input: PickBodyInput) -> SittingResult:
        return await perform(
            info,
            SittingPayload,
            lambda acting: actions.pick_body(
                acting,
                identity_of(input.id, "sitting"),
                input.version,
                identity_of(input.organisation_id, "organisation", "organisationId"),
            ),
        )

    @strawberry.mutation(description="開いたことと出席者を記録する / it was held: who took part")
    async def record_sitting(self, info: strawberry.Info, input: RecordSittingInput) -> SittingResult:
        return await perform(
            info,
            SittingPayload,
            lambda acting: actions.record_sitting(
                acting,
                identity_of(input.id, "sitting"),
                input.version,
                [identity_of(each, "person", "participantIds") for each in input.participant_ids],
            ),
        )

    @strawberry.mutation(description="支援会議を取り消す / cancel a sitting: nothing opens by it any more")
    async def cancel_sitting(self, info: strawberry.Info, input: CancelSittingInput) -> SittingResult:
        return await perform(
            info,
            SittingPayload,
            lambda acting: actions.cancel_sitting(acting, identity_of(input.id, "sitting"), input.version),
        )

    @strawberry.mutation(
        description="支援会議による閲覧を終える / by a decision: nothing opens by it any more"
    )
    async def end_sitting(self, info: strawberry.Info, input: EndSittingInput) -> SittingResult:
        return await perform(
            info,
            SittingPayload,
            lambda acting: actions.end_sitting(acting, identity_of(input.id, "sitting"), input.version),
        )

    @strawberry.mutation(description="支援会議にかける / bring a referral before a sitting")
    async def bring_to_sitting(self, info: strawberry.Info, input: BringToSittingInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: actions.bring_to_sitting(
                acting,
                referral_id(input.id),
                input.version,
                identity_of(input.sitting_id, "sitting", "sittingId"),
                [item.value for item in input.items],
            ),
        )

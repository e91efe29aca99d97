"""GraphQL of break-glass."""

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import breaking as actions
from services.platform.referrals.schema.basis_inputs import VitalInterestInput
from services.platform.referrals.schema.enums import Finding
from services.platform.referrals.schema.payloads import BreakGlassPayload, BreakGlassResult, referral_id


@strawberry.input
class OpenBreakGlassInput:
    id: strawberry.ID
    version: int
    danger: VitalInterestInput


@strawberry.input
class ReviewBreakGlassInput:
    id: strawberry.ID
    version: int
    finding: Finding
    note: str = ""


@strawberry.type
class BreakGlassMutation:
    @strawberry.mutation(
        description="緊急開示を開く / open the minimum to named people of government; the coordinator is told"
    )
    async def open_break_glass(self, info: strawberry.Info, input: OpenBreakGlassInput) -> BreakGlassResult:
        return await perform(
            info,
            BreakGlassPayload,
            lambda acting: actions.open_break_glass(
                acting, referral_id(input.id), input.version, input.danger.basis()
            ),
        )

    @strawberry.mutation(
        description="緊急開示を確認する / a second person's finding; anything but justified ends it at once"
    )
    async def review_break_glass(
        self, info: strawberry.Info, input: ReviewBreakGlassInput
    ) -> BreakGlassResult:
        return await perform(
            info,
            BreakGlassPayload,
            lambda acting: actions.review_break_glass(
                acting, identity_of(input.id, "break_glass"), input.version, input.finding.value, input.note
            ),
        )

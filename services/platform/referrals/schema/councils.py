"""GraphQL of referrals before the statutory council."""

import strawberry

from libs.serving.session import identity_of, perform
from services.platform.referrals.actions import councils as actions
from services.platform.referrals.schema.enums import Item
from services.platform.referrals.schema.payloads import CouncilItemPayload, CouncilItemResult, referral_id


@strawberry.input
class BringToCouncilInput:
    id: strawberry.ID
    version: int
    council_id: strawberry.ID
    items: list[Item] = strawberry.field(
        description="担当が知るべき最小限 / what those assigned need to know"
    )


@strawberry.input
class ItemAssignmentInput:
    id: strawberry.ID
    organisation_id: strawberry.ID


@strawberry.type
class CouncilItemsMutation:
    @strawberry.mutation(description="協議会の案件にする / bring a referral before the council (art. 16)")
    async def bring_to_council(self, info: strawberry.Info, input: BringToCouncilInput) -> CouncilItemResult:
        return await perform(
            info,
            CouncilItemPayload,
            lambda acting: actions.bring_to_council(
                acting,
                referral_id(input.id),
                input.version,
                identity_of(input.council_id, "council", "councilId"),
                [item.value for item in input.items],
            ),
        )

    @strawberry.mutation(description="担当する構成機関等を決める / assign a member of the council")
    async def assign_item(self, info: strawberry.Info, input: ItemAssignmentInput) -> CouncilItemResult:
        return await perform(
            info,
            CouncilItemPayload,
            lambda acting: actions.assign_item(
                acting,
                identity_of(input.id, "council_item"),
                identity_of(input.organisation_id, "organisation", "organisationId"),
            ),
        )

    @strawberry.mutation(description="担当を外す / end an assignment: nothing of it opens there any more")
    async def unassign_item(self, info: strawberry.Info, input: ItemAssignmentInput) -> CouncilItemResult:
        return await perform(
            info,
            CouncilItemPayload,
            lambda acting: actions.unassign_item(
                acting,
                identity_of(input.id, "council_item"),
                identity_of(input.organisation_id, "organisation", "organisationId"),
            ),
        )

"""What a coordinator can do with the policy. Each field is one action."""

from typing import Annotated

import strawberry

from libs.serving.session import Payload, perform, written
from libs.serving.user_errors import Refusal
from services.platform.policies.actions import drafting, publishing
from services.platform.policies.schema import inputs
from services.platform.policies.schema.previewing import PreviewMutation
from services.platform.policies.schema.types import PolicyDraft, PolicyEdition


@strawberry.type
class PolicyDraftPayload(Payload):
    @strawberry.field
    async def policy_draft(self, info: strawberry.Info) -> PolicyDraft | None:
        return await written(info, "PolicyDraft", self)


@strawberry.type
class PolicyEditionPayload(Payload):
    @strawberry.field
    async def policy_edition(self, info: strawberry.Info) -> PolicyEdition | None:
        return await written(info, "PolicyEdition", self)


PolicyDraftResult = Annotated[PolicyDraftPayload | Refusal, strawberry.union("PolicyDraftResult")]
PolicyEditionResult = Annotated[PolicyEditionPayload | Refusal, strawberry.union("PolicyEditionResult")]


@strawberry.type
class PoliciesMutation(PreviewMutation):
    @strawberry.mutation(description="下書きで一行を狭める / tighten a line, in the draft")
    async def tighten_policy(
        self, info: strawberry.Info, input: inputs.TightenPolicyInput
    ) -> PolicyDraftResult:
        return await perform(
            info,
            PolicyDraftPayload,
            lambda acting: drafting.tighten(acting, input.version, input.line.words(), input.becomes),
        )

    @strawberry.mutation(description="下書きで一行を広げる / widen by a line, in the draft")
    async def widen_policy(self, info: strawberry.Info, input: inputs.WidenPolicyInput) -> PolicyDraftResult:
        return await perform(
            info,
            PolicyDraftPayload,
            lambda acting: drafting.widen(acting, input.version, input.line.words()),
        )

    @strawberry.mutation(description="下書きの変更を取り消す / take one change back, in the draft")
    async def take_back_policy_change(
        self, info: strawberry.Info, input: inputs.TakeBackPolicyChangeInput
    ) -> PolicyDraftResult:
        return await perform(
            info,
            PolicyDraftPayload,
            lambda acting: drafting.take_back(acting, input.version, input.line.words()),
        )

    @strawberry.mutation(description="下書きを捨てる / make the draft what is in force")
    async def discard_policy_draft(
        self, info: strawberry.Info, input: inputs.DiscardPolicyDraftInput
    ) -> PolicyDraftResult:
        return await perform(info, PolicyDraftPayload, lambda acting: drafting.discard(acting, input.version))

    @strawberry.mutation(description="下書きを公布する / put the draft into force")
    async def publish_policy(
        self, info: strawberry.Info, input: inputs.PublishPolicyInput
    ) -> PolicyEditionResult:
        return await perform(
            info,
            PolicyEditionPayload,
            lambda acting: publishing.publish(acting, input.version, input.note),
        )

    @strawberry.mutation(description="前の版に戻す / return to an earlier version, by a new edition")
    async def revert_policy(
        self, info: strawberry.Info, input: inputs.RevertPolicyInput
    ) -> PolicyEditionResult:
        return await perform(
            info,
            PolicyEditionPayload,
            lambda acting: publishing.revert(acting, input.version, input.to, input.note),
        )

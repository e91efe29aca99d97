"""Sending a link by which the recipient answers without an account, and taking it back."""

import uuid
from typing import Annotated

import strawberry

from libs.policy.acting import Acting
from libs.serving.session import Payload, perform, written
from libs.serving.user_errors import Refusal
from services.platform.links.actions import sending
from services.platform.referrals.schema.payloads import ReferralPayload, ReferralResult, referral_id
from services.platform.referrals.schema.types import Referral


@strawberry.input
class SendAnswerLinkInput:
    id: strawberry.ID
    version: int


@strawberry.input
class RevokeAnswerLinkInput:
    id: strawberry.ID
    version: int


@strawberry.type
class AnswerLinkPayload(Payload):
    telephone_code: str | None = strawberry.field(
        description="電話で伝える確認コード。電話で伝える設定のときだけ、一度だけ表示されます / "
        "the code to tell by telephone, where the platform does it so; shown once, never again"
    )

    @strawberry.field
    async def referral(self, info: strawberry.Info) -> Referral | None:
        return await written(info, "Referral", self)


AnswerLinkResult = Annotated[AnswerLinkPayload | Refusal, strawberry.union("AnswerLinkResult")]


@strawberry.type
class LinksMutation:
    @strawberry.mutation(
        description="回答リンクを打診先の業務用メールに送る。前のリンクは無効になる / mail the recipient a "
        "link by which it answers without an account; an earlier one ends"
    )
    async def send_answer_link(self, info: strawberry.Info, input: SendAnswerLinkInput) -> AnswerLinkResult:
        code: str | None = None

        async def send(acting: Acting) -> uuid.UUID:
            nonlocal code
            sent = await sending.send_answer_link(acting, referral_id(input.id), input.version)
            code = sent.code
            return sent.referral_id

        return await perform(
            info, lambda identity: AnswerLinkPayload(identity=identity, telephone_code=code), send
        )

    @strawberry.mutation(description="回答リンクを無効にする / take the link back")
    async def revoke_answer_link(self, info: strawberry.Info, input: RevokeAnswerLinkInput) -> ReferralResult:
        return await perform(
            info,
            ReferralPayload,
            lambda acting: sending.revoke_answer_link(acting, referral_id(input.id), input.version),
        )

"""What people can do about notices. Each field is one action."""

import uuid
from typing import Annotated

import strawberry

from libs.policy.acting import Acting
from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.notices.actions import preferring, reading, webhooks
from services.platform.notices.models.kinds import GROUPS
from services.platform.notices.schema import inputs
from services.platform.notices.schema.types import Inbox, MailChoice, Webhook


@strawberry.type
class InboxPayload(Payload):
    @strawberry.field
    async def inbox(self, info: strawberry.Info) -> Inbox | None:
        return await written(info, "Inbox", self)


@strawberry.type
class WebhookPayload(Payload):
    @strawberry.field
    async def webhook(self, info: strawberry.Info) -> Webhook | None:
        return await written(info, "Webhook", self)


@strawberry.type
class WebhookSecretPayload(Payload):
    secret: str | None = strawberry.field(
        description="署名の鍵。一度だけ表示されます / shown once, never again"
    )

    @strawberry.field
    async def webhook(self, info: strawberry.Info) -> Webhook | None:
        return await written(info, "Webhook", self)


InboxResult = Annotated[InboxPayload | Refusal, strawberry.union("InboxResult")]
WebhookResult = Annotated[WebhookPayload | Refusal, strawberry.union("WebhookResult")]
WebhookSecretResult = Annotated[WebhookSecretPayload | Refusal, strawberry.union("WebhookSecretResult")]


@strawberry.type
class InboxMutation:
    @strawberry.mutation(description="既読にする / mark notices as read")
    async def mark_read(self, info: strawberry.Info, input: inputs.MarkReadInput) -> InboxResult:
        named = [_notice(each, "ids") for each in input.ids or ()]
        last = [] if input.up_to is None else [_notice(input.up_to, "upTo")]
        return await perform(info, InboxPayload, lambda acting: reading.mark_read(acting, named, last))

    @strawberry.mutation(description="受け取り方を決める / choose language and mail")
    async def set_notice_preferences(
        self, info: strawberry.Info, input: inputs.SetNoticePreferencesInput
    ) -> InboxResult:
        mail = {group: _code(getattr(input, f"mail_{group}")) for group in GROUPS}
        return await perform(
            info,
            InboxPayload,
            lambda acting: preferring.set_preferences(
                acting, identity_of(input.id, "inbox"), input.language.value, mail
            ),
        )


@strawberry.type
class WebhooksMutation:
    @strawberry.mutation(description="通知先を登録する / register a webhook")
    async def register_webhook(
        self, info: strawberry.Info, input: inputs.RegisterWebhookInput
    ) -> WebhookSecretResult:
        secret: str | None = None

        async def register(acting: Acting) -> uuid.UUID:
            nonlocal secret
            made = await webhooks.register(acting, input.url, of_platform=input.of_platform)
            secret = made.secret
            return made.webhook_id

        return await perform(
            info, lambda identity: WebhookSecretPayload(identity=identity, secret=secret), register
        )

    @strawberry.mutation(
        description="署名の鍵を替える。古い鍵も1日有効 / a new secret; the old one signs for a day"
    )
    async def rotate_webhook_secret(
        self, info: strawberry.Info, input: inputs.RotateWebhookSecretInput
    ) -> WebhookSecretResult:
        secret: str | None = None

        async def rotate(acting: Acting) -> uuid.UUID:
            nonlocal secret
            made = await webhooks.rotate(acting, _webhook(input.id), input.version)
            secret = made.secret
            return made.webhook_id

        return await perform(
            info, lambda identity: WebhookSecretPayload(identity=identity, secret=secret), rotate
        )

    @strawberry.mutation(description="止まった通知先を再開する / enable a disabled webhook again")
    async def enable_webhook(self, info: strawberry.Info, input: inputs.EnableWebhookInput) -> WebhookResult:
        return await perform(
            info, WebhookPayload, lambda acting: webhooks.enable(acting, _webhook(input.id), input.version)
        )

    @strawberry.mutation(description="通知先を外す / remove a webhook")
    async def remove_webhook(self, info: strawberry.Info, input: inputs.RemoveWebhookInput) -> WebhookResult:
        return await perform(
            info, WebhookPayload, lambda acting: webhooks.remove(acting, _webhook(input.id), input.version)
        )


@strawberry.type
class NoticesMutation(InboxMutation, WebhooksMutation): ...


def _notice(text: str, field: str) -> uuid.UUID | None:
    return identity_of(text, "notice", field)


def _webhook(text: str) -> uuid.UUID | None:
    return identity_of(text, "webhook")


def _code(choice: MailChoice | None) -> str | None:
    return None if choice is None else choice.value

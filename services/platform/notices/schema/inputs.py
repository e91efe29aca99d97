"""What mutations about notices take."""

import strawberry

from services.platform.notices.schema.types import Language, MailChoice


@strawberry.input(description="既読にするお知らせ / notices that were read")
class MarkReadInput:
    ids: list[strawberry.ID] | None = None
    up_to: strawberry.ID | None = strawberry.field(
        default=None, description="これより前もすべて / this one and all before it"
    )


@strawberry.input(description="受け取り方(すべて) / all of it; null for mail: as each kind has it")
class SetNoticePreferencesInput:
    id: strawberry.ID
    language: Language
    mail_referrals: MailChoice | None = None
    mail_deadlines: MailChoice | None = None
    mail_protection: MailChoice | None = None
    mail_board: MailChoice | None = None
    mail_platform: MailChoice | None = None


@strawberry.input(description="通知先の登録 / a webhook for one's own organisation")
class RegisterWebhookInput:
    url: str
    of_platform: bool = strawberry.field(
        default=False, description="事務局への知らせを受ける / told what coordinators are told"
    )


@strawberry.input(description="通知先とその版 / a webhook, in the version that you read")
class RotateWebhookSecretInput:
    id: strawberry.ID
    version: int


@strawberry.input(description="通知先とその版 / a webhook, in the version that you read")
class EnableWebhookInput:
    id: strawberry.ID
    version: int


@strawberry.input(description="通知先とその版 / a webhook, in the version that you read")
class RemoveWebhookInput:
    id: strawberry.ID
    version: int

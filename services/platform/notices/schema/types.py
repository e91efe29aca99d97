"""A person's inbox, the notices in it, and the webhooks of an organisation as they are read."""

import datetime as dt
from collections.abc import Callable
from enum import Enum
from typing import Any, Final

import msgspec
import sqlalchemy as sa
import strawberry
from sqlalchemy.dialects.postgresql import JSONB

from libs.policy.predicates import Asker
from libs.reading.declare import Filter, Row, can, column, computed, connection, hidden, identity, one, stored
from libs.reading.enums import described
from libs.reading.node import Connection, Node
from libs.tenancy.models import person
from services.platform.members.schema import Organisation
from services.platform.notices.models import notice, notice_preference, webhook
from services.platform.notices.models.kinds import KINDS
from services.platform.notices.models.names import NoticeKind

described("お知らせの種類 / what a notice tells", {name: (kind.ja, kind.en) for name, kind in KINDS.items()})(
    NoticeKind
)
UNREAD: Final = Filter(
    lambda row, value: row.c.read_at.is_(None) == value, reads=("read_at",), type=sa.Boolean()
)


@strawberry.enum(description="お知らせの言語 / language of texts and mail")
class Language(Enum):
    JA = "ja"
    EN = "en"


@strawberry.enum(
    description="メール: すぐに・翌朝まとめて・送らない / mail at once, the next morning, or none"
)
class MailChoice(Enum):
    NOW = "now"
    DIGEST = "digest"
    NONE = "none"


@strawberry.enum(description="通知先の状態 / state of a webhook; disabled: it did not answer for days")
class WebhookState(Enum):
    ACTIVE = "active"
    DISABLED = "disabled"
    REMOVED = "removed"


@strawberry.enum(description="お知らせについて行える操作 / what can be done to a notice")
class NoticeAction(Enum):
    MARK_READ = "mark_read"


@strawberry.enum(description="受信箱について行える操作 / what can be done to an inbox")
class InboxAction(Enum):
    SET_NOTICE_PREFERENCES = "set_notice_preferences"


@strawberry.enum(description="通知先について行える操作 / what can be done to a webhook")
class WebhookAction(Enum):
    ROTATE_WEBHOOK_SECRET = "rotate_webhook_secret"  # noqa: S105 - a step's name
    ENABLE_WEBHOOK = "enable_webhook"
    REMOVE_WEBHOOK = "remove_webhook"


def _preferred(name: str, of: Callable[[Row], Any]) -> Callable[[Row, Asker], "sa.ColumnElement[Any]"]:
    """What the person of the row chose; null where nothing."""

    def expression(row: Row, asker: Asker) -> "sa.ColumnElement[Any]":
        return (
            sa.select(notice_preference.c[name])
            .where(notice_preference.c.tenant_id == asker.tenant, notice_preference.c.id == of(row))
            .scalar_subquery()
        )

    return expression


def _itself(row: Row) -> Any:  # noqa: ANN401 - SQLAlchemy's column
    return row.c.id


def _reader(row: Row) -> Any:  # noqa: ANN401 - likewise
    return row.c.person_id


def _mail(group: str) -> Any:  # noqa: ANN401 - a declaration
    return computed(
        _preferred(f"mail_{group}", _itself),
        policy="preferences",
        description="nullは種類ごとの標準 / null: as each kind has it",
    )


def _language(row: Row, asker: Asker) -> "sa.ColumnElement[str]":
    return sa.func.coalesce(_preferred("language", _itself)(row, asker), sa.literal("ja"))


def _unread(row: Row, asker: Asker) -> "sa.ColumnElement[int]":
    return (
        sa.select(sa.func.count())
        .select_from(notice)
        .where(notice.c.tenant_id == asker.tenant, notice.c.person_id == row.c.id, notice.c.read_at.is_(None))
        .scalar_subquery()
    )


def _texts(language: str) -> "sa.ColumnElement[Any]":
    said = {name: getattr(kind, language) for name, kind in KINDS.items()}
    return sa.cast(sa.literal(msgspec.json.encode(said).decode(), sa.Text()), JSONB())


def _text(row: Row, asker: Asker) -> "sa.ColumnElement[str]":
    chosen = _preferred("language", _reader)(row, asker)
    texts = sa.case((chosen == sa.literal("en"), _texts("en")), else_=_texts("ja"))
    return texts.op("->>", return_type=sa.Text())(row.c.kind)


@stored(notice, object="notice", prefix="notice")
@strawberry.type(description="お知らせ / a notice to one person: a kind and an object, never anybody's data")
class Notice(Node):
    id: strawberry.ID = identity()
    kind: NoticeKind | None = column()
    text: str | None = computed(_text, description="本人の言語での文面 / in the reader's language")
    about: strawberry.ID | None = column(description="対象のID / id of the object; node(id) opens it, or not")
    created_at: dt.datetime | None = column()
    read_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[NoticeAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(person, object="inbox", prefix="inbox")
@strawberry.type(description="受信箱 / one's own inbox, and how one is told")
class Inbox(Node):
    id: strawberry.ID = identity()
    unread: int | None = computed(_unread, description="未読数 / how many are unread")
    language: Language | None = computed(_language, policy="preferences")
    mail_referrals: MailChoice | None = _mail("referrals")
    mail_deadlines: MailChoice | None = _mail("deadlines")
    mail_protection: MailChoice | None = _mail("protection")
    mail_board: MailChoice | None = _mail("board")
    mail_platform: MailChoice | None = _mail("platform")
    viewer_can: list[InboxAction] | None = can()
    hidden_fields: list[str] = hidden()

    @connection("Notice", on=lambda inbox, row: row.c.person_id == inbox.c.id, filters={"unread": UNREAD})
    def notices(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        unread: bool | None = None,
    ) -> Connection[Notice] | None:
        """お知らせ(新しい順) / notices, newest first."""


@stored(webhook, object="webhook", prefix="webhook")
@strawberry.type(description="通知先 / a system of an organisation's own that is called")
class Webhook(Node):
    id: strawberry.ID = identity()
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.organisation_id
    )
    of_platform: bool | None = column(
        description="事務局への通知先 / told what coordinators are told, not what the organisation is"
    )
    url: str | None = column()
    state: WebhookState | None = column()
    failing_since: dt.datetime | None = column()
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[WebhookAction] | None = can()
    hidden_fields: list[str] = hidden()

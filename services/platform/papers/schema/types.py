"""Application papers as they are read."""

import datetime as dt
from enum import Enum

import strawberry

from libs.reading.declare import can, column, hidden, identity, stored
from libs.reading.node import Node
from services.platform.papers import models


@strawberry.enum(
    description="定款・規約、役員名簿、会員名簿、事業計画、事業報告、会計書類、登記・認証、その他 / "
    "kind of an application paper"
)
class PaperKind(Enum):
    ARTICLES = "articles"
    OFFICERS = "officers"
    MEMBERS = "members"
    PLAN = "plan"
    REPORT = "report"
    ACCOUNTS = "accounts"
    REGISTRATION = "registration"
    OTHER = "other"


@strawberry.enum(description="申請書類について行える操作 / what can be done to an application paper")
class PaperAction(Enum):
    REMOVE_PAPER = "remove_paper"


@stored(models.application_paper, object="paper", prefix="paper")
@strawberry.type(description="申請書類。openFile で開く / a paper of an application; openFile gives a link")
class ApplicationPaper(Node):
    id: strawberry.ID = identity()
    kind: PaperKind | None = column()
    title: str | None = column()
    name: str | None = column(description="ファイル名 / the file's name")
    media_type: str | None = column()
    size: int | None = column(description="大きさ（バイト） / in bytes")
    created_at: dt.datetime | None = column(description="提出日時 / since when it is here")
    version: int | None = column()
    viewer_can: list[PaperAction] | None = can()
    hidden_fields: list[str] = hidden()

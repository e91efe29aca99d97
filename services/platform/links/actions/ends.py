"""A link, locked, and how it ends."""

import uuid

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import NotFound, WrongState
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.predicates import ASKER
from services.platform.links.models import answer_link


class LinkOver(NotFound):
    """The link is used, ended, expired or none, or what it was for has moved on: one answer for all."""

    def __init__(self) -> None:
        super().__init__(
            "このリンクは使えません。期限が切れたか、すでに回答されたか、取り下げられたためです。"
            "お心当たりがある場合は、プラットフォームの事務局にお問い合わせください。",
            "This link cannot be used: it has expired, was answered already or was taken back. "
            "Ask the platform's coordinator if you were expecting it.",
        )


class PageOver(WrongState):
    """The opened page is too old, or the link was opened anew elsewhere; another code opens it again."""

    def __init__(self) -> None:
        super().__init__(
            "page_over",
            "この画面の有効時間が過ぎたか、別の画面で開かれました。回答はまだ送られていません。"
            "確認コードを入力し直してください。",
            "This page is too old, or the link was opened on another screen. No answer was sent. "
            "Enter a code again.",
        )


async def locked(work: Work, link_id: uuid.UUID) -> asyncpg.Record:
    """The link, if it can still be used; its referral's lock comes first. Raises LinkOver."""
    link = await work.one(LOCK, id=link_id)
    if link is None:
        raise LinkOver
    return link


async def end_links(work: Work, referral_id: uuid.UUID, code: str) -> bool:
    """Ends what may still be open of the referral's links; whether there was any."""
    return bool(await work.rows(END, referral_id=referral_id, end_code=code))


LOCK = Statement(
    sa.select(answer_link)
    .where(
        answer_link.c.tenant_id == TENANT,
        answer_link.c.id == parameter(answer_link.c.id),
        answer_link.c.ended_at.is_(None),
        answer_link.c.expires_at > ASKER.now,
    )
    .with_for_update()
)
END = Statement(
    sa.update(answer_link)
    .where(
        answer_link.c.tenant_id == TENANT,
        answer_link.c.referral_id == parameter(answer_link.c.referral_id),
        answer_link.c.ended_at.is_(None),
    )
    .values(
        ended_at=ASKER.now,
        end_code=parameter(answer_link.c.end_code),
        code_hash=sa.null(),
        code_until=sa.null(),
    )
    .returning(answer_link.c.id)
)

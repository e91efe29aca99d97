"""Webhooks of an organisation: registered, given a new secret, enabled again, removed."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import asyncpg
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput, NotAllowed
from libs.persistence.sealing.vault import Place, Sealer
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.inputs import required
from services.platform.notices.models import webhook
from services.platform.notices.sending.calling import new_secret

URL_LENGTH: Final = 500
BOTH_SIGN: Final = timedelta(hours=24)
"""How long the old secret signs beside the new one."""


@dataclass(frozen=True, slots=True)
class Made:
    """`secret` is shown once and kept sealed alone."""

    webhook_id: uuid.UUID
    secret: str


async def register(acting: Acting, url: str, *, of_platform: bool) -> Made:
    """For one's own organisation; `of_platform`: told what coordinators are told.

    Raises NotAllowed, InvalidInput.
    """
    action = "register_platform_webhook" if of_platform else "register_webhook"
    acting.require("webhook", action, "own")
    work, organisation_id = acting.work, acting.viewer.organisation_id
    if organisation_id is None:
        raise NotAllowed
    identity, secret = uuid7(), new_secret()
    sealer = await acting.vault.of_tenant(work.tenant_id)
    await work.insert(
        webhook,
        id=identity,
        organisation_id=organisation_id,
        of_platform=of_platform,
        url=checked_url(url),
        secret=sealer.seal(_place(identity), secret),
        created_by_id=acting.viewer.person_id,
        created_at=work.now,
    )
    work.record("register_webhook", "webhook", identity, organisation=str(organisation_id))
    return Made(identity, secret)


async def rotate(acting: Acting, identity: uuid.UUID | None, version: int) -> Made:
    """A new secret; both sign for a day. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("webhook", webhook, identity, action="rotate_webhook_secret", version=version)
    work, secret = acting.work, new_secret()
    sealer = await acting.vault.of_tenant(work.tenant_id)
    sealed = sealer.seal(_place(row["id"]), secret)
    until = work.now + BOTH_SIGN
    await work.rows(ROTATE, id=row["id"], secret=sealed, previous_until=until)
    work.record("rotate_webhook_secret", "webhook", row["id"])
    return Made(row["id"], secret)


async def enable(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("webhook", webhook, identity, action="enable_webhook", version=version)
    return await _set_state(acting, row["id"], "enable_webhook", "active")


async def remove(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """What waits for it is not sent. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("webhook", webhook, identity, action="remove_webhook", version=version)
    return await _set_state(acting, row["id"], "remove_webhook", "removed")


async def _set_state(acting: Acting, identity: uuid.UUID, step: str, state: str) -> uuid.UUID:
    await acting.work.rows(SET_STATE, id=identity, state=state)
    acting.work.record(step, "webhook", identity)
    return identity


def secrets_of(sealer: Sealer, row: asyncpg.Record, now: datetime) -> list[str]:
    """What signs now, the newest first; `row` has the webhook's columns and `webhook_id`.

    Raises Unreadable.
    """
    sealed = [row["secret"]]
    if row["previous_secret"] is not None and row["previous_until"] > now:
        sealed.append(row["previous_secret"])
    return [sealer.open(_place(row["webhook_id"]), each) for each in sealed]


def checked_url(text: str) -> str:
    """An https address without user, password or fragment. Raises InvalidInput."""
    tidy = required(text, "url", URL_LENGTH)
    try:
        parts = urlsplit(tidy)
        fits = (
            parts.scheme == "https"
            and bool(parts.hostname)
            and parts.username is None
            and parts.password is None
            and not parts.fragment
            and parts.port != 0
            and tidy.isascii()
            and " " not in tidy
        )
    except ValueError:
        fits = False
    if not fits:
        raise InvalidInput(
            "url",
            "https:// で始まる通知先のアドレスを入力してください(利用者名・パスワード・# は使えません)。",
            "Give an https:// address without user, password or fragment.",
            detail="WEB_ADDRESS",
        )
    return tidy


def _place(identity: uuid.UUID) -> Place:
    return Place("webhook", "secret", identity)


_THIS: Final = (webhook.c.tenant_id == TENANT, webhook.c.id == parameter(webhook.c.id))
ROTATE = Statement(
    sa.update(webhook)
    .where(*_THIS)
    .values(
        secret=parameter(webhook.c.secret),
        previous_secret=webhook.c.secret,
        previous_until=parameter(webhook.c.previous_until),
        version=webhook.c.version + 1,
    )
    .returning(webhook.c.id)
)
SET_STATE = Statement(
    sa.update(webhook)
    .where(*_THIS)
    .values(state=parameter(webhook.c.state), failing_since=sa.null(), version=webhook.c.version + 1)
    .returning(webhook.c.id)
)

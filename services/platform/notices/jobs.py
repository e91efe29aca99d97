"""What the worker does for notices: gathers digests, and carries deliveries out of the house.

A delivery is begun in one transaction and ended in another; while a server outside takes its time there is
none. A worker that dies in between leaves a delivery that is sent again under the same Message-ID or
webhook-id (docs/decisions/0028).
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final

import asyncpg
import structlog

from libs.observability.worker_metrics import Carried
from libs.persistence.actor import SYSTEM
from libs.persistence.database import Database
from libs.persistence.sealing.cipher import Unreadable
from libs.persistence.sealing.key_store import KeyErased, KeyMissing
from libs.persistence.worker import Errand, Job
from services.platform.notices.actions import deliveries
from services.platform.notices.actions.deliveries import kinds_of
from services.platform.notices.actions.gathering import gather
from services.platform.notices.actions.letters import unseal
from services.platform.notices.actions.telling import DELIVER, GATHER
from services.platform.notices.actions.webhooks import secrets_of
from services.platform.notices.models.letters import LETTERS, SITE
from services.platform.notices.sending import mails
from services.platform.notices.sending.calling import Call, call
from services.platform.notices.sending.mail_server import MailServer
from services.platform.notices.sending.outcome import NotSent
from services.platform.notices.sending.outside import Outside

JOBS: Final[Mapping[str, Job]] = {GATHER: gather}
Row = asyncpg.Record
Send = Callable[[], Awaitable[None]]
Count = Callable[[str, Carried], None]
"""Of a channel and what came of a try."""

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("services.platform.notices")


class Unwanted(Exception):
    """Nobody waits for it any more, or there is no such channel here; the text is a code."""


def _uncounted(_: str, __: Carried) -> None: ...


def errands(outside: Outside, count: Count = _uncounted) -> Mapping[str, Errand]:
    """What is done outside transactions, with the servers of `outside`; `count` hears how each try went."""

    async def deliver(tenants: Database, tenant_id: uuid.UUID, key: uuid.UUID) -> datetime | None:
        async with tenants.work(tenant_id, SYSTEM) as work:
            row = await deliveries.begin(work, key, lambda channel: count(channel, "dead"))
            kinds = {} if row is None or row["channel"] != "digest" else await kinds_of(work, key)
        if row is None:
            return None
        outcome, again = await _carry(tenants, outside, row, kinds)
        count(row["channel"], outcome)
        return again

    return {DELIVER: deliver}


async def _carry(
    tenants: Database, outside: Outside, row: Row, kinds: Mapping[str, int]
) -> tuple[Carried, datetime | None]:
    """Sends it and writes down what came of it; when to try again, if ever."""
    code, final, skipped = "sent", True, False
    try:
        await _send(outside, row, kinds, tenants.clock())
    except NotSent as refused:
        code, final = refused.code, refused.final or row["attempts"] >= deliveries.MOST_ATTEMPTS
    except Unwanted as unwanted:
        code, skipped = str(unwanted), True
    except (Unreadable, KeyErased, KeyMissing):
        code = "key"
    _log.info("delivery", channel=row["channel"], attempt=row["attempts"], code=code)
    async with tenants.work(row["tenant_id"], SYSTEM) as work:
        if code == "sent":
            await deliveries.sent(work, row)
            return "sent", None
        if skipped:
            await deliveries.skip(work, row, code)
            return "skipped", None
        if final:
            await deliveries.give_up(work, row, code)
            return "dead", None
        return "retried", await deliveries.put_off(work, row, code)


async def _send(outside: Outside, row: Row, kinds: Mapping[str, int], at: datetime) -> None:
    """Raises NotSent, Unwanted; Unreadable, KeyErased, KeyMissing where its secret cannot be opened."""
    if row["channel"] == "webhook":
        await _webhook(outside, row, at)
    elif outside.mail is None:
        if row["channel"] == "letter":  # somebody waits for it: the operator must see it
            raise NotSent("no_mail_server", final=True)
        raise Unwanted("no_mail_server")
    else:
        await _mail(outside, outside.mail, row, kinds, at)


async def _mail(
    outside: Outside, server: MailServer, row: Row, kinds: Mapping[str, int], at: datetime
) -> None:
    to, words = await _letter(outside, row) if row["channel"] == "letter" else _notice(outside, row, kinds)
    made = mails.mail(words, sender=server.sender, to=to, delivery=row["id"], at=at)
    await server.send(made, outside.trust)


async def _letter(outside: Outside, row: Row) -> tuple[str, mails.Words]:
    letter = LETTERS.get(row["kind"])
    if letter is None:
        raise NotSent("unknown_letter", final=True)
    said = unseal(await outside.vault.of_tenant(row["tenant_id"]), row["id"], row["sealed"])
    values = {**said.values, SITE: outside.site(row["slug"])}
    return said.to, mails.of_letter(letter, row["language"], values)


def _notice(outside: Outside, row: Row, kinds: Mapping[str, int]) -> tuple[str, mails.Words]:
    if not row["is_active"] or row["email"] is None:
        raise Unwanted("no_address")
    about = (row["language"], row["platform"], outside.platform_url(row["slug"]))
    if row["channel"] == "mail":
        return row["email"], mails.of_notice(row["kind"], *about)
    if not kinds:
        raise Unwanted("all_read")
    return row["email"], mails.of_digest(kinds, *about)


async def _webhook(outside: Outside, row: Row, at: datetime) -> None:
    if row["webhook_state"] != "active":
        raise Unwanted("no_webhook")
    sealer = await outside.vault.of_tenant(row["tenant_id"])
    said = Call(
        url=row["url"],
        secrets=secrets_of(sealer, row, at),
        delivery=row["id"],
        kind=row["kind"],
        about=row["about"],
        happened_at=row["created_at"],
    )
    await call(said, at, outside.trust, private=outside.private_webhooks)

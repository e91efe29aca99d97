"""The sender's caseworker sends the recipient a link to answer by, and takes it back."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation, platform_settings
from services.platform.links.actions.ends import end_links
from services.platform.links.actions.mailing import mail_link
from services.platform.links.letters import LINK_LETTER
from services.platform.links.models import Key, answer_link, new_code
from services.platform.referrals.models import referral


@dataclass(frozen=True, slots=True)
class Sent:
    """`code` is for the sender to tell by telephone, where the platform does it so; shown once."""

    referral_id: uuid.UUID
    code: str | None = field(repr=False)


async def send_answer_link(acting: Acting, identity: uuid.UUID | None, version: int) -> Sent:
    """Mails the link to the recipient's registered work address and nowhere else; an earlier one ends.

    Raises NotFound, NotAllowed, StaleVersion, WrongState.
    """
    row = await acting.find("referral", referral, identity, action="send_answer_link", version=version)
    return Sent(row["id"], await post_link(acting, row, LINK_LETTER))


async def post_link(
    acting: Acting, row: asyncpg.Record, letter: str, *, by_itself: bool = False
) -> str | None:
    """Makes the link and mails it in that letter: the code to tell by telephone, where it is told so."""
    work, hours = acting.work, (await _rules(acting))["answer_link_hours"]
    await end_links(work, row["id"], "replaced")
    key = Key.new(uuid7())
    way = await _code_by(acting, row["recipient_id"])
    code = new_code() if way == "telephone" else None
    until = _until(row, work.now + timedelta(hours=hours), work.now)
    await work.insert(
        answer_link,
        id=key.link_id,
        referral_id=row["id"],
        organisation_id=row["recipient_id"],
        made_by_id=None if by_itself else acting.viewer.person_id,
        secret_hash=key.hash(work.tenant_id),
        created_at=work.now,
        expires_at=until,
        code_by=way,
        code_hash=None if code is None else key.code_hash(code),
        code_until=None if code is None else until,
    )
    await mail_link(acting, row["recipient_id"], key, until, letter)
    by = "platform" if by_itself else "sender"
    work.record("send_answer_link", "referral", row["id"], link=str(key.link_id), by=by)
    return code


async def revoke_answer_link(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The link opens nothing any more. Raises NotFound (also without a link), NotAllowed, StaleVersion,
    WrongState."""
    row = await acting.find("referral", referral, identity, action="revoke_answer_link", version=version)
    await end_links(acting.work, row["id"], "revoked")
    acting.work.record("revoke_answer_link", "referral", row["id"])
    return row["id"]


def _until(row: asyncpg.Record, latest: datetime, now: datetime) -> datetime:
    """Never past the day of the answer; one that is overdue already is open until it expires itself."""
    due: datetime | None = row["due_at"]
    return latest if due is None or due <= now else min(latest, due)


async def _code_by(acting: Acting, recipient: uuid.UUID) -> str:
    """By telephone too where the address was registered on the organisation's behalf: whoever runs the
    platform must not be able to open a story by naming a mailbox of their own."""
    own = await acting.work.one(OWN_ADDRESS, id=recipient)
    return "telephone" if own is None else (await _rules(acting))["answer_link_code"]


async def _rules(acting: Acting) -> asyncpg.Record:
    found = await acting.work.one(RULES)
    if found is None:
        raise LookupError("every platform has its settings")
    return found


OWN_ADDRESS = Statement(
    sa.select(organisation.c.id).where(
        organisation.c.tenant_id == TENANT,
        organisation.c.id == parameter(organisation.c.id),
        organisation.c.work_email_own,
    )
)
RULES = Statement(
    sa.select(platform_settings.c.answer_link_hours, platform_settings.c.answer_link_code).where(
        platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT
    )
)

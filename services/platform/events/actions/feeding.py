"""Calendars to subscribe to: a link is made once and can be revoked; it shows what its person may see."""

import secrets
import uuid
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from libs.errors.problems import NotAllowed, TooMuch
from libs.persistence.sealing.vault import Sealer
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import person
from services.platform.events.models.feeds import calendar_feed
from services.platform.groups.models import working_group

SECRET_BYTES: Final = 32
MOST_FEEDS: Final = 10


@dataclass(frozen=True, slots=True)
class NewFeed:
    """`secret` is shown this once."""

    feed_id: uuid.UUID
    secret: str = field(repr=False)


async def create(acting: Acting, scope: str, working_group_id: uuid.UUID | None) -> NewFeed:
    """Raises NotAllowed, NotFound for a working group that is none, TooMuch."""
    acting.require("calendar_feed", "keep_calendar_feed", "self")
    work, viewer = acting.work, acting.viewer
    if viewer.person_id is None or viewer.organisation_id is None:
        raise NotAllowed
    group: uuid.UUID | None = None
    if scope == "group":
        group = (await acting.see("working_group", working_group, working_group_id))["id"]
    live = await work.rows(LIVE, person_id=viewer.person_id)
    if len(live) >= MOST_FEEDS:
        raise _too_many()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = await work.insert(
        calendar_feed,
        person_id=viewer.person_id,
        organisation_id=viewer.organisation_id,
        scope=scope,
        working_group_id=group,
        secret_hash=hash_of(await acting.vault.of_tenant(work.tenant_id), secret),
        created_at=work.now,
    )
    work.record("keep_calendar_feed", "calendar_feed", made, scope=scope)
    return NewFeed(made, secret)


async def revoke(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """The link opens nothing from now on. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find(
        "calendar_feed", calendar_feed, identity, action="revoke_calendar_feed", version=version
    )
    await acting.work.one(REVOKE, id=row["id"])
    acting.work.record("revoke_calendar_feed", "calendar_feed", row["id"])
    return row["id"]


def hash_of(own: Sealer, secret: str) -> bytes:
    """By which the feed of a link is found."""
    return own.mark("calendar feed", secret)


def _too_many() -> TooMuch:
    return TooMuch(
        "calendarFeeds",
        f"カレンダーのリンクは{MOST_FEEDS}本までです。使わないものを無効にしてください。",
        f"At most {MOST_FEEDS} links. Revoke one that you do not use.",
    )


LIVE = Statement(
    sa.select(calendar_feed.c.id)
    .where(
        calendar_feed.c.tenant_id == TENANT,
        calendar_feed.c.person_id == parameter(calendar_feed.c.person_id),
        calendar_feed.c.revoked_at.is_(None),
    )
    .with_for_update()
)
REVOKE = Statement(
    sa.update(calendar_feed)
    .where(calendar_feed.c.tenant_id == TENANT, calendar_feed.c.id == parameter(calendar_feed.c.id))
    .values(
        revoked_at=sa.bindparam("viewer_now", type_=calendar_feed.c.revoked_at.type),
        version=calendar_feed.c.version + 1,
    )
    .returning(calendar_feed.c.id)
)
BY_SECRET = Statement(
    sa.select(
        calendar_feed.c.scope,
        calendar_feed.c.working_group_id,
        calendar_feed.c.organisation_id,
        person.c.issuer,
        person.c.subject,
    )
    .join(person, sa.and_(person.c.tenant_id == TENANT, person.c.id == calendar_feed.c.person_id))
    .where(
        calendar_feed.c.tenant_id == TENANT,
        calendar_feed.c.secret_hash == parameter(calendar_feed.c.secret_hash),
        calendar_feed.c.revoked_at.is_(None),
    )
)

"""Telling people: a row in each one's inbox, in the transaction of what happened, and what follows from it.

A notice exists if and only if the change does. It says a kind and an id: who may not open the object learns
nothing more from it.
"""

import uuid
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.predicates import ASKER
from libs.reading import ids
from libs.tenancy.models import membership, organisation, person
from services.platform.members.models import a_coordinator
from services.platform.notices.actions.audiences import (
    Audience,
    coordinators,
    found,
    of_organisation,
    of_organisations,
    people,
)
from services.platform.notices.actions.mornings import next_morning
from services.platform.notices.models import notice, notice_delivery, notice_preference, webhook
from services.platform.notices.models.kinds import KINDS

__all__ = ["Audience", "coordinators", "of_organisation", "of_organisations", "people", "tell"]

INBOX: Final = "inbox"
DELIVER: Final = "notices.deliver"
GATHER: Final = "notices.gather"


async def tell(
    work: Work, kind: str, about: tuple[str, uuid.UUID], *audiences: Audience, actor_too: bool = False
) -> None:
    """Tells everybody of the audiences once; `about` is (prefix of its ids, id).

    Who acts knows what they did, and is told only with `actor_too`: of what came of it that they cannot know.

    Raises KeyError for a kind that is not on the list.
    """
    told = await _write(work, kind, ids.encode(*about), audiences, actor_too=actor_too)
    for each in told:
        work.tell(INBOX, each["person_id"])
    await _mail(work, told)
    await _call(work, kind, ids.encode(*about), audiences)


async def _write(
    work: Work, kind: str, about: str, audiences: Sequence[Audience], *, actor_too: bool
) -> Sequence[asyncpg.Record]:
    values: dict[str, object] = {
        f"{name}_{number}": value
        for number, audience in enumerate(audiences)
        for name, value in audience.values.items()
    }
    usual = "now" if KINDS[kind].urgent else "digest"
    statement = _telling(tuple(each.shape for each in audiences), KINDS[kind].group, actor_too)
    return await work.rows(statement, kind=kind, about=about, usual=usual, **values)


async def _mail(work: Work, told: Sequence[asyncpg.Record]) -> None:
    """Mail at once for some, the next morning's digest for others."""
    at_once = [each["id"] for each in told if each["mail"] == "now"]
    if at_once:
        await work.rows(MAIL, notices=at_once)
        for each in at_once:
            work.later(DELIVER, each, work.now)
    gathering = [each["person_id"] for each in told if each["mail"] == "digest"]
    if gathering:
        new = [each["id"] for each in told]
        waiting = {row["person_id"] for row in await work.rows(GATHERED, people=gathering, new=new)}
        # whoever has something waiting has a gathering ahead, which goes on until it finds nothing
        first = [each for each in gathering if each not in waiting]
        for each in first:
            work.later(GATHER, each, next_morning(work.now))


async def _call(work: Work, kind: str, about: str, audiences: Sequence[Audience]) -> None:
    """The webhooks of the organisations told, and the platform's own where its coordinators are."""
    organisations = [identity for each in audiences for identity in each.organisations]
    platform = any(each.shape == "coordinators" for each in audiences)
    if organisations or platform:
        made = await work.rows(CALL, kind=kind, about=about, organisations=organisations, platform=platform)
        for each in made:
            work.later(DELIVER, each["id"], work.now)


@lru_cache(maxsize=128)
def _telling(shapes: tuple[str, ...], group: str, actor_too: bool) -> Statement:
    audience = sa.union_all(*(found(shape, number) for number, shape in enumerate(shapes))).subquery(
        "audience"
    )
    chosen = sa.func.coalesce(notice_preference.c[f"mail_{group}"], sa.bindparam("usual", type_=sa.Text()))
    mail = sa.case((person.c.email.is_(None), sa.literal("none")), else_=chosen)
    readers = (
        sa.select(
            parameter(notice.c.tenant_id, "viewer_tenant"),
            sa.func.uuidv7(),
            person.c.id,
            parameter(notice.c.kind),
            parameter(notice.c.about),
            mail,
            ASKER.now,
        )
        .select_from(person)
        .outerjoin(
            notice_preference,
            sa.and_(notice_preference.c.tenant_id == TENANT, notice_preference.c.id == person.c.id),
        )
        .where(
            person.c.tenant_id == TENANT,
            person.c.status == sa.literal("active"),
            sa.true() if actor_too else person.c.id.is_distinct_from(ASKER.person),
            person.c.id.in_(sa.select(audience.c[0])),
        )
    )
    columns = ["tenant_id", "id", "person_id", "kind", "about", "mail", "created_at"]
    return Statement(
        sa.insert(notice)
        .from_select(columns, readers)
        .returning(notice.c.id, notice.c.person_id, notice.c.mail)
    )


_NOTICES: Final[Any] = sa.bindparam("notices", type_=ARRAY(sa.Uuid()))
MAIL = Statement(
    # a mail at once is one notice's, and has its id
    sa.insert(notice_delivery)
    .from_select(
        ["tenant_id", "id", "channel", "person_id", "kind", "about", "created_at"],
        sa.select(
            notice.c.tenant_id,
            notice.c.id,
            sa.literal("mail"),
            notice.c.person_id,
            notice.c.kind,
            notice.c.about,
            notice.c.created_at,
        ).where(notice.c.tenant_id == TENANT, notice.c.id == sa.any_(_NOTICES)),
    )
    .returning(notice_delivery.c.id)
)
GATHERED = Statement(
    sa.select(notice.c.person_id)
    .distinct()
    .where(
        notice.c.tenant_id == TENANT,
        notice.c.person_id == sa.any_(sa.bindparam("people", type_=ARRAY(sa.Uuid()))),
        notice.c.mail == sa.literal("digest"),
        notice.c.digest_id.is_(None),
        notice.c.id != sa.all_(sa.bindparam("new", type_=ARRAY(sa.Uuid()))),
    )
)
_of_a_member = sa.exists(
    sa.select(organisation.c.id).where(
        organisation.c.tenant_id == TENANT,
        organisation.c.id == webhook.c.organisation_id,
        organisation.c.status == sa.literal("active"),
    )
)
_of_told = sa.and_(
    sa.not_(webhook.c.of_platform),
    webhook.c.organisation_id == sa.any_(sa.bindparam("organisations", type_=ARRAY(sa.Uuid()))),
)
_of_platform = sa.and_(
    webhook.c.of_platform,
    sa.bindparam("platform", type_=sa.Boolean()),
    a_coordinator(ASKER, membership.c.organisation_id == webhook.c.organisation_id),
)
CALL = Statement(
    sa.insert(notice_delivery)
    .from_select(
        ["tenant_id", "id", "channel", "webhook_id", "kind", "about", "created_at"],
        sa.select(
            webhook.c.tenant_id,
            sa.func.uuidv7(),
            sa.literal("webhook"),
            webhook.c.id,
            parameter(notice_delivery.c.kind),
            parameter(notice_delivery.c.about),
            ASKER.now,
        ).where(
            webhook.c.tenant_id == TENANT,
            webhook.c.state == sa.literal("active"),
            _of_a_member,
            sa.or_(_of_told, _of_platform),
        ),
    )
    .returning(notice_delivery.c.id)
)

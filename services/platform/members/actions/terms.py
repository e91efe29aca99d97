"""Terms of representatives: from when and until when an organisation sends somebody, and who comes after.

A term that is over takes nothing away: an organisation without anybody to speak for it would be stuck. Before
it ends the representative and the coordinator are told, and the representative hands over.
"""

import datetime as dt
import uuid
from typing import Any, Final

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.errors.problems import InvalidInput, NotFound
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, organisation
from libs.tenancy.viewer import JAPAN
from services.platform.members.models import live

TERM_ENDS: Final = "membership_term_ends"
TOLD_BEFORE: Final = dt.timedelta(days=30)
REPRESENTATIVE: Final = "representative"


async def set_term(
    acting: Acting,
    organisation_id: uuid.UUID | None,
    person_id: uuid.UUID | None,
    from_on: dt.date | None,
    until_on: dt.date | None,
) -> uuid.UUID:
    """Of somebody who represents the organisation. Raises NotFound, NotAllowed, InvalidInput."""
    row = await acting.find("organisation", organisation, organisation_id, action="set_term")
    held = await _representing(acting, row["id"], person_id)
    if from_on and until_on and until_on < from_on:
        raise _backwards()
    await _keep(acting, held, sorted(held["roles"]), from_on, until_on)
    acting.work.record("set_term", "person", held["person_id"], organisation=str(row["id"]))
    return held["person_id"]


async def hand_over(
    acting: Acting,
    organisation_id: uuid.UUID | None,
    predecessor: uuid.UUID | None,
    successor: uuid.UUID | None,
    until_on: dt.date | None,
) -> uuid.UUID:
    """The successor, who acts for the organisation already, represents it from today in their stead.

    What the predecessor does besides (desk, cases) stays. Raises NotFound, NotAllowed, InvalidInput.
    """
    row = await acting.find("organisation", organisation, organisation_id, action="hand_over")
    before = await _representing(acting, row["id"], predecessor)
    after = successor and await acting.work.one(HELD, organisation_id=row["id"], person_id=successor)
    if not after or after["id"] == before["id"]:
        raise NotFound
    today = acting.work.now.astimezone(JAPAN).date()
    if until_on and until_on < today:
        raise _backwards()
    others = sorted(role for role in before["roles"] if role != REPRESENTATIVE)
    await _keep(acting, before, others, before["term_from"], min(before["term_until"] or today, today))
    await _keep(acting, after, sorted({*after["roles"], REPRESENTATIVE}), today, until_on)
    acting.work.record(
        "hand_over",
        "person",
        after["person_id"],
        organisation=str(row["id"]),
        predecessor=str(before["person_id"]),
    )
    return after["person_id"]


async def _representing(
    acting: Acting, organisation_id: uuid.UUID, person_id: uuid.UUID | None
) -> asyncpg.Record:
    held = person_id and await acting.work.one(HELD, organisation_id=organisation_id, person_id=person_id)
    if not held or REPRESENTATIVE not in held["roles"]:
        raise NotFound("この団体の代表者ではありません。", "This person does not represent the organisation.")
    return held


async def _keep(
    acting: Acting,
    held: asyncpg.Record,
    roles: list[str],
    from_on: dt.date | None,
    until_on: dt.date | None,
) -> None:
    if from_on and until_on and until_on < from_on:
        from_on = until_on
    await acting.work.one(KEEP, id=held["id"], roles=roles, term_from=from_on, term_until=until_on)
    if until_on is not None and REPRESENTATIVE in roles:
        midnight = dt.datetime.combine(until_on - TOLD_BEFORE, dt.time(), JAPAN)
        acting.work.later(TERM_ENDS, held["id"], max(midnight, acting.work.now))


def _backwards() -> InvalidInput:
    return InvalidInput(
        "untilOn",
        "任期の末日は、初日より後で、今日以降の日にしてください。",
        "The last day of a term comes after its first, and not before today.",
        detail="BEFORE",
    )


HELD = Statement(
    sa.select(membership)
    .where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.organisation_id == parameter(membership.c.organisation_id),
        membership.c.person_id == parameter(membership.c.person_id),
    )
    .with_for_update()
)
_ROLES: Final[Any] = sa.bindparam("roles", type_=ARRAY(sa.Text()))
KEEP = Statement(
    sa.update(membership)
    .where(membership.c.tenant_id == TENANT, membership.c.id == parameter(membership.c.id))
    .values(
        roles=_ROLES,
        term_from=parameter(membership.c.term_from),
        term_until=parameter(membership.c.term_until),
        version=membership.c.version + 1,
    )
)

"""Bringing a referral before the statutory council, and assigning its members (art. 16 of the Act)."""

import uuid
from collections.abc import Sequence

import asyncpg
import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, InvalidInput, NotFound
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import organisation
from services.platform.councils.models import council, council_member, listed_today
from services.platform.notices.actions.telling import of_organisation, tell
from services.platform.referrals.actions.bodies import refuse_own
from services.platform.referrals.actions.holding_first import hold_of_item
from services.platform.referrals.actions.moving import Referral
from services.platform.referrals.actions.packages import Ground, freeze, minimum
from services.platform.referrals.basis_steps import sender_not_listed
from services.platform.referrals.models import codes, council_assignment, council_item, referral


async def bring_to_council(
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    council_id: uuid.UUID | None,
    items: Sequence[str],
) -> uuid.UUID:
    """Makes it an item of the council, of which the sender is a published member; the coordinating agency,
    which keeps track of every item (art. 17(2)), is assigned at once. Answers the item.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, AlreadyExists, InvalidInput.
    """
    row = await acting.find("referral", referral, identity, action="bring_to_council", version=version)
    body = await acting.see("council", council, council_id)
    if await _listed(acting, body["id"], row["sender_id"]) is None:
        raise sender_not_listed()
    needed = minimum(items, codes.ITEMS)
    made = await acting.work.insert(
        council_item,
        council_id=body["id"],
        referral_id=row["id"],
        brought_by_id=row["sender_id"],
        items=needed,
        created_at=acting.work.now,
    )
    acting.work.record("bring_to_council", "council_item", made, referral=str(row["id"]))
    agency = body["coordinating_agency_id"]
    if agency is not None and agency != row["sender_id"]:
        named = await _listed(acting, body["id"], agency)
        # a company opens things by consent alone
        if named is not None and named["kind"] != "company":
            await _assign(acting, made, row, named, needed)
    return made


async def assign_item(
    acting: Acting, identity: uuid.UUID | None, organisation_id: uuid.UUID | None
) -> uuid.UUID:
    """Assigns a published member, for whom the item's package is frozen.

    Raises NotFound, NotAllowed, WrongState, AlreadyExists, InvalidInput.
    """
    await hold_of_item(acting, identity)
    item = await acting.find("council_item", council_item, identity, action="assign_item")
    named = None if organisation_id is None else await _listed(acting, item["council_id"], organisation_id)
    if named is None:
        raise InvalidInput(
            "organisationId",
            "担当できるのは、本日、公示された構成機関等だけです。",
            "Only an announced member of today can be assigned.",
            detail="NOT_LISTED",
        )
    if named["kind"] == "company":
        raise _no_company()
    await refuse_own(acting, named["id"])
    of = await acting.work.one(REFERRAL, id=item["referral_id"])
    if of is None:
        raise NotFound
    await _assign(acting, item["id"], of, named, item["items"])
    return item["id"]


async def unassign_item(
    acting: Acting, identity: uuid.UUID | None, organisation_id: uuid.UUID | None
) -> uuid.UUID:
    """From the commit on nothing of it opens to that member. Raises NotFound, NotAllowed, WrongState."""
    item = await acting.find("council_item", council_item, identity, action="unassign_item")
    ended = organisation_id and await acting.work.one(
        UNASSIGN, council_item_id=item["id"], organisation_id=organisation_id
    )
    if not ended:
        raise NotFound
    acting.work.record("unassign_item", "council_item", item["id"], organisation=str(organisation_id))
    about = ("council_item", item["id"])
    await tell(
        acting.work, "basis_fell", about, of_organisation(ended["organisation_id"], "desk", "caseworker")
    )
    return item["id"]


async def _assign(
    acting: Acting, item_id: uuid.UUID, row: Referral, body: asyncpg.Record, items: Sequence[str]
) -> None:
    try:
        await acting.work.insert(
            council_assignment,
            council_item_id=item_id,
            organisation_id=body["id"],
            created_at=acting.work.now,
        )
    except asyncpg.UniqueViolationError as error:
        raise AlreadyExists(
            "この団体は、すでにこの案件を担当しています。", "This member is assigned to the item already."
        ) from error
    if body["id"] != row["sender_id"]:
        await freeze(acting, row, Ground("council_exchange", item_id, items), body)
    acting.work.record("assign_item", "council_item", item_id, organisation=str(body["id"]))
    about = ("council_item", item_id)
    await tell(acting.work, "council_assigned", about, of_organisation(body["id"], "desk", "caseworker"))


async def _listed(acting: Acting, council_id: uuid.UUID, body: uuid.UUID) -> asyncpg.Record | None:
    today = acting.viewer.places(acting.work.now)["viewer_today"]
    return await acting.work.one(LISTED, council_id=council_id, organisation_id=body, viewer_today=today)


def _no_company() -> InvalidInput:
    return InvalidInput(
        "organisationId",
        "企業への提供は、本人の同意によってください。",
        "To a company only a consent opens anything.",
        detail="COMPANY_NEEDS_CONSENT",
    )


LISTED = Statement(
    sa.select(organisation.c.id, organisation.c.kind)
    .join(
        council_member,
        sa.and_(
            listed_today(council_member, ASKER),
            council_member.c.tenant_id == TENANT,
            council_member.c.organisation_id == organisation.c.id,
        ),
    )
    .where(
        organisation.c.tenant_id == TENANT,
        organisation.c.id == parameter(organisation.c.id, "organisation_id"),
        council_member.c.council_id == parameter(council_member.c.council_id),
    )
)
REFERRAL = Statement(
    sa.select(referral).where(referral.c.tenant_id == TENANT, referral.c.id == parameter(referral.c.id))
)
UNASSIGN = Statement(
    sa.update(council_assignment)
    .where(
        council_assignment.c.tenant_id == TENANT,
        council_assignment.c.council_item_id == parameter(council_assignment.c.council_item_id),
        council_assignment.c.organisation_id == parameter(council_assignment.c.organisation_id),
        council_assignment.c.ended_at.is_(None),
    )
    .values(ended_at=sa.bindparam("viewer_now", type_=council_assignment.c.ended_at.type))
    .returning(council_assignment.c.organisation_id)
)

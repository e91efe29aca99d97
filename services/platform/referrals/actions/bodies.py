"""The organisations and people whom an action names: looked up, or refused in words that tell no more."""

import uuid
from collections.abc import Sequence

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.errors.problems import InvalidInput, NotFound
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, organisation, person
from services.platform.members.models import live
from services.platform.referrals.guards import no_recipient


async def member(acting: Acting, identity: uuid.UUID | None) -> asyncpg.Record:
    """An active member of the platform with its kind. Raises NotFound."""
    found = None if identity is None else await acting.work.one(MEMBER, id=identity)
    if found is None:
        raise no_recipient()
    return found


async def check_members(acting: Acting, recipients: Sequence[uuid.UUID]) -> None:
    """Raises NotFound."""
    for each in recipients:
        if await acting.work.one(MEMBER, id=each) is None:
            raise NotFound(
                "提供先の団体が見つかりません。会員の団体を指定してください。",
                "A recipient is not found. Name organisations that are members.",
            )


async def people_of_government(acting: Acting, people: Sequence[uuid.UUID]) -> Sequence[asyncpg.Record]:
    """(person_id, organisation_id) of each place that they have. Raises InvalidInput where one has none."""
    found = await acting.work.rows(OF_GOVERNMENT, people=list(people))
    if {row["person_id"] for row in found} != set(people):
        raise InvalidInput(
            "personIds",
            "緊急開示で名指しできるのは、行政に所属する人だけです。",
            "Only people of government can be named.",
            detail="NOT_GOVERNMENT",
        )
    return found


async def refuse_own(acting: Acting, organisation_id: uuid.UUID) -> None:
    """Nobody who runs the platform lets their own organisation into a story that waits already: another
    coordinator does, or the sender, who chooses a sitting by whom it was called with. Raises InvalidInput."""
    places = {"person_id": acting.viewer.person_id, "organisation_id": organisation_id}
    if await acting.work.one(ACTS_FOR, **places) is not None:
        raise InvalidInput(
            "organisationId",
            "自分の所属する団体を、すでにかけられた案件に加えることはできません。ほかの事務局担当に依頼してください。",
            "You cannot let your own organisation into what was brought already. Ask another coordinator to.",
            detail="OWN_ORGANISATION",
        )


def references_of(given: Sequence[uuid.UUID | None], field: str) -> list[uuid.UUID]:
    """Each once, in order. Raises InvalidInput for none at all or another type's id."""
    if not given or None in given:
        raise InvalidInput(
            field, f"「{field}」にIDを指定してください。", f"'{field}' needs ids.", detail="REQUIRED"
        )
    return list(dict.fromkeys(each for each in given if each is not None))


MEMBER = Statement(
    sa.select(organisation.c.id, organisation.c.kind).where(
        organisation.c.tenant_id == TENANT,
        organisation.c.id == parameter(organisation.c.id),
        organisation.c.status == "active",
    )
)
ACTS_FOR = Statement(
    sa.select(membership.c.id).where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.person_id == parameter(membership.c.person_id),
        membership.c.organisation_id == parameter(membership.c.organisation_id),
    )
)
OF_GOVERNMENT = Statement(
    sa.select(membership.c.person_id, membership.c.organisation_id)
    .join(
        organisation,
        sa.and_(organisation.c.tenant_id == TENANT, organisation.c.id == membership.c.organisation_id),
    )
    .join(person, sa.and_(person.c.tenant_id == TENANT, person.c.id == membership.c.person_id))
    .where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.person_id == sa.any_(sa.bindparam("people", type_=ARRAY(sa.Uuid()))),
        organisation.c.kind == "government",
        organisation.c.status == "active",
        person.c.status == "active",
    )
    .order_by(membership.c.organisation_id, membership.c.person_id)
)

"""Who keeps a case: a caseworker of its organisation. It opens nothing: a case is read by role."""

import uuid

import sqlalchemy as sa

from libs.errors.problems import NotFound
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, person
from services.platform.members.models import live
from services.platform.notices.actions.telling import people, tell
from services.platform.referrals.models import case_file


async def assign_case(
    acting: Acting, identity: uuid.UUID | None, version: int, person_id: uuid.UUID | None
) -> uuid.UUID:
    """The desk hands the case to somebody, or a caseworker takes it, say of one who left.

    Raises NotFound (also for somebody who is no caseworker of the case's organisation), NotAllowed,
    StaleVersion, WrongState for a closed case.
    """
    row = await acting.find("case", case_file, identity, action="assign_case", version=version)
    work = acting.work
    chosen = person_id and await work.one(CASEWORKER, id=person_id, organisation_id=row["organisation_id"])
    if not chosen:
        raise NotFound(
            "担当者が見つかりません。自団体の支援担当の人を指定してください。",
            "No caseworker of your organisation has this id. Name one who acts for it.",
        )
    await work.one(KEEP, id=row["id"], caseworker_id=chosen["id"])
    work.record("assign_case", "case", row["id"], caseworker=str(chosen["id"]))
    await tell(work, "case_assigned", ("case", row["id"]), people(chosen["id"]))
    return row["id"]


CASEWORKER = Statement(
    sa.select(person.c.id)
    .join(
        membership,
        sa.and_(live(ASKER), membership.c.tenant_id == TENANT, membership.c.person_id == person.c.id),
    )
    .where(
        person.c.tenant_id == TENANT,
        person.c.id == parameter(person.c.id),
        person.c.status == sa.literal("active"),
        membership.c.organisation_id == parameter(membership.c.organisation_id),
        sa.literal("caseworker") == sa.any_(membership.c.roles),
    )
)
KEEP = Statement(
    sa.update(case_file)
    .where(case_file.c.tenant_id == TENANT, case_file.c.id == parameter(case_file.c.id))
    .values(
        caseworker_id=parameter(case_file.c.caseworker_id),
        version=case_file.c.version + 1,
        updated_at=sa.bindparam("viewer_now", type_=case_file.c.updated_at.type),
    )
    .returning(case_file.c.id)
)

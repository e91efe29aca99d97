"""Which class of members an organisation has: the coordinator's to give."""

import uuid

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation
from services.platform.admission.actions.classes import given_to


async def set_class(
    acting: Acting,
    identity: uuid.UUID | None,
    version: int,
    wanted: uuid.UUID | None,
    *,
    takes_away: bool,
) -> uuid.UUID:
    """Raises NotFound (the organisation or the class), NotAllowed, StaleVersion, WrongState, InvalidInput."""
    row = await acting.find(
        "organisation", organisation, identity, action="set_member_class", version=version
    )
    chosen = None if takes_away else await given_to(acting, wanted, row["kind"])
    await acting.work.one(SET, id=row["id"], member_class_id=chosen)
    acting.work.record("set_member_class", "organisation", row["id"], member_class=chosen and str(chosen))
    return row["id"]


SET = Statement(
    sa.update(organisation)
    .where(organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id))
    .values(member_class_id=parameter(organisation.c.member_class_id), version=organisation.c.version + 1)
)

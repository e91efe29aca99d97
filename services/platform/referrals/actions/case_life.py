"""A case is closed when nothing of it is under way, and can be taken up again."""

import uuid

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.viewer import JAPAN
from services.platform.referrals.models import case_file


async def close_case(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState (closed, or a referral of it is live)."""
    row = await acting.find("case", case_file, identity, action="close_case", version=version)
    today = acting.work.now.astimezone(JAPAN).date()
    await acting.work.one(SET_STATE, id=row["id"], state="closed", closed_on=today)
    acting.work.record("close_case", "case", row["id"])
    return row["id"]


async def reopen_case(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    row = await acting.find("case", case_file, identity, action="reopen_case", version=version)
    await acting.work.one(SET_STATE, id=row["id"], state="open", closed_on=None)
    acting.work.record("reopen_case", "case", row["id"])
    return row["id"]


SET_STATE = Statement(
    sa.update(case_file)
    .where(case_file.c.tenant_id == TENANT, case_file.c.id == parameter(case_file.c.id))
    .values(
        state=parameter(case_file.c.state),
        closed_on=parameter(case_file.c.closed_on),
        version=case_file.c.version + 1,
        updated_at=sa.bindparam("viewer_now", type_=case_file.c.updated_at.type),
    )
    .returning(case_file.c.id)
)

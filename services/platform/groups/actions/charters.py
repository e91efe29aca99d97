"""A group's charter: its text and its quorum; each that is adopted stays to be read."""

import uuid

import sqlalchemy as sa

from libs.errors.problems import NotAllowed
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.groups.models import charter, working_group
from services.platform.inputs import required

BODY_LENGTH = 20_000


async def adopt(acting: Acting, group_id: uuid.UUID | None, body: str, quorum: str) -> uuid.UUID:
    """The next version. The group's row is locked: versions come one after another.

    Raises NotFound, NotAllowed, InvalidInput, WrongState.
    """
    group = await acting.find("working_group", working_group, group_id, action="adopt_charter")
    work = acting.work
    if acting.viewer.person_id is None:
        raise NotAllowed
    last = await work.one(LAST, working_group_id=group["id"])
    made = await work.insert(
        charter,
        working_group_id=group["id"],
        number=1 if last is None else last["number"] + 1,
        body=required(body, "body", BODY_LENGTH, multiline=True),
        quorum=quorum,
        author_id=acting.viewer.person_id,
        created_at=work.now,
    )
    work.record("adopt_charter", "charter", made, working_group=str(group["id"]), quorum=quorum)
    return made


LAST = Statement(
    sa.select(charter.c.number)
    .where(
        charter.c.tenant_id == TENANT,
        charter.c.working_group_id == parameter(charter.c.working_group_id),
    )
    .order_by(charter.c.number.desc())
    .limit(sa.literal_column("1"))
)

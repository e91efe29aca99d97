"""How far a person has read in a group: one mark, which only goes forward."""

import uuid

from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from libs.errors.problems import NotAllowed
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from services.platform.groups.models import group_reading, post


async def mark(acting: Acting, post_id: uuid.UUID | None) -> uuid.UUID:
    """Everything in its group up to this post has been read; answers the group. Raises NotFound."""
    row = await acting.see("post", post, post_id)
    person = acting.viewer.person_id
    if person is None:
        raise NotAllowed
    group: uuid.UUID = row["working_group_id"]
    place = {"person_id": person, "working_group_id": group, "read_through": row["id"]}
    await acting.work.one(MARK, id=uuid7(), **place)
    return group


_given = insert(group_reading).values(
    {
        name: TENANT if name == "tenant_id" else parameter(group_reading.c[name])
        for name in group_reading.c.keys()  # noqa: SIM118 - SQLAlchemy's collection iterates over columns
    }
)
MARK = Statement(
    _given.on_conflict_do_update(
        index_elements=["tenant_id", "person_id", "working_group_id"],
        set_={"read_through": _given.excluded.read_through},
        where=_given.excluded.read_through > group_reading.c.read_through,
    )
)

"""What people do with their notices: mark them as read."""

import uuid
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.errors.problems import InvalidInput, NotFound
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.predicates import ASKER
from services.platform.notices.actions.telling import INBOX
from services.platform.notices.models import notice

MOST_AT_ONCE: Final = 100


async def mark_read(
    acting: Acting, identities: Sequence[uuid.UUID | None], last: Sequence[uuid.UUID | None] = ()
) -> uuid.UUID:
    """These, and all up to `last` (one or none); the reader's id, which is the inbox's.

    Raises NotFound where one of them is not the reader's, InvalidInput where none or too many are named.
    """
    named = [*identities, *last]
    if not 1 <= len(named) <= MOST_AT_ONCE:
        raise InvalidInput(
            "ids",
            f"お知らせを1件から{MOST_AT_ONCE}件まで指定するか、upTo を指定してください。",
            f"Name 1 to {MOST_AT_ONCE} notices, or upTo.",
            detail="OUT_OF_RANGE",
        )
    found = [
        (await acting.find("notice", notice, identity, action="mark_read"))["id"]
        for identity in sorted(named, key=str)
    ]
    work, reader = acting.work, acting.viewer.person_id
    if reader is None:
        raise NotFound
    await work.rows(MARK, ids=found, up_to=last[0] if last else None)
    work.tell(INBOX, reader)
    work.record("mark_read", "notice", found[0], count=len(found), all_before=len(last))
    return reader


_NAMED = notice.c.id == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid())))
_BEFORE = notice.c.id <= sa.bindparam("up_to", type_=sa.Uuid())
MARK = Statement(
    sa.update(notice)
    .where(
        notice.c.tenant_id == TENANT,
        notice.c.person_id == ASKER.person,
        notice.c.read_at.is_(None),
        sa.or_(_NAMED, _BEFORE),
    )
    .values(read_at=ASKER.now, version=notice.c.version + 1)
    .returning(notice.c.id)
)

"""The day's digest: what waited for a person becomes one delivery."""

import uuid

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.notices.actions.mornings import next_morning
from services.platform.notices.actions.telling import DELIVER, GATHER
from services.platform.notices.models import notice, notice_delivery


async def gather(work: Work, person_id: uuid.UUID) -> None:
    """Comes again the next morning until it finds nothing: `tell` relies on that."""
    await work.rows(LEAVE_OUT_READ, person_id=person_id)
    if await work.one(WAITING, person_id=person_id) is None:
        return
    digest = await work.insert(notice_delivery, channel="digest", person_id=person_id, created_at=work.now)
    await work.rows(TAKE, person_id=person_id, digest_id=digest)
    work.later(DELIVER, digest, work.now)
    work.later(GATHER, person_id, next_morning(work.now))


_OF_PERSON = (
    notice.c.tenant_id == TENANT,
    notice.c.person_id == parameter(notice.c.person_id),
    notice.c.mail == sa.literal("digest"),
    notice.c.digest_id.is_(None),
)
LEAVE_OUT_READ = Statement(
    sa.update(notice)
    .where(*_OF_PERSON, notice.c.read_at.is_not(None))
    .values(mail=sa.literal("none"))
    .returning(notice.c.id)
)
WAITING = Statement(sa.select(notice.c.id).where(*_OF_PERSON).limit(sa.literal_column("1")))
TAKE = Statement(
    sa.update(notice)
    .where(*_OF_PERSON)
    .values(digest_id=parameter(notice.c.digest_id))
    .returning(notice.c.id)
)

"""A file arrives: its row before its content, so that who dies in between leaves a row to clear."""

import uuid
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from libs.errors.problems import NotAllowed, WrongState
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.policy.relations import EVERYONE
from services.platform.files.actions.quotas import check_room
from services.platform.files.models import MOST_WAITING, Content, Purpose, upload

DROP_UPLOAD: Final = "drop_upload"
TAKEN_WITHIN: Final = timedelta(days=1)


async def begin(acting: Acting, content: Content, purpose: Purpose) -> None:
    """Raises NotAllowed, WrongState where too many wait to be taken, TooMuch where there is no room left."""
    acting.require("tenant", "send_file", EVERYONE)
    work, person = acting.work, acting.viewer.person_id
    if person is None:
        raise NotAllowed
    waiting = await work.one(WAITING, person_id=person)
    if waiting is not None and waiting["count"] >= MOST_WAITING:
        raise _too_many()
    await work.insert(
        upload,
        id=content.object_id,
        person_id=person,
        organisation_id=acting.viewer.organisation_id,
        purpose=purpose,
        name=content.name,
        media_type=content.media_type,
        size=content.size,
        sha256=content.sha256,
        created_at=work.now,
    )
    await check_room(acting)
    work.later(DROP_UPLOAD, content.object_id, work.now + TAKEN_WITHIN)
    work.record("send_file", "upload", content.object_id, media_type=content.media_type, size=content.size)


async def arrived(acting: Acting, identity: uuid.UUID) -> None:
    """The content is stored: a room may take it."""
    await acting.work.one(ARRIVED, id=identity, arrived_at=acting.work.now)


def _too_many() -> WrongState:
    return WrongState(
        "too_many_uploads",
        "送ったまま使われていないファイルが多すぎます。先に送ったファイルを登録するか、明日もう一度お試しください。",
        "Too many of your files wait to be used. Use those first, or try again tomorrow.",
    )


_THIS = (upload.c.tenant_id == TENANT, upload.c.id == parameter(upload.c.id))
WAITING = Statement(
    sa.select(sa.func.count(upload.c.id).label("count")).where(
        upload.c.tenant_id == TENANT, upload.c.person_id == parameter(upload.c.person_id)
    )
)
ARRIVED = Statement(sa.update(upload).where(*_THIS).values(arrived_at=parameter(upload.c.arrived_at)))

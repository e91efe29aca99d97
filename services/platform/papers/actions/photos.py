"""The photo of a profile: shown to whom the profile is shown, gone with the person's last membership."""

import uuid

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.policy.acting import Acting
from libs.tenancy.models import person
from services.platform.files.actions.taking import let_go, take


async def set_photo(acting: Acting, upload_id: uuid.UUID | None, version: int) -> uuid.UUID:
    """One's own, only; what was there goes. Raises NotFound, StaleVersion."""
    row = await acting.find("person", person, acting.viewer.person_id, action="edit_profile", version=version)
    content = await take(acting, upload_id, "photo")
    if row["photo_object_id"] is not None:
        let_go(acting.work, row["photo_object_id"])
    await acting.work.one(
        SET,
        id=row["id"],
        photo_object_id=content.object_id,
        photo_size=content.size,
        photo_sha256=content.sha256,
    )
    acting.work.record("set_photo", "person", row["id"])
    return row["id"]


async def remove_photo(acting: Acting, version: int) -> uuid.UUID:
    """One's own, only. Raises NotFound, StaleVersion."""
    row = await acting.find("person", person, acting.viewer.person_id, action="edit_profile", version=version)
    await drop_photo(acting.work, row["id"])
    return row["id"]


async def drop_photo(work: Work, person_id: uuid.UUID) -> None:
    """Nothing to do where there is none."""
    row = await work.one(HELD, id=person_id)
    if row is None:
        return
    await work.one(SET, id=person_id, photo_object_id=None, photo_size=None, photo_sha256=None)
    let_go(work, row["photo_object_id"])
    work.record("remove_photo", "person", person_id)


_THIS = (person.c.tenant_id == TENANT, person.c.id == parameter(person.c.id))
HELD = Statement(
    sa.select(person.c.photo_object_id).where(*_THIS, person.c.photo_object_id.is_not(None)).with_for_update()
)
SET = Statement(
    sa.update(person)
    .where(*_THIS)
    .values(
        photo_object_id=parameter(person.c.photo_object_id),
        photo_size=parameter(person.c.photo_size),
        photo_sha256=parameter(person.c.photo_sha256),
        version=person.c.version + 1,
    )
)

"""A link to a file is given, and followed: both by who may see the file's row at that moment."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from libs.errors.problems import NotFound
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import tenant
from services.platform.files.links import PAGE, FileLink
from services.platform.files.models import KEPT, Content


@dataclass(frozen=True, slots=True)
class Given:
    """`path` below the platform's host."""

    row: uuid.UUID
    path: str
    link: FileLink


@dataclass(frozen=True, slots=True)
class Found:
    tenant_id: uuid.UUID
    content: Content


async def give_link(acting: Acting, prefix: str, identity: uuid.UUID) -> Given:
    """For whom acts, to what they may see. Raises NotFound."""
    row_id, _ = await _seen(acting, prefix, identity)
    viewer, work = acting.viewer, acting.work
    if viewer.person_id is None or viewer.organisation_id is None:
        raise NotFound
    link = FileLink.lasting(prefix, row_id, viewer.person_id, viewer.organisation_id, work.now)
    where = await work.one(PLATFORM)
    if where is None:
        raise NotFound
    sealer = await acting.vault.of_tenant(work.tenant_id)
    work.record("open_file", KEPT[prefix].object, row_id)
    return Given(row_id, f"/t/{where['slug']}/{PAGE}{link.signed(sealer)}", link)


async def follow_link(acting: Acting, link: FileLink) -> Found:
    """Under the policy of now. Raises NotFound."""
    row_id, content = await _seen(acting, link.prefix, link.row)
    acting.work.record("download_file", KEPT[link.prefix].object, row_id)
    return Found(acting.work.tenant_id, content)


async def _seen(acting: Acting, prefix: str, identity: uuid.UUID) -> tuple[uuid.UUID, Content]:
    kept = KEPT.get(prefix)
    if kept is None:
        raise NotFound
    row = await acting.see(kept.object, kept.table, identity, field=kept.field)
    content = kept.content(dict(row))
    if content is None:
        raise NotFound
    return row["id"], content


PLATFORM = Statement(sa.select(tenant.c.slug).where(tenant.c.tenant_id == TENANT))

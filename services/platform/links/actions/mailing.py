"""What is mailed: the link, and then the code; both to the organisation's registered address and no other."""

import uuid
from datetime import datetime
from typing import Final

import asyncpg
import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation, tenant
from libs.tenancy.viewer import JAPAN
from services.platform.links.actions.ends import LinkOver
from services.platform.links.addresses import WAITING
from services.platform.links.letters import CODE_LETTER
from services.platform.links.models import Key
from services.platform.notices.actions.letters import post_letter

LANGUAGE: Final = "ja"
"""An organisation has no language of its own; each letter says the least in English too."""


async def mail_link(
    acting: Acting, organisation_id: uuid.UUID, key: Key, until: datetime, letter: str
) -> None:
    """Raises LinkOver where the organisation has no address any more."""
    to, where = await _address(acting, organisation_id), await _platform(acting)
    values = {
        "platform": where["name"],
        "path": f"/t/{where['slug']}/{WAITING}{key.text}",
        "until": until.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M"),
    }
    await _post(acting, to, letter, values, until)


async def mail_code(acting: Acting, organisation_id: uuid.UUID, code: str, until: datetime) -> None:
    """Raises LinkOver where the organisation has no address any more."""
    to, where = await _address(acting, organisation_id), await _platform(acting)
    await _post(acting, to, CODE_LETTER, {"platform": where["name"], "code": code}, until)


async def _post(acting: Acting, to: str, template: str, values: dict[str, str], until: datetime) -> None:
    await post_letter(
        acting.work,
        acting.vault,
        to=to,
        language=LANGUAGE,
        template=template,
        values=values,
        expires_at=until,
    )


async def _address(acting: Acting, organisation_id: uuid.UUID) -> str:
    """As it is registered at this moment: a code goes to no address of the past."""
    row = await acting.work.one(ADDRESS, id=organisation_id)
    if row is None:
        raise LinkOver
    return row["work_email"]


async def _platform(acting: Acting) -> asyncpg.Record:
    found = await acting.work.one(PLATFORM)
    if found is None:
        raise LookupError("every platform is in the register")
    return found


ADDRESS = Statement(
    sa.select(organisation.c.work_email).where(
        organisation.c.tenant_id == TENANT,
        organisation.c.id == parameter(organisation.c.id),
        organisation.c.status == "active",
        organisation.c.work_email.is_not(None),
    )
)
PLATFORM = Statement(sa.select(tenant.c.slug, tenant.c.name).where(tenant.c.tenant_id == TENANT))

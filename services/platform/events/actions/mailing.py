"""What residents are told by mail: they have no inbox."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from libs.persistence.sealing.vault import Vault
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.tenancy.models import tenant
from services.platform.events.actions.participants import Participant
from services.platform.events.addresses import PLACE
from services.platform.events.rows import Fields
from services.platform.events.words import when
from services.platform.notices.actions.letters import post_letter

OF_USE: Final = timedelta(days=7)
"""Afterwards a letter that could not be sent is given up."""


async def post(  # noqa: PLR0913 - a letter is all of this
    work: Work,
    vault: Vault,
    template: str,
    row: Fields,
    who: Participant,
    until: datetime | None = None,
) -> None:
    """Nothing where no mail address was given: those look at their page, or are called."""
    if not who.email:
        return
    where = await work.one(PLATFORM)
    assert where is not None  # noqa: S101 - every platform is in the register
    language = "?lang=en" if who.language == "en" else ""
    await post_letter(
        work,
        vault,
        to=who.email,
        language=who.language,
        template=template,
        values={
            "platform": where["name"],
            "path": f"/t/{where['slug']}/{PLACE}{who.code}{language}",
            "title": row["title"],
            "when": when(row["starts_at"], who.language),
            "until": "" if until is None else when(until, who.language),
        },
        expires_at=until or work.now + OF_USE,
    )


PLATFORM = Statement(sa.select(tenant.c.slug, tenant.c.name).where(tenant.c.tenant_id == TENANT))

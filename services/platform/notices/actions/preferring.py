"""How a person wants to be told: language, and mail for each group of kinds."""

import uuid
from collections.abc import Mapping
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from libs.persistence.statements import Statement, parameter
from libs.policy.acting import Acting
from libs.tenancy.models import person
from services.platform.notices.actions.telling import INBOX
from services.platform.notices.models import notice_preference
from services.platform.notices.models.kinds import GROUPS


async def set_preferences(
    acting: Acting, identity: uuid.UUID | None, language: str, mail: Mapping[str, str | None]
) -> uuid.UUID:
    """All of them at once; None for a group: as each of its kinds has it. Raises NotFound, NotAllowed."""
    row = await acting.find("inbox", person, identity, action="set_notice_preferences")
    work = acting.work
    chosen = {f"mail_{group}": mail[group] for group in GROUPS}
    await work.one(
        KEEP, tenant_id=work.tenant_id, id=row["id"], language=language, changed_at=work.now, **chosen
    )
    work.tell(INBOX, row["id"])
    work.record("set_notice_preferences", "inbox", row["id"])
    return row["id"]


_CHOSEN: Final = ("language", *(f"mail_{group}" for group in GROUPS), "changed_at")


def _keep() -> Statement:
    columns = ("tenant_id", "id", *_CHOSEN)
    given = insert(notice_preference).values({name: parameter(notice_preference.c[name]) for name in columns})
    return Statement(
        given.on_conflict_do_update(
            index_elements=["tenant_id", "id"],
            set_={name: given.excluded[name] for name in _CHOSEN}
            | {"version": notice_preference.c.version + 1},
        ).returning(notice_preference.c.id)
    )


KEEP = _keep()

"""An organisation's own entry in the directory: edited and published by its representative."""

import uuid

import sqlalchemy as sa

from libs.errors.problems import WrongState
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation
from services.platform.members.actions.described import UNDESCRIBED, Description, columns_of

EDITED = (*UNDESCRIBED, "search_key", "sort_key", "work_email_own")


async def edit(acting: Acting, identity: uuid.UUID | None, version: int, said: Description) -> uuid.UUID:
    """Raises NotFound, NotAllowed, StaleVersion, InvalidInput, WrongState.

    The 法人番号 is what an admission was decided on: a member cannot take another.
    """
    row = await acting.find(
        "organisation", organisation, identity, action="edit_organisation", version=version
    )
    columns = columns_of(said, dict(row))
    if columns["corporate_number"] != row["corporate_number"] and row["status"] != "applied":
        raise WrongState(
            row["status"],
            "入会後に法人番号は変更できません。変わったときは、新しい団体として申請してください。",
            "A member's corporate number stays. If it changed, apply as a new organisation.",
        )
    changed = sorted(name for name in UNDESCRIBED if columns[name] != row[name])
    own_address = row["work_email_own"] or said.work_email is not None
    await acting.work.one(EDIT, id=row["id"], work_email_own=own_address, **columns)
    acting.work.record("edit_organisation", "organisation", row["id"], fields=",".join(changed))
    return row["id"]


async def publish(acting: Acting, identity: uuid.UUID | None, version: int, *, published: bool) -> uuid.UUID:
    """Opens the organisation's card to everybody, without login, or closes it again."""
    row = await acting.find(
        "organisation", organisation, identity, action="publish_organisation", version=version
    )
    await acting.work.one(PUBLISH, id=row["id"], published=published)
    acting.work.record("publish_organisation", "organisation", row["id"], published=int(published))
    return row["id"]


EDIT = Statement(
    sa.update(organisation)
    .where(organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id))
    .values(
        {name: parameter(organisation.c[name]) for name in EDITED} | {"version": organisation.c.version + 1}
    )
)
PUBLISH = Statement(
    sa.update(organisation)
    .where(organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id))
    .values(published=parameter(organisation.c.published), version=organisation.c.version + 1)
)

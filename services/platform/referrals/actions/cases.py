"""Opening and keeping a case."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.persistence.sealing.vault import Sealer
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.viewer import JAPAN
from services.platform.referrals.actions.inputs import person_texts
from services.platform.referrals.actions.sealing import seal_texts
from services.platform.referrals.models import (
    case_file,
)

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read for another."""
_NUMBER_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class NewCase:
    """`texts`: what is written of the person, item → text."""

    kind: str
    needs: Sequence[str]
    texts: Mapping[str, str | None]


async def open_case(acting: Acting, new: NewCase) -> uuid.UUID:
    """A caseworker opens a case of their organisation. Raises NotAllowed, InvalidInput."""
    acting.require("case", "open_case", "own")
    case_id = uuid7()
    return await begin_case(acting, await acting.vault.create(acting.work.tenant_id, case_id), case_id, new)


async def begin_case(acting: Acting, sealer: Sealer, case_id: uuid.UUID, new: NewCase) -> uuid.UUID:
    """A case under a key that there is already: what was sealed before stays readable with it.

    Raises InvalidInput. Whether the asker may is the caller's to see to.
    """
    work, texts = acting.work, person_texts(new.texts)
    await work.insert(case_file, id=case_id, **_described(acting, new))
    await seal_texts(work, sealer, case_id, ("case_file", case_id), texts)
    work.record("open_case", "case", case_id, kind=new.kind)
    return case_id


async def keep_case(
    acting: Acting, identity: uuid.UUID | None, version: int, texts: Mapping[str, str | None]
) -> uuid.UUID:
    """Writes some of a case's items anew.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput, WrongState, KeyErased.
    """
    row = await acting.find("case", case_file, identity, action="keep_case", version=version)
    work, written = acting.work, person_texts(texts)
    sealer = await acting.vault.sealer(work.tenant_id, row["id"])
    await seal_texts(work, sealer, row["id"], ("case_file", row["id"]), written)
    await work.one(KEPT, id=row["id"])
    work.record("keep_case", "case", row["id"], items=",".join(sorted(written)))
    return row["id"]


def _described(acting: Acting, new: NewCase) -> dict[str, Any]:
    now, viewer = acting.work.now, acting.viewer
    return {
        "number": "".join(secrets.choice(_ALPHABET) for _ in range(_NUMBER_LENGTH)),
        "kind": new.kind,
        "needs": sorted(set(new.needs)),
        "organisation_id": viewer.organisation_id,
        "caseworker_id": viewer.person_id,
        "opened_on": now.astimezone(JAPAN).date(),
        "created_at": now,
        "updated_at": now,
    }


KEPT = Statement(
    sa.update(case_file)
    .where(case_file.c.tenant_id == TENANT, case_file.c.id == parameter(case_file.c.id))
    .values(
        version=case_file.c.version + 1,
        updated_at=sa.bindparam("viewer_now", type_=case_file.c.updated_at.type),
    )
    .returning(case_file.c.id)
)

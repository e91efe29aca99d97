"""Classes of members, such as 正会員, 協力会員, 賛助会員, 一般団体: named and ruled by each platform."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotFound, StaleVersion
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import TIME, member_class, platform_settings
from services.platform.admission.models import MOST_CLASSES
from services.platform.inputs import required

NAME_LENGTH: Final = 50


@dataclass(frozen=True, slots=True)
class SaidClass:
    """`kinds`: who may have it. `votes`: whether its members vote in the platform's meetings."""

    name: str
    kinds: Sequence[str]
    votes: bool


async def define(acting: Acting, said: SaidClass) -> uuid.UUID:
    """Raises NotAllowed, InvalidInput."""
    work = acting.work
    await _may_keep(acting)
    number = len(await work.rows(ALL)) + 1
    if number > MOST_CLASSES:
        raise InvalidInput(
            "name",
            f"会員区分は{MOST_CLASSES}個までです。",
            f"There are {MOST_CLASSES} classes at most.",
            detail="TOO_MANY",
        )
    made = await work.insert(member_class, number=number, **_checked(said))
    work.record("define_member_class", "member_class", made)
    return made


async def change(acting: Acting, identity: uuid.UUID | None, version: int, said: SaidClass) -> uuid.UUID:
    """Who has the class keeps it, whatever kinds may have it from now on."""
    row = await _found(acting, identity, version)
    await acting.work.one(CHANGE, id=row, **_checked(said))
    acting.work.record("change_member_class", "member_class", row)
    return row


async def end(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    """It is given to nobody any more; who has it keeps it."""
    row = await _found(acting, identity, version)
    await acting.work.one(END, id=row)
    acting.work.record("end_member_class", "member_class", row)
    return row


async def given_to(acting: Acting, identity: uuid.UUID | None, kind: str) -> uuid.UUID:
    """The class, if an organisation of this kind may be given it now. Raises NotFound, InvalidInput."""
    row = identity and await acting.work.one(ONE, id=identity)
    if not row or row["ended_at"] is not None:
        raise NotFound("この会員区分はありません。", "There is no such class of members.")
    if kind not in row["kinds"]:
        raise InvalidInput(
            "memberClassId",
            f"「{row['name']}」は、この種別の団体には使えません。別の会員区分にしてください。",
            "This class is not for organisations of this kind. Choose another.",
            detail="KIND",
        )
    return row["id"]


async def _may_keep(acting: Acting) -> None:
    await acting.find("tenant", platform_settings, acting.work.tenant_id, action="keep_member_classes")


async def _found(acting: Acting, identity: uuid.UUID | None, version: int) -> uuid.UUID:
    await _may_keep(acting)
    row = await acting.see("member_class", member_class, identity)
    if row["version"] != version:
        raise StaleVersion(row["version"])
    return row["id"]


def _checked(said: SaidClass) -> dict[str, object]:
    if not said.kinds:
        raise InvalidInput(
            "kinds",
            "対象の団体種別を一つ以上選んでください。",
            "Choose at least one kind.",
            detail="REQUIRED",
        )
    name = required(said.name, "name", NAME_LENGTH)
    return {"name": name, "kinds": sorted(set(said.kinds)), "votes": said.votes}


ALL = Statement(sa.select(member_class.c.id).where(member_class.c.tenant_id == TENANT))
ONE = Statement(
    sa.select(member_class).where(
        member_class.c.tenant_id == TENANT, member_class.c.id == parameter(member_class.c.id)
    )
)
_THIS: Final = (member_class.c.tenant_id == TENANT, member_class.c.id == parameter(member_class.c.id))
CHANGE = Statement(
    sa.update(member_class)
    .where(*_THIS)
    .values(
        name=parameter(member_class.c.name),
        kinds=parameter(member_class.c.kinds),
        votes=parameter(member_class.c.votes),
        version=member_class.c.version + 1,
    )
)
END = Statement(
    sa.update(member_class)
    .where(*_THIS)
    .values(ended_at=sa.bindparam("viewer_now", type_=TIME), version=member_class.c.version + 1)
)

"""The conditions of membership: set as a whole, agreed to one by one, and kept as they were agreed to."""

import uuid
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotFound
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import TIME, platform_settings
from services.platform.admission.models import MOST_CONDITIONS, condition_agreement, membership_condition
from services.platform.inputs import required

TEXT_LENGTH: Final = 500


async def set_conditions(acting: Acting, version: int, texts: Sequence[str]) -> uuid.UUID:
    """The whole list in its order. What is worded as before stays the same condition.

    Raises NotAllowed, StaleVersion, InvalidInput.
    """
    tenant, work = acting.work.tenant_id, acting.work
    await acting.find("tenant", platform_settings, tenant, action="set_conditions", version=version)
    wanted = _checked(texts)
    before = {row["text"]: row["id"] for row in await work.rows(CURRENT)}
    for text in before.keys() - set(wanted):
        await work.one(END, id=before[text])
    for number, text in enumerate(wanted, start=1):
        if text in before:
            await work.one(PLACE, id=before[text], number=number)
        else:
            await work.insert(membership_condition, number=number, text=text, since=work.now)
    await work.one(TOUCH)
    work.record("set_conditions", "tenant", tenant, count=len(wanted))
    return tenant


async def agree(
    acting: Acting,
    organisation_id: uuid.UUID,
    person_id: uuid.UUID | None,
    agreed: Sequence[uuid.UUID | None],
) -> None:
    """Keeps that the organisation agrees to every condition of today; each must be named.

    Raises NotFound for what is no condition, InvalidInput where one is missing.
    """
    work = acting.work
    current = {row["id"] for row in await work.rows(CURRENT)}
    if not set(agreed) <= current:
        raise NotFound(
            "入会の条件が変わりました。読み直して、もう一度申請してください。",
            "The conditions have changed. Read them again, then apply.",
        )
    if current != set(agreed):
        raise InvalidInput(
            "agreedConditionIds",
            "入会には、条件のすべてへの同意が必要です。一つずつご確認ください。",
            "Membership needs your agreement to every condition. Look at each of them.",
            detail="NOT_AGREED",
        )
    for condition in sorted(current):
        await work.insert(
            condition_agreement,
            organisation_id=organisation_id,
            condition_id=condition,
            person_id=person_id,
            at=work.now,
        )


def _checked(texts: Sequence[str]) -> list[str]:
    tidy = [required(text, "texts", TEXT_LENGTH, multiline=True) for text in texts]
    if len(tidy) > MOST_CONDITIONS or len(set(tidy)) != len(tidy):
        raise InvalidInput(
            "texts",
            f"条件は{MOST_CONDITIONS}個以内で、同じものを二度書かないでください。",
            f"Give at most {MOST_CONDITIONS} conditions, each once.",
            detail="TOO_MANY",
        )
    return tidy


CURRENT = Statement(
    sa.select(membership_condition.c.id, membership_condition.c.text).where(
        membership_condition.c.tenant_id == TENANT, membership_condition.c.until.is_(None)
    )
)
END = Statement(
    sa.update(membership_condition)
    .where(
        membership_condition.c.tenant_id == TENANT,
        membership_condition.c.id == parameter(membership_condition.c.id),
    )
    .values(until=sa.bindparam("viewer_now", type_=TIME))
)
PLACE = Statement(
    sa.update(membership_condition)
    .where(
        membership_condition.c.tenant_id == TENANT,
        membership_condition.c.id == parameter(membership_condition.c.id),
    )
    .values(number=parameter(membership_condition.c.number))
)
TOUCH = Statement(
    sa.update(platform_settings)
    .where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
    .values(version=platform_settings.c.version + 1)
)

"""What an organisation says that it can take on, with the day on which it said so, and where it works."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from libs.errors.problems import InvalidInput
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import organisation
from libs.tenancy.viewer import JAPAN
from services.platform.inputs import required

AREAS = 50
AREA_LENGTH = 100


async def set_capacity(
    acting: Acting, identity: uuid.UUID | None, version: int, capacity: str, areas: Sequence[str] | None
) -> uuid.UUID:
    """`areas` None: as they were. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput."""
    row = await acting.find("organisation", organisation, identity, action="set_capacity", version=version)
    chosen = row["service_areas"] if areas is None else _checked(areas)
    day = acting.work.now.astimezone(JAPAN).date()
    await acting.work.one(
        SET, id=row["id"], capacity=capacity, capacity_as_of=day, service_areas=list(chosen)
    )
    acting.work.record("set_capacity", "organisation", row["id"], capacity=capacity)
    return row["id"]


def _checked(areas: Sequence[str]) -> list[str]:
    if len(areas) > AREAS:
        raise InvalidInput(
            "serviceAreas",
            f"活動地域は{AREAS}個以内にしてください。",
            f"Name at most {AREAS} areas.",
            detail="TOO_MANY",
        )
    return list(dict.fromkeys(required(text, "serviceAreas", AREA_LENGTH) for text in areas))


SET = Statement(
    sa.update(organisation)
    .where(organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id))
    .values(
        capacity=parameter(organisation.c.capacity),
        capacity_as_of=parameter(organisation.c.capacity_as_of),
        service_areas=parameter(organisation.c.service_areas),
        version=organisation.c.version + 1,
    )
    .returning(organisation.c.id)
)

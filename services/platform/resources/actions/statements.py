"""The statements of services and places, compiled once."""

from typing import Final

import sqlalchemy as sa

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.tenancy.models import TIME, organisation, platform_settings
from services.platform.resources.models import resource

NOW: Final = sa.bindparam("viewer_now", type_=TIME)
HOURS: Final = ("hours", "hours_ja", "hours_en", "open_times", "open_times_until")
DESCRIBED: Final = (
    "kind",
    "name",
    "name_kana",
    "search_key",
    "sort_key",
    "description",
    "eligibility",
    "areas",
    "fee",
    "languages",
    "phone",
    "email",
    "url",
    "address_confidential",
    "place_name",
    "municipality_code",
    "postal_code",
    "address",
    "building",
    "latitude",
    "longitude",
    "access",
    *HOURS,
)


def _change(*names: str) -> Statement:
    return Statement(
        sa.update(resource)
        .where(resource.c.tenant_id == TENANT, resource.c.id == parameter(resource.c.id))
        .values(
            {name: parameter(resource.c[name]) for name in names}
            | {"updated_at": NOW, "version": resource.c.version + 1}
        )
    )


DESCRIBE = _change(*DESCRIBED)
OFFER = _change("state", "published")
SAY_RESOURCE_CAPACITY = _change("capacity", "capacity_as_of")
VERIFY = _change("verified_on", "verified_by_id")
RENEW = Statement(
    # no change that anybody made: the version stays
    sa.update(resource)
    .where(resource.c.tenant_id == TENANT, resource.c.id == parameter(resource.c.id))
    .values(
        open_times=parameter(resource.c.open_times), open_times_until=parameter(resource.c.open_times_until)
    )
)
REMINDED = Statement(
    sa.update(resource)
    .where(resource.c.tenant_id == TENANT, resource.c.id == parameter(resource.c.id))
    .values(reminded_on=parameter(resource.c.reminded_on))
)
ONE = Statement(
    sa.select(resource).where(resource.c.tenant_id == TENANT, resource.c.id == parameter(resource.c.id))
)
ACTIVE_ORGANISATION = Statement(
    sa.select(organisation.c.id).where(
        organisation.c.tenant_id == TENANT,
        organisation.c.id == parameter(organisation.c.id),
        organisation.c.status == "active",
    )
)
NUMBERING = Statement(
    # whoever takes a number holds the platform's row until the commit
    sa.select(platform_settings.c.id)
    .where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
    .with_for_update()
)
LAST_NUMBER = Statement(
    sa.select(sa.func.coalesce(sa.func.max(resource.c.number), 0).label("number")).where(
        resource.c.tenant_id == TENANT
    )
)

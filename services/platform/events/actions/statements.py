"""The statements of events' actions, compiled once."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.tenancy.models import TIME, organisation
from services.platform.events.models import event, occurrence

NOW = sa.bindparam("viewer_now", type_=TIME)

_DESCRIBED = (
    "working_group_id",
    "title",
    "title_kana",
    "description",
    "search_key",
    "starts_at",
    "ends_at",
    "over_at",
    "delivery_mode",
    "venue",
    "address",
    "latitude",
    "longitude",
    "audience",
    "join_url",
    "url",
    "fee",
    "capacity",
    "reservable",
    "deadline",
    "inquiries",
    "kind",
    "co_host_ids",
    "speakers",
    "reserved_host",
    "reserved_organisations",
    "reserved_residents",
    "for_residents",
    "approval",
    "questions",
    "offer_hours",
    "remind_hours",
    "keep_days",
)


def _change(*names: str) -> Statement:
    """Sets these columns of one event; its version rises."""
    return Statement(
        sa.update(event)
        .where(event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id))
        .values(
            {name: parameter(event.c[name]) for name in names}
            | {"updated_at": NOW, "version": event.c.version + 1}
        )
    )


DESCRIBE = _change(*_DESCRIBED)
ANNOUNCE = _change("state", "published", "announced_at")
CANCEL = _change("state", "cancel_reason")
CO_HOSTS = _change("co_host_ids")

ACTIVE_ORGANISATION = Statement(
    sa.select(organisation.c.id).where(
        organisation.c.tenant_id == TENANT,
        organisation.c.id == parameter(organisation.c.id),
        organisation.c.status == "active",
    )
)


def _keep_occurrence() -> Statement:
    names = ("id", "event_id", "number", "starts_at", "ends_at", "all_day", "days")
    added = insert(occurrence).values(
        tenant_id=TENANT, dropped=sa.false(), **{name: parameter(occurrence.c[name]) for name in names}
    )
    kept = ("starts_at", "ends_at", "all_day", "days", "dropped")
    return Statement(
        added.on_conflict_do_update(
            index_elements=["tenant_id", "event_id", "number"],
            set_={name: added.excluded[name] for name in kept},
        )
    )


KEEP_OCCURRENCE = _keep_occurrence()
DROP_OCCURRENCES = Statement(
    sa.update(occurrence)
    .where(
        occurrence.c.tenant_id == TENANT,
        occurrence.c.event_id == parameter(occurrence.c.event_id),
        occurrence.c.number > parameter(occurrence.c.number),
        sa.not_(occurrence.c.dropped),
    )
    .values(dropped=sa.true())
)

LOCK_ORGANISATION = Statement(
    sa.select(organisation.c.id, organisation.c.name)
    .where(organisation.c.tenant_id == TENANT, organisation.c.id == parameter(organisation.c.id))
    .with_for_update()
)
IMPORTED = Statement(
    sa.select(
        event.c.id,
        event.c.title,
        event.c.state,
        event.c.version,
        event.c.over_at,
        event.c.source_ref,
        event.c.source_hash,
        event.c.source_version,
    ).where(
        event.c.tenant_id == TENANT,
        event.c.organisation_id == parameter(event.c.organisation_id),
        sa.func.starts_with(event.c.source_ref, sa.bindparam("list_ref", type_=sa.Text())),
    )
)
REMEMBER_SOURCE = Statement(
    sa.update(event)
    .where(event.c.tenant_id == TENANT, event.c.id == parameter(event.c.id))
    .values(
        source_ref=parameter(event.c.source_ref),
        source_hash=parameter(event.c.source_hash),
        source_version=event.c.version,
    )
)

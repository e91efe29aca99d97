"""What relates an asker to an organisation or a person. The tables themselves belong to tenancy."""

from typing import Any

import sqlalchemy as sa

from libs.persistence.statements import among
from libs.policy.predicates import Asker
from libs.tenancy.models import membership, organisation
from services.platform.relations import RELATIONS

ADMITTED = ("active", "suspended", "withdrawn")

Bool = sa.ColumnElement[bool]
Row = sa.FromClause


def live(asker: Asker) -> Bool:
    """A membership of today."""
    return sa.and_(
        membership.c.tenant_id == asker.tenant,
        membership.c.since <= asker.now,
        sa.or_(membership.c.until.is_(None), membership.c.until > asker.now),
    )


def _organisation_own(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.organisation


def _organisation_admitted(row: Row, _: Asker) -> Bool:
    return among(row.c.status, ADMITTED)


def _organisation_published(row: Row, _: Asker) -> Bool:
    return row.c.published


def _person_self(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.person


def _person_own(row: Row, asker: Asker) -> Bool:
    colleagues: sa.Select[Any] = sa.select(membership.c.person_id).where(
        live(asker), membership.c.organisation_id == asker.organisation
    )
    return row.c.id.in_(colleagues)


def _person_admitted(row: Row, asker: Asker) -> Bool:
    members: sa.Select[Any] = (
        sa.select(membership.c.person_id)
        .join(
            organisation,
            sa.and_(
                organisation.c.tenant_id == asker.tenant, organisation.c.id == membership.c.organisation_id
            ),
        )
        .where(live(asker), membership.c.tenant_id == asker.tenant, among(organisation.c.status, ADMITTED))
    )
    return row.c.id.in_(members)


RELATIONS.register("organisation", "own", _organisation_own)
RELATIONS.register("organisation", "admitted", _organisation_admitted)
RELATIONS.register("organisation", "published", _organisation_published)
RELATIONS.register("person", "self", _person_self)
RELATIONS.register("person", "own", _person_own)
RELATIONS.register("person", "admitted", _person_admitted)


def is_asker(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.person


def is_askers_organisation(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.organisation

"""The SQL of everything that the secretariat reads: the register, releases, published figures."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

from libs.figures.models import figure_published, figure_release
from libs.figures.practices import practice
from libs.persistence.statements import Statement, parameter
from libs.tenancy.models import tenant, tenant_municipality

LIMIT = sa.bindparam("rows", type_=sa.BigInteger())
FIRST = sa.literal_column("1", sa.Integer())


def _where(column: "sa.ColumnElement[Any]", name: str) -> "sa.ColumnElement[bool]":
    """The column is the place's value, or the place is null."""
    place = sa.bindparam(name, type_=column.type)
    return sa.or_(place.is_(None), column == place)


def _codes() -> "sa.ScalarSelect[Any]":
    code = tenant_municipality.c.code
    return (
        sa.select(sa.func.array_agg(aggregate_order_by(code, code)))
        .where(tenant_municipality.c.tenant_id == tenant.c.tenant_id)
        .scalar_subquery()
    )


REGISTER_COLUMNS = (
    tenant.c.tenant_id,
    tenant.c.slug,
    tenant.c.name,
    tenant.c.kind,
    tenant.c.status,
    tenant.c.onboarded_at,
    _codes().label("codes"),
)


def _stands_in() -> "sa.ColumnElement[bool]":
    """The platform stands for somebody in the prefecture, alone or jointly."""
    prefecture = sa.bindparam("prefecture", type_=sa.Text())
    within = sa.select(tenant_municipality.c.tenant_id).where(
        sa.func.left(tenant_municipality.c.code, sa.literal_column("2")) == prefecture
    )
    return sa.or_(prefecture.is_(None), tenant.c.tenant_id.in_(within))


REGISTERED = (_where(tenant.c.kind, "kind"), _where(tenant.c.status, "status"), _stands_in())
SLUG_AFTER = sa.bindparam("after", type_=sa.Text())
TENANTS = Statement(
    sa.select(*REGISTER_COLUMNS)
    .where(*REGISTERED, sa.or_(SLUG_AFTER.is_(None), tenant.c.slug > SLUG_AFTER))
    .order_by(tenant.c.slug)
    .limit(LIMIT)
)
TENANT_COUNT = Statement(sa.select(sa.func.count()).select_from(tenant).where(*REGISTERED))
TENANT = Statement(sa.select(*REGISTER_COLUMNS).where(tenant.c.tenant_id == parameter(tenant.c.tenant_id)))

PRACTICE_AFTER = sa.bindparam("after", type_=sa.Uuid())
PRACTICE_COLUMNS = (*practice.c, tenant.c.name.label("source"))
PRACTICES = Statement(
    sa.select(*PRACTICE_COLUMNS)
    .join(tenant, tenant.c.tenant_id == practice.c.tenant_id)
    .where(
        _where(practice.c.state, "state"), sa.or_(PRACTICE_AFTER.is_(None), practice.c.id < PRACTICE_AFTER)
    )
    .order_by(practice.c.id.desc())
    .limit(LIMIT)
)
PRACTICE_COUNT = Statement(
    sa.select(sa.func.count()).select_from(practice).where(_where(practice.c.state, "state"))
)
PRACTICE = Statement(
    sa.select(*PRACTICE_COLUMNS)
    .join(tenant, tenant.c.tenant_id == practice.c.tenant_id)
    .where(practice.c.id == parameter(practice.c.id))
)
DECIDE = Statement(
    sa.update(practice)
    .where(
        practice.c.id == parameter(practice.c.id),
        practice.c.version == parameter(practice.c.version),
        practice.c.state == sa.literal("offered"),
    )
    .values(
        state=parameter(practice.c.state, "new_state"),
        note=parameter(practice.c.note),
        decided_at=parameter(practice.c.decided_at),
        version=practice.c.version + 1,
    )
    .returning(practice.c.tenant_id)
)

RELEASE_AFTER = sa.bindparam("after", type_=sa.Uuid())
RELEASES = Statement(
    sa.select(figure_release)
    .where(
        _where(figure_release.c.month, "month"),
        sa.or_(RELEASE_AFTER.is_(None), figure_release.c.id < RELEASE_AFTER),
    )
    .order_by(figure_release.c.id.desc())
    .limit(LIMIT)
)
RELEASE_COUNT = Statement(
    sa.select(sa.func.count()).select_from(figure_release).where(_where(figure_release.c.month, "month"))
)
RELEASE = Statement(sa.select(figure_release).where(figure_release.c.id == parameter(figure_release.c.id)))
NEWEST_RELEASE = Statement(
    sa.select(figure_release)
    .where(_where(figure_release.c.month, "month"))
    .order_by(figure_release.c.month.desc(), figure_release.c.as_of.desc(), figure_release.c.id.desc())
    .limit(FIRST)
)

FIGURE_COLUMNS = (
    figure_published.c.release_id,
    figure_published.c.position,
    figure_published.c.level,
    figure_published.c.prefecture,
    figure_published.c.measure,
    figure_published.c.breakdown,
    figure_published.c.value,
    figure_published.c.mark,
    figure_published.c.withheld,
    figure_published.c.not_reported,
    *REGISTER_COLUMNS,
)
OF_TENANT = sa.outerjoin(figure_published, tenant, tenant.c.tenant_id == figure_published.c.tenant_id)
CHOSEN = (
    figure_published.c.release_id == parameter(figure_published.c.release_id),
    _where(figure_published.c.level, "level"),
    _where(figure_published.c.measure, "measure"),
    _where(figure_published.c.breakdown, "breakdown"),
    _where(figure_published.c.prefecture, "prefecture"),
    _where(figure_published.c.tenant_id, "tenant_id"),
)
FIGURES = Statement(
    sa.select(*FIGURE_COLUMNS)
    .select_from(OF_TENANT)
    .where(*CHOSEN, figure_published.c.position > parameter(figure_published.c.position))
    .order_by(figure_published.c.position)
    .limit(LIMIT)
)
FIGURE_COUNT = Statement(sa.select(sa.func.count()).select_from(figure_published).where(*CHOSEN))


def _series() -> Statement:
    """One place's cell in the newest release of each month."""
    first, last = (sa.bindparam(name, type_=sa.Date()) for name in ("first_month", "last_month"))
    newest = (
        sa.select(figure_release)
        .where(figure_release.c.month.between(first, last))
        .ext(distinct_on(figure_release.c.month))
        .order_by(figure_release.c.month, figure_release.c.as_of.desc(), figure_release.c.id.desc())
        .subquery("newest")
    )
    return Statement(
        sa.select(*FIGURE_COLUMNS, newest.c.id, newest.c.month, newest.c.as_of)
        .select_from(
            sa.join(newest, figure_published, figure_published.c.release_id == newest.c.id).outerjoin(
                tenant, tenant.c.tenant_id == figure_published.c.tenant_id
            )
        )
        .where(*CHOSEN[1:])
        .order_by(newest.c.month)
    )


SERIES = _series()

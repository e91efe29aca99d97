"""Membership's steps, and what relates an asker to organisations, people and the platform.

The tables themselves belong to tenancy.
"""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import WrongState
from libs.persistence.statements import among, looked_up
from libs.policy.predicates import ASKER, Asker
from libs.reading.declare import Row as AnyRow
from libs.tenancy.models import coordinator_appointment, membership, organisation, person
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]
Row = sa.FromClause

ADMITTED = ("active", "suspended", "withdrawn")
STATUS_NAMES: Final[Mapping[str, str]] = {
    "applied": "申請中",
    "active": "会員",
    "declined": "却下",
    "suspended": "停止中",
    "withdrawn": "退会・取下げ",
}
MEMBERSHIP_STEPS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "approve_member": (("applied",), "active"),
    "decline_member": (("applied",), "declined"),
    "withdraw_application": (("applied",), "withdrawn"),
    "suspend_member": (("active",), "suspended"),
    "reinstate_member": (("suspended",), "active"),
    "leave": (("active", "suspended"), "withdrawn"),
    "end_membership": (("active", "suspended"), "withdrawn"),
}
"""Each step of a membership: from which states, to which one."""


def next_status(step: str) -> str:
    """The state that the step leads to."""
    return MEMBERSHIP_STEPS[step][1]


def wrong_status(status: str, *wanted: str) -> WrongState:
    """The refusal of a step that needs one of the wanted states."""
    needed = "・".join(STATUS_NAMES[each] for each in wanted)
    return WrongState(
        status,
        f"団体の状態が「{STATUS_NAMES[status]}」です。この操作は「{needed}」のときにできます。",
        f"The organisation is '{status}'; this needs {' or '.join(wanted)}.",
    )


def live(asker: Asker) -> Bool:
    """A membership of this moment."""
    return sa.and_(
        membership.c.tenant_id == asker.tenant,
        membership.c.since <= asker.now,
        sa.or_(membership.c.until.is_(None), membership.c.until > asker.now),
    )


def appointed(asker: Asker) -> Bool:
    """A coordinator's appointment of this moment."""
    return sa.and_(
        coordinator_appointment.c.tenant_id == asker.tenant,
        coordinator_appointment.c.since <= asker.now,
        sa.or_(coordinator_appointment.c.until.is_(None), coordinator_appointment.c.until > asker.now),
    )


def a_coordinator(asker: Asker, *conditions: Bool) -> Bool:
    """Somebody coordinates the platform, by an appointment and a membership of which the conditions hold."""
    of_coordinator, coordinator = organisation.alias("of_coordinator"), person.alias("coordinator")
    found = (
        sa.select(coordinator_appointment.c.id)
        .join(
            membership,
            sa.and_(
                live(asker),
                membership.c.tenant_id == asker.tenant,
                membership.c.person_id == coordinator_appointment.c.person_id,
            ),
        )
        .join(
            of_coordinator,
            sa.and_(
                of_coordinator.c.tenant_id == asker.tenant,
                of_coordinator.c.id == membership.c.organisation_id,
            ),
        )
        .join(
            coordinator,
            sa.and_(coordinator.c.tenant_id == asker.tenant, coordinator.c.id == membership.c.person_id),
        )
        .where(
            appointed(asker),
            coordinator_appointment.c.tenant_id == asker.tenant,
            of_coordinator.c.status == sa.literal("active"),
            coordinator.c.status == sa.literal("active"),
            *conditions,
        )
    )
    return sa.exists(found)


def acts_for(who: "sa.ColumnElement[Any]", organisation_id: "sa.ColumnElement[Any]", asker: Asker) -> Bool:
    """That person has a place in that organisation now."""
    place = membership.alias("place")
    found: sa.Select[Any] = sa.select(place.c.id).where(
        place.c.tenant_id == asker.tenant,
        place.c.person_id == who,
        place.c.organisation_id == organisation_id,
        place.c.since <= asker.now,
        sa.or_(place.c.until.is_(None), place.c.until > asker.now),
    )
    return sa.exists(found.correlate_except(place))


def people_of(row: AnyRow) -> "sa.Select[Any]":
    """Who acts for the organisation of `row` now."""
    return sa.select(membership.c.person_id).where(
        live(ASKER), membership.c.tenant_id == ASKER.tenant, membership.c.organisation_id == row.c.id
    )


def first_membership(column: "sa.ColumnElement[Any]", row: AnyRow) -> "sa.ScalarSelect[Any]":
    """A column of one membership of the person of `row`: the one in the asker's own organisation, if any."""
    return (
        sa.select(column)
        .where(live(ASKER), membership.c.tenant_id == ASKER.tenant, membership.c.person_id == row.c.id)
        .order_by(
            sa.func.coalesce(membership.c.organisation_id == ASKER.organisation, sa.false()).desc(),
            membership.c.since,
            membership.c.id,
        )
        .limit(sa.literal_column("1"))
        .scalar_subquery()
    )


def next_review(row: AnyRow, asker: Asker) -> "sa.ColumnElement[Any]":
    """The next day of the platform's turn of reviews, today included; null where there is none."""
    passed = sa.func.greatest(asker.today - row.c.review_from, 0)
    turns = sa.cast(passed + row.c.review_every_days - 1, sa.Integer()).op("/")(row.c.review_every_days)
    return sa.cast(row.c.review_from + turns * row.c.review_every_days, sa.Date())


def coordinates(row: AnyRow, asker: Asker) -> Bool:
    """Whether the person of `row` is appointed coordinator now."""
    return row.c.id.in_(
        sa.select(coordinator_appointment.c.person_id).where(
            appointed(asker), coordinator_appointment.c.tenant_id == asker.tenant
        )
    )


def was_admitted(row: Any) -> Bool:  # noqa: ANN401 - a table, an alias or a compiled block's row
    """A withdrawn application has the state of a member who left, but nobody ever decided on it."""
    return sa.and_(among(row.c.status, ADMITTED), row.c.decided_at.is_not(None))


def is_asker(row: AnyRow, asker: Asker) -> Bool:
    return row.c.id == asker.person


def is_askers_organisation(row: AnyRow, asker: Asker) -> Bool:
    return row.c.id == asker.organisation


def is_applying(row: AnyRow, _: Asker) -> Bool:
    return row.c.status == sa.literal("applied")


def is_askers_platform(row: AnyRow, asker: Asker) -> Bool:
    return row.c.id == asker.tenant


def _organisation_own(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.organisation


def _organisation_admitted(row: Row, _: Asker) -> Bool:
    return was_admitted(row)


def _organisation_published(row: Row, _: Asker) -> Bool:
    """Only a member of today stands in the public directory: suspended or gone, it is off at once."""
    return sa.and_(row.c.published, row.c.status == sa.literal("active"))


def _person_self(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.person


def _person_own(row: Row, asker: Asker) -> Bool:
    return looked_up(
        sa.select(membership.c.id).where(
            live(asker),
            membership.c.tenant_id == asker.tenant,
            membership.c.person_id == row.c.id,
            membership.c.organisation_id == asker.organisation,
        )
    )


def _person_admitted(row: Row, asker: Asker) -> Bool:
    """Who was invited and has not come yet is nobody's business outside the organisation."""
    # read once a statement: they are few, and a page shows many names
    others: sa.Select[Any] = sa.select(organisation.c.id).where(
        organisation.c.tenant_id == asker.tenant, sa.not_(was_admitted(organisation))
    )
    of_a_member: sa.Select[Any] = sa.select(membership.c.id).where(
        live(asker),
        membership.c.tenant_id == asker.tenant,
        membership.c.person_id == row.c.id,
        membership.c.organisation_id != sa.all_(sa.func.array(others.scalar_subquery())),
    )
    return sa.and_(row.c.status == sa.literal("active"), looked_up(of_a_member))


def _person_to_members(row: Row, _: Asker) -> Bool:
    return row.c.profile_for == sa.literal("members")


def _platform_published(_: Row, __: Asker) -> Bool:
    """The register of platforms is public."""
    return sa.true()


RELATIONS.register("organisation", "own", _organisation_own)
RELATIONS.register("organisation", "admitted", _organisation_admitted)
RELATIONS.register("organisation", "published", _organisation_published)
RELATIONS.register("person", "self", _person_self)
RELATIONS.register("person", "own", _person_own)
RELATIONS.register("person", "admitted", _person_admitted)
RELATIONS.register("person", "to_members", _person_to_members)
RELATIONS.register("tenant", "published", _platform_published)

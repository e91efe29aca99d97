"""What a platform counts of itself for a month. Counts only: no row and no text leaves the platform.

Members, groups and people are counted as they stand now, less what joined after the month: count them soon
after it. Events and referrals are counted from what happened, and can be counted again later.
"""

from typing import Any

import sqlalchemy as sa

from libs.figures.measures import EVENTS, MEMBERS, PEOPLE, REFERRALS, WORKING_GROUPS, Cell
from libs.figures.months import Month
from libs.figures.submission import Counts
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from libs.tenancy.models import TIME, membership, organisation, person
from services.platform.events.models import event, occurrence
from services.platform.groups.models import working_group
from services.platform.referrals.models import referral_event

BEGINS = sa.bindparam("begins", type_=TIME)
ENDS = sa.bindparam("ends", type_=TIME)


async def standing(work: Work, month: Month) -> Counts:
    """Members by kind, active working groups, people who act for a member."""
    places = _places(month)
    kinds = {row["kind"]: row["members"] for row in await work.rows(MEMBERS_BY_KIND, **places)}
    return {
        **{cell: kinds.get(cell.breakdown, 0) for cell in MEMBERS.cells},
        **await _single(work, WORKING_GROUPS.cells[0], ACTIVE_GROUPS, month),
        **await _single(work, PEOPLE.cells[0], ACTIVE_PEOPLE, month),
    }


async def happened(work: Work, month: Month) -> Counts:
    """Events held in the month; referrals sent in it, by how far they ever got."""
    row = await work.one(REFERRALS_REACHED, **_places(month))
    assert row is not None  # noqa: S101 - an aggregate has one row
    return {
        **await _single(work, EVENTS.cells[0], EVENTS_HELD, month),
        **{cell: row[cell.breakdown] for cell in REFERRALS.cells},
    }


async def _single(work: Work, cell: Cell, statement: Statement, month: Month) -> Counts:
    row = await work.one(statement, **_places(month))
    assert row is not None  # noqa: S101 - an aggregate has one row
    return {cell: row[0]}


def _places(month: Month) -> dict[str, Any]:
    return {"begins": month.begins, "ends": month.ends}


MEMBERS_BY_KIND = Statement(
    sa.select(organisation.c.kind, sa.func.count().label("members"))
    .where(
        organisation.c.tenant_id == TENANT,
        organisation.c.status == "active",
        organisation.c.decided_at < ENDS,
    )
    .group_by(organisation.c.kind)
)
ACTIVE_GROUPS = Statement(
    sa.select(sa.func.count())
    .select_from(working_group)
    .where(
        working_group.c.tenant_id == TENANT,
        working_group.c.state == "active",
        working_group.c.created_at < ENDS,
    )
)
ACTIVE_PEOPLE = Statement(
    sa.select(sa.func.count(membership.c.person_id.distinct()))
    .select_from(membership)
    .join(person, sa.and_(person.c.tenant_id == TENANT, person.c.id == membership.c.person_id))
    .join(
        organisation,
        sa.and_(organisation.c.tenant_id == TENANT, organisation.c.id == membership.c.organisation_id),
    )
    .where(
        membership.c.tenant_id == TENANT,
        membership.c.since < ENDS,
        sa.or_(membership.c.until.is_(None), membership.c.until >= ENDS),
        person.c.status == "active",
        organisation.c.status == "active",
    )
)
EVENTS_HELD = Statement(
    sa.select(sa.func.count(occurrence.c.event_id.distinct()))
    .select_from(occurrence)
    .join(event, sa.and_(event.c.tenant_id == TENANT, event.c.id == occurrence.c.event_id))
    .where(
        occurrence.c.tenant_id == TENANT,
        occurrence.c.starts_at >= BEGINS,
        occurrence.c.starts_at < ENDS,
        occurrence.c.dropped.is_(sa.false()),
        event.c.state == "announced",
    )
)


def _referrals_reached() -> Statement:
    """Each referral first sent in the month, and how far its events ever got; void ones never were."""
    row = referral_event.c
    sent = sa.func.min(row.at).filter(row.to_state == "sent")
    in_month = sa.select(row.referral_id).where(
        row.tenant_id == TENANT, row.to_state == "sent", row.at >= BEGINS, row.at < ENDS
    )
    reached = (
        sa.select(
            sa.func.bool_or(row.to_state == "accepted").label("accepted"),
            sa.func.bool_or(row.to_state == "reported").label("reported"),
            sa.func.bool_or(row.step == "confirm_loop").label("confirmed"),
        )
        .where(row.tenant_id == TENANT, row.referral_id.in_(in_month))
        .group_by(row.referral_id)
        .having(sent >= BEGINS, sa.not_(sa.func.bool_or(row.to_state == "void")))
        .subquery("reached")
    )
    got = reached.c
    return Statement(
        sa.select(
            sa.func.count().label("sent"),
            sa.func.count().filter(got.accepted).label("accepted"),
            sa.func.count().filter(got.accepted, got.reported).label("reported"),
            sa.func.count().filter(got.accepted, got.reported, got.confirmed).label("confirmed"),
        ).select_from(reached)
    )


REFERRALS_REACHED = _referrals_reached()

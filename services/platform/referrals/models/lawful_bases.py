"""The lawful bases beside consent, as SQL of today: council, 支援会議, break-glass.

Each reads the few rows of the asker once a statement, and only where nothing else admitted a row before
(docs/decisions/0027): withdrawal, expiry and the end of a membership act at the next question.
"""

from typing import Any

import sqlalchemy as sa

from libs.persistence.statements import among
from libs.policy.predicates import Asker
from libs.reading.declare import Row
from libs.tenancy.models import platform_settings
from services.platform.councils.models import council_member, listed_today
from services.platform.groups.models import is_any
from services.platform.referrals.models import machine
from services.platform.referrals.models.break_glass import break_glass, break_glass_person
from services.platform.referrals.models.councils import council_assignment, council_item
from services.platform.referrals.models.relations import closed_within_access, holds_case, names_item
from services.platform.referrals.models.reviewers import is_second_person
from services.platform.referrals.models.sittings import sitting, sitting_body, sitting_referral
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]


def _open_to_bodies(row: Row, asker: Asker) -> Bool:
    """Decline, withdrawal, expiry and void close it to councils, sittings and named people at once."""
    return sa.or_(among(row.c.state, machine.LIVE), closed_within_access(row, asker))


def _council(row: Row, asker: Asker) -> Bool:
    """An item of a council on whose published list are, today, both who brought it and the asker, assigned to
    it (art. 16 of the Act)."""
    return sa.and_(
        _open_to_bodies(row, asker), is_any(row.c.id, council_items_of(asker, council_item.c.referral_id))
    )


def _item_council(row: Row, asker: Asker) -> Bool:
    return is_any(row.c.id, council_items_of(asker, council_item.c.id))


def council_items_of(asker: Asker, what: "sa.Column[Any]") -> "sa.Select[Any]":
    """Uncorrelated: the few of the asker's organisation are read once a statement, if they are asked for."""
    mine, bringer = council_member.alias("mine"), council_member.alias("bringer")

    def of(members: Any, organisation: "sa.ColumnElement[Any]") -> Bool:  # noqa: ANN401 - an alias
        return sa.and_(
            listed_today(members, asker),
            members.c.tenant_id == asker.tenant,
            members.c.council_id == council_item.c.council_id,
            members.c.organisation_id == organisation,
        )

    return (
        sa.select(what)
        .select_from(council_assignment)
        .join(
            council_item,
            sa.and_(
                council_item.c.tenant_id == asker.tenant,
                council_item.c.id == council_assignment.c.council_item_id,
            ),
        )
        .join(mine, of(mine, council_assignment.c.organisation_id))
        .join(bringer, of(bringer, council_item.c.brought_by_id))
        .where(
            council_assignment.c.tenant_id == asker.tenant,
            council_assignment.c.organisation_id == asker.organisation,
            council_assignment.c.ended_at.is_(None),
            council_item.c.ended_at.is_(None),
        )
    )


def _sitting(row: Row, asker: Asker) -> Bool:
    """Before a 支援会議 for which the asker's organisation was picked (社会福祉法106条の6)."""
    return sa.and_(
        _open_to_bodies(row, asker), is_any(row.c.id, sittings_of(asker, sitting_referral.c.referral_id))
    )


def sittings_of(asker: Asker, what: "sa.Column[Any]") -> "sa.Select[Any]":
    """Likewise, what is before the sittings of the asker's organisation that still open something."""
    return (
        sa.select(what)
        .select_from(sitting_body)
        .join(
            sitting,
            sa.and_(sitting.c.tenant_id == asker.tenant, sitting.c.id == sitting_body.c.sitting_id),
        )
        .join(
            sitting_referral,
            sa.and_(
                sitting_referral.c.tenant_id == asker.tenant, sitting_referral.c.sitting_id == sitting.c.id
            ),
        )
        .where(
            sitting_body.c.tenant_id == asker.tenant,
            sitting_body.c.organisation_id == asker.organisation,
            still_opens(sitting, asker),
            sitting_referral.c.ended_at.is_(None),
        )
    )


def still_opens(row: Any, asker: Asker) -> Bool:  # noqa: ANN401 - the table or an alias of it
    """Not cancelled, nor ended, nor longer over than the platform's days: a sitting is no standing access."""
    days: sa.Select[Any] = sa.select(platform_settings.c.sitting_access_days).where(
        platform_settings.c.tenant_id == asker.tenant, platform_settings.c.id == asker.tenant
    )
    return sa.and_(
        row.c.state != sa.literal("cancelled"),
        row.c.ended_at.is_(None),
        row.c.held_on + days.scalar_subquery() >= asker.today,
    )


def _picked(row: Row, asker: Asker) -> Bool:
    picked: sa.Select[Any] = sa.select(sitting_body.c.sitting_id).where(
        sitting_body.c.tenant_id == asker.tenant, sitting_body.c.organisation_id == asker.organisation
    )
    return is_any(row.c.id, picked)


def _vital(row: Row, asker: Asker) -> Bool:
    """An unexpired break-glass names the asking person; where something is to be opened, for that item."""
    return sa.and_(
        _open_to_bodies(row, asker), is_any(row.c.id, glasses_of(asker, break_glass.c.referral_id))
    )


def glasses_of(asker: Asker, what: "sa.Column[Any]") -> "sa.Select[Any]":
    """Likewise, the unexpired ones that name the asking person."""
    return (
        sa.select(what)
        .select_from(break_glass_person)
        .join(
            break_glass,
            sa.and_(
                break_glass.c.tenant_id == asker.tenant,
                break_glass.c.id == break_glass_person.c.break_glass_id,
            ),
        )
        .where(
            break_glass_person.c.tenant_id == asker.tenant,
            break_glass_person.c.person_id == asker.person,
            break_glass.c.expires_at > asker.now,
            sa.or_(asker.item.is_(None), names_item(break_glass.c["items"], asker)),
        )
    )


def _brought_by(row: Row, asker: Asker) -> Bool:
    return row.c.brought_by_id == asker.organisation


RELATIONS.register("referral", "council", _council)
RELATIONS.register("referral", "sitting", _sitting)
RELATIONS.register("referral", "vital", _vital)
RELATIONS.register("council_item", "own", _brought_by)
RELATIONS.register("council_item", "council", _item_council)
RELATIONS.register("sitting", "sitting", _picked)
RELATIONS.register("break_glass", "own", holds_case)
RELATIONS.register("break_glass", "second_person", is_second_person)

"""What can be done to organisations, people and the platform, and in which state."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from libs.errors.problems import AlreadyExists, NotAllowed, NotFound, Problem, WrongState
from libs.persistence.statements import among
from libs.policy.predicates import Asker
from libs.policy.steps import Guard, Step, Through
from libs.reading.declare import Row
from libs.tenancy.models import coordinator_appointment, membership, organisation, platform_settings
from services.platform.members.models import (
    MEMBERSHIP_STEPS,
    a_coordinator,
    appointed,
    live,
    wrong_status,
)
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]


def _in_state(*wanted: str) -> Guard:
    return Guard(
        lambda row, _: among(row.c.status, wanted),
        lambda row: wrong_status(row["status"], *wanted),
    )


def last_coordinator(_: object = None) -> Problem:
    return WrongState(
        "last_coordinator",
        "事務局担当がいなくなるため、できません。先に別の人を事務局担当に任じてください。",
        "Nobody would be left to coordinate the platform. Appoint somebody else first.",
    )


def not_the_first(_: object = None) -> Problem:
    return NotAllowed(
        "事務局が招待できるのは、代表者のいない団体の最初の代表者だけです。ほかの方は団体の代表者が招待してください。",
        "The coordinator invites only the first representative of an organisation that has none. "
        "Its representative invites the others.",
    )


def _number_taken(_: object) -> Problem:
    return AlreadyExists(
        "同じ法人番号の会員団体がすでにあります。名簿で確認し、重複であれば申請を却下してください。",
        "A member has this corporate number already. If this is the same one, decline the application.",
    )


def _no_member(row: Mapping[str, Any]) -> Problem:
    return WrongState(
        row["status"],
        "会員団体に所属している人だけを事務局担当に任じられます。",
        "Only somebody who acts for a member organisation can coordinate.",
    )


def _coordinates_already(_: object) -> Problem:
    return AlreadyExists("すでに事務局担当です。", "This person is a coordinator already.")


def no_coordinator(_: object = None) -> Problem:
    return NotFound("この人は事務局担当ではありません。", "This person is no coordinator.")


def _nobody_there(_: object) -> Problem:
    return NotFound()


def _number_is_free(row: Row, asker: Asker) -> Bool:
    """Members alone are compared: an applicant never learns who is one."""
    other = organisation.alias("of_number")
    return sa.not_(
        sa.exists(
            sa.select(other.c.id).where(
                other.c.tenant_id == asker.tenant,
                other.c.id != row.c.id,
                other.c.corporate_number == row.c.corporate_number,
                among(other.c.status, ("active", "suspended")),
            )
        )
    )


def _members_of(row: Row, asker: Asker, *conditions: Bool) -> Bool:
    """Somebody acts for the organisation now, of whom the conditions hold."""
    return sa.exists(
        sa.select(membership.c.id).where(
            live(asker),
            membership.c.tenant_id == asker.tenant,
            membership.c.organisation_id == row.c.id,
            *conditions,
        )
    )


REPRESENTS: Final = sa.literal("representative") == sa.any_(membership.c.roles)


def _represented(row: Row, asker: Asker) -> Bool:
    return _members_of(row, asker, REPRESENTS)


def _somebody_can_follow(row: Row, asker: Asker) -> Bool:
    """A representative, and somebody else who acts for the organisation."""
    other = membership.alias("other")
    follows = sa.exists(
        sa.select(other.c.id).where(
            other.c.tenant_id == asker.tenant,
            other.c.organisation_id == membership.c.organisation_id,
            other.c.person_id != membership.c.person_id,
            other.c.since <= asker.now,
            sa.or_(other.c.until.is_(None), other.c.until > asker.now),
        )
    )
    return _members_of(row, asker, REPRESENTS, follows)


def _may_invite(row: Row, asker: Asker) -> Bool:
    """One's own, a coordinator only as its representative; else the first one, where there is none."""
    coordinates = sa.exists(
        sa.select(coordinator_appointment.c.id).where(
            appointed(asker),
            coordinator_appointment.c.tenant_id == asker.tenant,
            coordinator_appointment.c.person_id == asker.person,
        )
    )
    represents = _members_of(row, asker, membership.c.person_id == asker.person, REPRESENTS)
    speaks = sa.and_(row.c.id == asker.organisation, sa.or_(sa.not_(coordinates), represents))
    return sa.or_(speaks, sa.not_(_members_of(row, asker, REPRESENTS)))


def _coordinated_by_others(row: Row, asker: Asker) -> Bool:
    return a_coordinator(asker, membership.c.organisation_id != row.c.id)


def _somebody_can_go(row: Row, asker: Asker) -> Bool:
    """Whoever goes, the platform keeps a coordinator."""
    leaving = membership.alias("leaving")
    stay = sa.not_(
        sa.and_(
            membership.c.person_id == leaving.c.person_id,
            membership.c.organisation_id == leaving.c.organisation_id,
        )
    )
    return sa.exists(
        sa.select(leaving.c.id).where(
            leaving.c.tenant_id == asker.tenant,
            leaving.c.organisation_id == row.c.id,
            leaving.c.since <= asker.now,
            sa.or_(leaving.c.until.is_(None), leaving.c.until > asker.now),
            a_coordinator(asker, stay),
        )
    )


def _is_member(row: Row, asker: Asker) -> Bool:
    """The person acts for a member organisation now."""
    of_member = organisation.alias("of_member")
    acting = (
        sa.select(membership.c.id)
        .join(
            of_member,
            sa.and_(of_member.c.tenant_id == asker.tenant, of_member.c.id == membership.c.organisation_id),
        )
        .where(
            live(asker),
            membership.c.tenant_id == asker.tenant,
            membership.c.person_id == row.c.id,
            of_member.c.status == sa.literal("active"),
        )
    )
    return sa.and_(row.c.status == sa.literal("active"), sa.exists(acting))


def _coordinates(row: Row, asker: Asker) -> Bool:
    return sa.exists(
        sa.select(coordinator_appointment.c.id).where(
            appointed(asker),
            coordinator_appointment.c.tenant_id == asker.tenant,
            coordinator_appointment.c.person_id == row.c.id,
        )
    )


def _not(fact: Callable[[Row, Asker], Bool]) -> Callable[[Row, Asker], Bool]:
    return lambda row, asker: sa.not_(fact(row, asker))


def _others_coordinate(row: Row, asker: Asker) -> Bool:
    return a_coordinator(asker, coordinator_appointment.c.person_id != row.c.id)


def _moving(step: str, *more: Guard) -> Step:
    return Step("organisation", step, (_in_state(*MEMBERSHIP_STEPS[step][0]), *more))


_KEPT: Final = Guard(_coordinated_by_others, last_coordinator, beyond=True)
_OF_PLATFORM: Final = Through(
    "tenant", platform_settings, lambda _, settings, asker: settings.c.id == asker.tenant
)

RELATIONS.steps.register(
    _moving("withdraw_application"),
    _moving("approve_member", Guard(_number_is_free, _number_taken, beyond=True)),
    _moving("decline_member"),
    _moving("suspend_member", _KEPT),
    _moving("reinstate_member"),
    _moving("leave", _KEPT),
    _moving("end_membership", _KEPT),
    Step("organisation", "edit_organisation", (_in_state("applied", "active"),)),
    Step("organisation", "add_paper", (_in_state("applied", "active"),)),
    Step("organisation", "publish_organisation", (_in_state("active"),)),
    Step("organisation", "set_capacity", (_in_state("active"),)),
    Step(
        "organisation",
        "invite_person",
        (_in_state("active"), Guard(_may_invite, not_the_first, beyond=True)),
    ),
    Step("organisation", "set_member_class", (_in_state("applied", "active"),), policy="approve_member"),
    Step(
        "organisation",
        "set_term",
        (_in_state("active"), Guard(_represented, _nobody_there, beyond=True)),
        policy="set_roles",
    ),
    Step(
        "organisation",
        "hand_over",
        (_in_state("active"), Guard(_somebody_can_follow, _nobody_there, beyond=True)),
        policy="set_roles",
    ),
    Step("organisation", "set_roles", (Guard(_members_of, _nobody_there, beyond=True),)),
    Step(
        "organisation",
        "remove_person",
        (
            Guard(_members_of, _nobody_there, beyond=True),
            Guard(_somebody_can_go, last_coordinator, beyond=True),
        ),
    ),
    Step("organisation", "preview_access"),
    Step("tenant", "export_list"),
    Step("person", "preview_access"),
    Step("person", "edit_profile"),
    Step(
        "person",
        "appoint_coordinator",
        (
            Guard(_is_member, _no_member, beyond=True),
            Guard(_not(_coordinates), _coordinates_already, beyond=True),
        ),
        through=_OF_PLATFORM,
    ),
    Step(
        "person",
        "dismiss_coordinator",
        (
            Guard(_coordinates, no_coordinator, beyond=True),
            Guard(_others_coordinate, last_coordinator, beyond=True),
        ),
        policy="appoint_coordinator",
        through=_OF_PLATFORM,
    ),
    Step("tenant", "change_settings"),
    Step("tenant", "change_referral_terms", policy="change_settings"),
)

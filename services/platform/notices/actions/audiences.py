"""Whom a notice is for, as SQL: who holds an office at this moment, looked up when the notice is written."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.policy.predicates import ASKER
from libs.tenancy.models import coordinator_appointment, membership, organisation, person
from services.platform.members.models import appointed, live

Bool = sa.ColumnElement[bool]
People = sa.Select[Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """`shape` chooses the SQL, `values` fill it; the webhooks of the `organisations` are called too."""

    shape: str
    values: Mapping[str, object]
    organisations: tuple[uuid.UUID, ...] = ()


def of_organisation(organisation_id: uuid.UUID, *roles: str) -> Audience:
    """The organisation's people with one of the roles today; where nobody has it, its representatives."""
    return of_organisations((organisation_id,), *roles)


def of_organisations(identities: Sequence[uuid.UUID], *roles: str) -> Audience:
    """The same of several, each for itself: a whole working group is one audience."""
    values = {"organisations": list(identities), "roles": list(roles)}
    return Audience("organisations", values, tuple(identities))


def coordinators() -> Audience:
    """Who coordinates the platform today."""
    return Audience("coordinators", {})


def people(*identities: uuid.UUID) -> Audience:
    """Exactly these, as far as they are still active."""
    return Audience("people", {"people": list(identities)})


def found(shape: str, number: int) -> People:
    """The people's ids; `number` keeps the places of several audiences in one statement apart."""
    return _FOUND[shape](number)


def _of_organisations(number: int) -> People:
    of = sa.bindparam(f"organisations_{number}", type_=ARRAY(sa.Uuid()))
    roles = sa.bindparam(f"roles_{number}", type_=ARRAY(sa.Text()))
    holders = membership.alias(f"holders_{number}")
    somebody = _acting(holders).where(
        holders.c.organisation_id == membership.c.organisation_id, holders.c.roles.overlap(roles)
    )
    represents = sa.and_(
        sa.literal("representative") == sa.any_(membership.c.roles), sa.not_(sa.exists(somebody))
    )
    return _acting(membership).where(
        membership.c.organisation_id == sa.any_(of), sa.or_(membership.c.roles.overlap(roles), represents)
    )


def _acting(row: Any) -> People:  # noqa: ANN401 - the table or an alias
    """Active people of organisations that are members."""
    holder, member = person.alias(f"{row.name}_person"), organisation.alias(f"{row.name}_of")
    return (
        sa.select(row.c.person_id)
        .join(holder, sa.and_(holder.c.tenant_id == ASKER.tenant, holder.c.id == row.c.person_id))
        .join(member, sa.and_(member.c.tenant_id == ASKER.tenant, member.c.id == row.c.organisation_id))
        .where(
            row.c.tenant_id == ASKER.tenant,
            row.c.since <= ASKER.now,
            sa.or_(row.c.until.is_(None), row.c.until > ASKER.now),
            holder.c.status == sa.literal("active"),
            member.c.status == sa.literal("active"),
        )
    )


def _coordinators(_: int) -> People:
    member = organisation.alias("of_coordinator")
    acts = (
        sa.select(membership.c.id)
        .join(
            member, sa.and_(member.c.tenant_id == ASKER.tenant, member.c.id == membership.c.organisation_id)
        )
        .where(
            live(ASKER),
            membership.c.tenant_id == ASKER.tenant,
            membership.c.person_id == coordinator_appointment.c.person_id,
            member.c.status == sa.literal("active"),
        )
    )
    return sa.select(coordinator_appointment.c.person_id).where(
        appointed(ASKER), coordinator_appointment.c.tenant_id == ASKER.tenant, sa.exists(acts)
    )


def _people(number: int) -> People:
    named = sa.bindparam(f"people_{number}", type_=ARRAY(sa.Uuid()))
    return sa.select(person.c.id).where(person.c.tenant_id == ASKER.tenant, person.c.id == sa.any_(named))


_FOUND: Final = {"organisations": _of_organisations, "coordinators": _coordinators, "people": _people}

"""From a verified identity and the tenant asked for to a Viewer, remembered until its access changes."""

import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from libs.errors.problems import InvalidInput, NotFound, Unauthenticated
from libs.persistence.database import Context, Database
from libs.persistence.statements import Statement, among, parameter
from libs.persistence.work import Work
from libs.tenancy.models import (
    account_tenant,
    coordinator_appointment,
    membership,
    organisation,
    person,
    platform_settings,
    tenant,
    tenant_issuer,
)
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewer import ANYONE, COORDINATOR, MEMBER, Viewer, ViewerOutdated, account_of

REMEMBERED = 20_000
HEADER = "Tsunagari-Acting-For"


@dataclass(frozen=True, slots=True)
class Address:
    """What the request says about where it goes: `tenant` is a slug, `organisation` a UUID."""

    tenant: str | None = None
    organisation: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Whom:
    """As whom a preview looks: a person (and for which organisation), or an organisation and roles in it."""

    person: uuid.UUID | None
    organisation: uuid.UUID | None
    roles: tuple[str, ...] = ()


class Viewers:
    """Loads and remembers viewers. A statement that finds a viewer outdated calls `forget`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered: OrderedDict[tuple[str | None, Address], Viewer] = OrderedDict()

    async def of(self, identity: Identity | None, address: Address) -> Viewer:
        """Raises NotFound for an unknown tenant, InvalidInput where the request must choose one."""
        key = (None if identity is None else account_of(identity.issuer, identity.subject), address)
        viewer = self._remembered.get(key)
        if viewer is None or viewer.has_ended(self._database.clock()):
            viewer = await self._load(identity, address)
            self._remembered[key] = viewer
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return viewer

    @staticmethod
    async def check(viewer: Viewer, work: Work) -> None:
        """Raises ViewerOutdated where the viewer is not what it would be in this very transaction."""
        versions = {"access_version": viewer.access_version, "policy_version": viewer.policy_version}
        if await work.one(CURRENT, **versions) is None:
            raise ViewerOutdated

    def forget(self, identity: Identity | None, address: Address) -> None:
        key = (None if identity is None else account_of(identity.issuer, identity.subject), address)
        self._remembered.pop(key, None)

    async def _load(self, identity: Identity | None, address: Address) -> Viewer:
        account = None if identity is None else account_of(identity.issuer, identity.subject)
        tenant_id = await self._tenant(account, address.tenant)
        context = Context(tenant_id, account)
        async with self._database.reading(context) as connection:
            settings = await connection.fetchrow(SETTINGS.sql, tenant_id)
            if settings is None:
                raise NotFound
            rows: list[Any] = []
            if identity is not None:
                rows = await connection.fetch(
                    PERSON.sql,
                    *PERSON.arguments(
                        {
                            "viewer_tenant": tenant_id,
                            "issuer": identity.issuer,
                            "subject": identity.subject,
                            "viewer_now": self._database.clock(),
                        }
                    ),
                )
        stranger = Viewer(tenant_id, settings["access_version"], settings["policy_version"], account=account)
        return _choose(stranger, rows, address.organisation)

    async def _tenant(self, account: str | None, slug: str | None) -> uuid.UUID:
        async with self._database.reading(Context(None, account)) as connection:
            if slug is not None:
                found = await connection.fetch(BY_SLUG.sql, *BY_SLUG.arguments({"slug": slug}))
            elif account is not None:
                found = await connection.fetch(MINE.sql, *MINE.arguments({"account": account}))
            else:
                raise _must_choose("プラットフォームを指定してください。", "Name the platform")
        if not found:
            if slug is None:
                raise Unauthenticated("no membership")
            raise NotFound
        if len(found) > 1:
            raise _must_choose(
                "複数のプラットフォームに所属しています。", "You are on several platforms: name one"
            )
        return found[0]["tenant_id"]


async def viewer_of(work: Work, whom: Whom) -> Viewer:
    """Who somebody else, or anybody in these roles of an organisation, would be as a viewer: for previews.

    Raises InvalidInput where the person acts for several organisations and none is named.
    """
    # answers nobody: its versions are compared by no statement
    stranger = Viewer(work.tenant_id, 0, 0)
    if whom.person is not None:
        rows = await work.rows(PERSON_BY_ID, id=whom.person)
        return _viewer_of(stranger, rows, whom.organisation)
    row = await work.one(ORGANISATION, id=whom.organisation)
    if row is None:
        return stranger
    return _viewer(stranger, _NOBODY, {**dict(row), "roles": whom.roles, "until": None})


def _viewer_of(stranger: Viewer, rows: list[Any], wanted: uuid.UUID | None) -> Viewer:
    if wanted is None and len(rows) > 1:
        raise InvalidInput(
            "asOrganisation",
            "この人は複数の団体に所属しています。どの団体としてかを指定してください。",
            "This person acts for several organisations: name the one.",
            detail="CHOOSE_ORGANISATION",
        )
    return _choose(stranger, rows, wanted)


def _must_choose(ja: str, en: str) -> InvalidInput:
    return InvalidInput(
        HEADER,
        f"{ja}ヘッダー {HEADER}: <プラットフォーム>[/<団体ID>] を付けてください。",
        f"{en}, by the header {HEADER}: <platform>[/<organisation id>].",
        detail="CHOOSE_PLATFORM",
    )


def _choose(stranger: Viewer, rows: list[Any], wanted: uuid.UUID | None) -> Viewer:
    """The viewer for the organisation that the person acts for; somebody without a membership is anyone."""
    if not rows:
        return stranger
    memberships = [row for row in rows if row["organisation_id"] is not None]
    if wanted is not None:
        memberships = [row for row in memberships if row["organisation_id"] == wanted]
        if not memberships:
            raise NotFound
    if len(memberships) > 1:
        raise _must_choose("複数の団体に所属しています。", "You act for several organisations: name one")
    row = memberships[0] if memberships else None
    return _viewer(stranger, rows[0], row)


def _viewer(stranger: Viewer, person_row: Any, row: Any | None) -> Viewer:  # noqa: ANN401 - asyncpg's records
    active = row is not None and row["organisation_status"] == "active"
    kinds = {ANYONE} if row is None else {ANYONE, row["kind"]}
    if person_row["coordinates"] and active:
        kinds.add(COORDINATOR)
    return Viewer(
        tenant_id=stranger.tenant_id,
        access_version=stranger.access_version,
        policy_version=stranger.policy_version,
        kinds=frozenset(kinds),
        roles=frozenset(row["roles"]) if row is not None else frozenset(),
        facts=frozenset({MEMBER}) if active else frozenset(),
        person_id=person_row["person_id"],
        organisation_id=None if row is None else row["organisation_id"],
        account=stranger.account,
        until=person_row["until"] if row is None else row["until"],
    )


COMING_IN = ["applied", "active", "declined"]
"""States of an organisation whose people act for it: one who was declined reads why, and is no member."""
_NOBODY: Mapping[str, Any] = {"person_id": None, "coordinates": False, "until": None}

TENANT_PLACE = sa.bindparam("viewer_tenant", type_=sa.Uuid())
NOW_PLACE = sa.bindparam("viewer_now", type_=sa.DateTime(timezone=True))

BY_SLUG = Statement(
    sa.select(tenant.c.tenant_id).where(
        tenant.c.slug == parameter(tenant.c.slug), tenant.c.status == "active"
    )
)
MINE = Statement(
    sa.select(account_tenant.c.tenant_id)
    .join(tenant, tenant.c.tenant_id == account_tenant.c.tenant_id)
    .where(account_tenant.c.account == parameter(account_tenant.c.account), tenant.c.status == "active")
)
SETTINGS = Statement(
    sa.select(platform_settings.c.access_version, platform_settings.c.policy_version).where(
        platform_settings.c.tenant_id == TENANT_PLACE, platform_settings.c.id == TENANT_PLACE
    )
)

CURRENT = Statement(
    sa.select(platform_settings.c.id).where(
        platform_settings.c.tenant_id == TENANT_PLACE,
        platform_settings.c.id == TENANT_PLACE,
        platform_settings.c.access_version == parameter(platform_settings.c.access_version),
        platform_settings.c.policy_version == parameter(platform_settings.c.policy_version),
    )
)


def _person(*which: "sa.ColumnElement[bool]") -> Statement:
    appointed = sa.and_(
        coordinator_appointment.c.tenant_id == TENANT_PLACE,
        coordinator_appointment.c.person_id == person.c.id,
        coordinator_appointment.c.since <= NOW_PLACE,
        sa.or_(coordinator_appointment.c.until.is_(None), coordinator_appointment.c.until > NOW_PLACE),
    )
    coordinates = sa.exists(sa.select(sa.literal_column("1", sa.Integer())).where(appointed))
    appointed_until = (
        sa.select(sa.func.min(coordinator_appointment.c.until)).where(appointed).scalar_subquery()
    )
    live = sa.and_(
        membership.c.tenant_id == TENANT_PLACE,
        membership.c.person_id == person.c.id,
        membership.c.since <= NOW_PLACE,
        sa.or_(membership.c.until.is_(None), membership.c.until > NOW_PLACE),
    )
    own = sa.and_(
        organisation.c.tenant_id == TENANT_PLACE,
        organisation.c.id == membership.c.organisation_id,
        among(organisation.c.status, COMING_IN),
    )
    joined = (
        person.join(
            tenant_issuer,
            sa.and_(tenant_issuer.c.tenant_id == TENANT_PLACE, tenant_issuer.c.issuer == person.c.issuer),
        )
        .outerjoin(membership, live)
        .outerjoin(organisation, own)
    )
    return Statement(
        sa.select(
            person.c.id.label("person_id"),
            coordinates.label("coordinates"),
            organisation.c.id.label("organisation_id"),
            organisation.c.kind,
            organisation.c.status.label("organisation_status"),
            membership.c.roles,
            # least() passes over nulls: the first of the ends and beginnings that are set
            sa.func.least(
                membership.c.until,
                appointed_until,
                _next_beginning(membership),
                _next_beginning(coordinator_appointment),
            ).label("until"),
        )
        .select_from(joined)
        .where(
            person.c.tenant_id == TENANT_PLACE,
            person.c.status == "active",
            *which,
        )
    )


def _next_beginning(table: sa.Table) -> "sa.ScalarSelect[datetime]":
    """When the person's next membership or appointment begins: with servers' clocks apart, some are ahead."""
    terms = table.alias(f"next_{table.name}")
    return (
        sa.select(sa.func.min(terms.c.since))
        .where(terms.c.tenant_id == TENANT_PLACE, terms.c.person_id == person.c.id, terms.c.since > NOW_PLACE)
        .scalar_subquery()
    )


PERSON = _person(
    person.c.issuer == parameter(person.c.issuer), person.c.subject == parameter(person.c.subject)
)
PERSON_BY_ID = _person(person.c.id == parameter(person.c.id))
ORGANISATION = Statement(
    sa.select(
        organisation.c.id.label("organisation_id"),
        organisation.c.kind,
        organisation.c.status.label("organisation_status"),
    ).where(
        organisation.c.tenant_id == TENANT_PLACE,
        organisation.c.id == parameter(organisation.c.id),
        among(organisation.c.status, COMING_IN),
    )
)

"""A municipality, prefecture or group of them becomes a tenant: all of it in one transaction, or nothing.

Runs on the onboarding role; only the operator's command does this. Codes come from the list of the Ministry
of Internal Affairs (libs.japan.municipalities); a joint platform is several municipalities' (Act on
loneliness and isolation, art. 15: 単独で又は共同して).
"""

import re
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from libs.errors.problems import AlreadyExists, InvalidInput, NotFound, WrongState
from libs.japan import municipalities
from libs.japan.municipalities import Municipality
from libs.japan.text import clean, kana_key, search_key
from libs.persistence import audit
from libs.persistence.actor import SYSTEM
from libs.persistence.database import Database
from libs.persistence.statements import Statement, parameter
from libs.persistence.work import Work
from libs.tenancy.accounts import checked_issuer, checked_subject
from libs.tenancy.models import (
    account_tenant,
    coordinator_appointment,
    membership,
    organisation,
    person,
    platform_settings,
    policy_draft,
    tenant,
    tenant_issuer,
    tenant_municipality,
)
from libs.tenancy.viewer import account_of

Beginning = Callable[[Work], Awaitable[None]]

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Coordinator:
    """The first person of a platform, known by the account that they sign in with."""

    name: str
    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class NewTenant:
    """`codes`: one six-digit code, or several for a joint platform, which then needs a `name`."""

    codes: Sequence[str]
    slug: str
    coordinator: Coordinator
    name: str | None = None
    national: bool = False


@dataclass(frozen=True, slots=True)
class Onboarded:
    tenant_id: uuid.UUID
    kind: str
    name: str
    organisation_id: uuid.UUID
    coordinator_id: uuid.UUID


async def onboard(database: Database, new: NewTenant, begin: Beginning | None = None) -> Onboarded:
    """Raises InvalidInput (code, slug, name) and AlreadyExists (code, slug); then nothing is written."""
    places = [municipalities.find(code) for code in new.codes]
    kind, name = _kind_and_name(new, places)
    if not SLUG.fullmatch(new.slug):
        raise InvalidInput(
            "slug",
            "プラットフォームの名前(slug)は、半角の小文字・数字・ハイフンで63字までにしてください。",
            "The platform's slug takes up to 63 lower-case letters, digits and hyphens.",
        )
    tenant_id = uuid7()
    account = account_of(checked_issuer(new.coordinator.issuer), checked_subject(new.coordinator.subject))
    try:
        async with database.work(tenant_id, SYSTEM, account=account) as work:
            await _register(work, new, kind, name, places)
            hall, coordinator = await _first_people(work, new, name, account)
            work.record("onboard", "tenant", tenant_id, kind=kind)
            if begin is not None:
                await begin(work)
    except asyncpg.UniqueViolationError as error:
        raise AlreadyExists(
            "このコードまたはslugのプラットフォームはすでにあります。tsunagari tenant listでご確認ください。",
            "A platform with this code or slug exists already. See: tsunagari tenant list",
        ) from error
    return Onboarded(tenant_id, kind, name, hall, coordinator)


async def set_status(database: Database, slug: str, status: str) -> uuid.UUID:
    """Suspends or resumes a platform, in force at everybody's next request. Raises NotFound, WrongState."""
    tenant_id, present = await _registered(database, slug)
    if present == status:
        raise WrongState(status, f"すでに「{status}」です。", f"It is '{status}' already.")
    async with database.work(tenant_id, SYSTEM) as work:
        await work.one(SET_STATUS, status=status)
        await work.one(RAISE_ACCESS_VERSION)
        work.record("set_status", "tenant", tenant_id, status=status)
    return tenant_id


async def allow_issuer(database: Database, slug: str, issuer: str) -> uuid.UUID:
    """Lets people of this OpenID Connect issuer be members of the platform. Raises NotFound, AlreadyExists.

    The deployment must trust the issuer too (TSUNAGARI_ISSUERS); neither alone lets anybody in.
    """
    tenant_id, _ = await _registered(database, slug)
    try:
        async with database.work(tenant_id, SYSTEM) as work:
            await work.insert(tenant_issuer, issuer=checked_issuer(issuer))
            work.record("allow_issuer", "tenant", tenant_id)
    except asyncpg.UniqueViolationError as error:
        raise AlreadyExists(
            "この発行者はすでに許可されています。", "This issuer is allowed already."
        ) from error
    return tenant_id


async def _registered(database: Database, slug: str) -> tuple[uuid.UUID, str]:
    async with database.outside_tenants() as connection:
        row = await connection.fetchrow(FIND.sql, *FIND.arguments({"slug": slug}))
    if row is None:
        raise NotFound(
            "そのslugのプラットフォームはありません。tsunagari tenant list でご確認ください。",
            "There is no platform of this slug. See: tsunagari tenant list",
        )
    return row["tenant_id"], row["status"]


def _kind_and_name(new: NewTenant, places: list[Municipality]) -> tuple[str, str]:
    if new.national:
        if places:
            raise InvalidInput(
                "code",
                "全国のプラットフォームには自治体のコードを付けないでください。",
                "The national platform stands for no municipality: leave the codes out.",
            )
        return "national", _named(new)
    if not places:
        raise InvalidInput(
            "code", "全国地方公共団体コードを指定してください。", "Give the six-digit code of a municipality."
        )
    if len({place.code for place in places}) < len(places):
        raise InvalidInput("code", "同じコードが二度あります。", "A code is given twice.")
    if len(places) == 1:
        kind = "prefecture" if places[0].is_prefecture else "municipality"
        return kind, _named(new) if new.name else places[0].display_name
    if any(place.is_prefecture for place in places):
        raise InvalidInput(
            "code",
            "共同のプラットフォームは市区町村のコードで作成してください。",
            "A joint platform is made of municipalities, not prefectures.",
        )
    return "joint", _named(new)


def _named(new: NewTenant) -> str:
    name = clean(new.name or "", "name", 200)
    if not name:
        raise InvalidInput(
            "name",
            "共同・全国のプラットフォームには名称を付けてください。",
            "A joint or national platform needs a name.",
        )
    return name


def _coordinator(new: NewTenant) -> str:
    name = clean(new.coordinator.name, "coordinator", 200)
    if not (name and new.coordinator.issuer and new.coordinator.subject):
        raise InvalidInput(
            "coordinator",
            "コーディネーターの氏名、発行者(issuer)、subjectを入力してください。",
            "Give the coordinator's name, issuer and subject.",
        )
    return name


async def _register(work: Work, new: NewTenant, kind: str, name: str, places: list[Municipality]) -> None:
    await work.one(REGISTER, slug=new.slug, kind=kind, name=name)
    for place in places:
        await work.one(STANDS_FOR, code=place.code, alone=kind != "joint")
    await work.insert(platform_settings, id=work.tenant_id)
    await work.insert(policy_draft, id=work.tenant_id)
    await work.insert(audit.audit_head, id=work.tenant_id, sequence=0, hash=audit.GENESIS)
    await work.insert(tenant_issuer, issuer=new.coordinator.issuer)


async def _first_people(work: Work, new: NewTenant, name: str, account: str) -> tuple[uuid.UUID, uuid.UUID]:
    hall = await work.insert(
        organisation,
        kind="government",
        status="active",
        name=name,
        search_key=search_key(name),
        sort_key=kana_key(name),
        published=True,
        created_at=work.now,
        decided_at=work.now,
    )
    coordinator = await work.insert(
        person,
        status="active",
        issuer=new.coordinator.issuer,
        subject=new.coordinator.subject,
        name=_coordinator(new),
        search_key=search_key(_coordinator(new)),
        created_at=work.now,
    )
    await work.insert(
        membership,
        person_id=coordinator,
        organisation_id=hall,
        roles=["representative"],
        since=work.now,
    )
    await work.insert(coordinator_appointment, person_id=coordinator, since=work.now)
    await work.one(REMEMBER_ACCOUNT, account=account)
    return hall, coordinator


TENANT = sa.bindparam("viewer_tenant", type_=sa.Uuid())
NOW = sa.bindparam("viewer_now", type_=sa.DateTime(timezone=True))

REGISTER = Statement(
    sa.insert(tenant).values(
        tenant_id=TENANT,
        slug=parameter(tenant.c.slug),
        kind=parameter(tenant.c.kind),
        name=parameter(tenant.c.name),
        onboarded_at=NOW,
    )
)
STANDS_FOR = Statement(
    sa.insert(tenant_municipality).values(
        tenant_id=TENANT,
        code=parameter(tenant_municipality.c.code),
        alone=parameter(tenant_municipality.c.alone),
    )
)
REMEMBER_ACCOUNT = Statement(
    sa.insert(account_tenant).inline().values(account=parameter(account_tenant.c.account), tenant_id=TENANT)
)
FIND = Statement(
    sa.select(tenant.c.tenant_id, tenant.c.status).where(tenant.c.slug == parameter(tenant.c.slug))
)
SET_STATUS = Statement(
    sa.update(tenant).where(tenant.c.tenant_id == TENANT).values(status=parameter(tenant.c.status))
)
RAISE_ACCESS_VERSION = Statement(
    sa.update(platform_settings)
    .where(platform_settings.c.tenant_id == TENANT)
    .values(access_version=platform_settings.c.access_version + 1)
)

"""From the account that asks to the person that it is on this platform."""

import uuid

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from libs.errors.problems import NotAllowed
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.policy.acting import Acting
from libs.tenancy.models import account_tenant, person, platform_settings, tenant_issuer
from libs.tenancy.tokens.identity import Identity


async def somebody_comes(acting: Acting, identity: Identity) -> asyncpg.Record:
    """The platform's settings, locked: newcomers are taken one after another, so that nobody is doubled.

    Raises NotAllowed where the platform does not trust the account's issuer: it would never be let in again.
    """
    settings = await acting.work.one(SETTINGS)
    if settings is None or await acting.work.one(TRUSTED, issuer=identity.issuer) is None:
        raise NotAllowed(
            "このログイン方法は、このプラットフォームでは使えません。事務局にお問い合わせください。",
            "This platform does not take this kind of login. Ask its coordinator.",
        )
    return settings


async def known_person(acting: Acting, identity: Identity) -> uuid.UUID | None:
    """Who the account is here, member or not."""
    row = await acting.work.one(BY_ACCOUNT, issuer=identity.issuer, subject=identity.subject)
    return None if row is None else row["id"]


async def remember(acting: Acting) -> None:
    """From now on the account finds this platform among its own."""
    await acting.work.one(REMEMBER_ACCOUNT, account=acting.viewer.account)


SETTINGS = Statement(
    sa.select(platform_settings.c.accepts_applications)
    .where(platform_settings.c.tenant_id == TENANT, platform_settings.c.id == TENANT)
    .with_for_update()
)
TRUSTED = Statement(
    sa.select(tenant_issuer.c.id).where(
        tenant_issuer.c.tenant_id == TENANT, tenant_issuer.c.issuer == parameter(tenant_issuer.c.issuer)
    )
)
BY_ACCOUNT = Statement(
    sa.select(person.c.id).where(
        person.c.tenant_id == TENANT,
        person.c.issuer == parameter(person.c.issuer),
        person.c.subject == parameter(person.c.subject),
    )
)
REMEMBER_ACCOUNT = Statement(
    insert(account_tenant)
    .values(account=parameter(account_tenant.c.account), tenant_id=TENANT)
    .on_conflict_do_nothing()
)

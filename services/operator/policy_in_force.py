"""A platform's policy as it is in force, for operators' commands."""

import uuid

from libs.errors.problems import NotFound
from libs.persistence.database import Context, Database
from libs.persistence.roles import APP
from libs.policy.policies import Policies
from libs.policy.rules import Policy
from libs.tenancy.viewers import BY_SLUG, SETTINGS
from services.operator.environment import url_of


async def in_force(slug: str) -> Policy:
    """All lines in force of the platform of this slug. Raises NotFound."""
    database = await Database.open(url_of(APP), name="tsunagari-operator", size=1)
    try:
        return await policy_of(database, await tenant_of(database, slug))
    finally:
        await database.close()


async def policy_of(database: Database, tenant_id: uuid.UUID) -> Policy:
    """The same, of a tenant that has been found."""
    async with database.reading(Context(tenant_id)) as connection:
        settings = await connection.fetchrow(SETTINGS.sql, tenant_id)
    version = 0 if settings is None else settings["policy_version"]
    return (await Policies(Policy.baseline(), database).of(tenant_id, version)).complete()


async def tenant_of(database: Database, slug: str) -> uuid.UUID:
    """Raises NotFound."""
    async with database.reading(Context(None)) as connection:
        found = await connection.fetchrow(BY_SLUG.sql, *BY_SLUG.arguments({"slug": slug}))
    if found is None:
        raise NotFound(
            "そのslugのプラットフォームはありません。tsunagari tenant list でご確認ください。",
            "There is no active platform of this slug. See: tsunagari tenant list",
        )
    return found["tenant_id"]

"""An operator's command that acts as one of a platform's people, under that person's own rights."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from libs.persistence.actor import Actor
from libs.persistence.database import Database
from libs.persistence.sealing.vault import Vault
from libs.policy.access import Access
from libs.policy.acting import Acting
from libs.policy.policies import Policies
from libs.policy.predicates import ASKER
from libs.policy.rules import Policy
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewers import Address, Viewers
from services.platform.relations import RELATIONS


@asynccontextmanager
async def acting_as(
    database: Database, vault: Vault, identity: Identity, slug: str
) -> AsyncGenerator[Acting, None]:
    """One Work of the person whom the platform knows by this account; committed when the block ends."""
    viewer = await Viewers(database).of(identity, Address(slug))
    policy = await Policies(Policy.baseline(), database).of(viewer.tenant_id, viewer.policy_version)
    access = Access(policy.grants(viewer.kinds, viewer.roles), viewer.facts, RELATIONS, ASKER)
    actor = Actor(viewer.person_id, viewer.organisation_id)
    async with database.work(viewer.tenant_id, actor, account=viewer.account) as work:
        yield Acting(work, viewer, access, vault)

"""Each tenant's policy at each of its versions, loaded when it is first needed.

What a version says never changes, so nothing here is ever out of date: a statement that is answered compares
the version itself (docs/decisions/0009), and a notice only saves the first reader a query.
"""

import uuid
from collections import OrderedDict
from typing import Final, TypeVar

import sqlalchemy as sa

from libs.persistence.database import Context, Database
from libs.persistence.statements import Statement
from libs.persistence.tables import TENANT
from libs.policy.overrides import Overrides, restored
from libs.policy.rules import Policy
from libs.policy.tenant_policy import TenantPolicy
from libs.tenancy.models import policy_edition

POLICIES_KEPT: Final = 4096
PUBLISHED: Final = "policy"
"""The topic of the notice that a policy was published."""

Version = tuple[uuid.UUID, int]
_Key = TypeVar("_Key")


class Policies:
    """One for a process. Tenants whose overrides are equal share one policy and all that it compiled."""

    def __init__(self, baseline: Policy, database: Database) -> None:
        self.baseline = baseline
        self._database = database
        self._of_versions: OrderedDict[Version, TenantPolicy] = OrderedDict()
        self._contents: OrderedDict[Overrides, TenantPolicy] = OrderedDict()

    async def of(self, tenant_id: uuid.UUID, version: int) -> TenantPolicy:
        """The policy that the tenant's `policy_version` stands for."""
        key = (tenant_id, version)
        policy = self._of_versions.get(key)
        if policy is None:
            policy = self.with_overrides(await self._overrides(tenant_id, version))
            _keep(self._of_versions, key, policy)
        else:
            self._of_versions.move_to_end(key)
        return policy

    def with_overrides(self, overrides: Overrides) -> TenantPolicy:
        """The baseline with these overrides, whether or not any version says so."""
        policy = self._contents.get(overrides)
        if policy is None:
            policy = TenantPolicy(self.baseline, overrides)
            _keep(self._contents, overrides, policy)
        else:
            self._contents.move_to_end(overrides)
        return policy

    async def _overrides(self, tenant_id: uuid.UUID, version: int) -> Overrides:
        places = {"viewer_tenant": tenant_id, "policy_version": version}
        async with self._database.reading(Context(tenant_id)) as connection:
            row = await connection.fetchrow(IN_FORCE.sql, *IN_FORCE.arguments(places))
        return () if row is None else restored(row["overrides"])


def _keep(memory: "OrderedDict[_Key, TenantPolicy]", key: _Key, policy: TenantPolicy) -> None:
    memory[key] = policy
    if len(memory) > POLICIES_KEPT:
        memory.popitem(last=False)


IN_FORCE: Final = Statement(
    sa.select(policy_edition)
    .where(
        policy_edition.c.tenant_id == TENANT,
        policy_edition.c.version <= sa.bindparam("policy_version", type_=sa.BigInteger()),
    )
    .order_by(policy_edition.c.version.desc())
    .limit(sa.literal_column("1"))
)
"""The newest edition up to `policy_version`; no row: the baseline as it is shipped."""

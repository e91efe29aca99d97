"""What a policy decision costs: warm, cold after a change, and in memory with an override for every tenant.

    python -m tests.bench.policies

Memory is the resident set of two processes that have answered the same askers of 1,788 tenants, one with an
override for each tenant and one with none.
"""

import asyncio
import json
import random
import resource
import subprocess
import sys
import uuid
from itertools import product
from statistics import median
from time import perf_counter
from typing import Any

from libs.errors.problems import InvalidInput
from libs.policy.overrides import Overrides, tightened
from libs.policy.policies import Policies
from libs.policy.rules import Policy

TENANTS = 1_788
KINDS = [
    {"anyone"},
    {"anyone", "government"},
    {"anyone", "npo"},
    {"anyone", "company"},
    {"anyone", "government", "coordinator"},
]
ROLES: list[set[str]] = [set(), {"desk"}, {"caseworker"}, {"representative", "desk", "caseworker"}]
ASKERS = [(frozenset(kinds), frozenset(roles)) for kinds, roles in product(KINDS, ROLES)]
REPEATED = 20_000


class _Filled(Policies):
    """As if each tenant's edition had been read from the database."""

    def __init__(self, editions: dict[uuid.UUID, Overrides]) -> None:
        nowhere: Any = None
        super().__init__(Policy.baseline(), nowhere)
        self._editions = editions

    async def _overrides(self, tenant_id: uuid.UUID, version: int) -> Overrides:
        del version
        return self._editions.get(tenant_id, ())


def main() -> None:
    if len(sys.argv) > 1:
        asyncio.run(_fill(int(sys.argv[1])))
        return
    with_none, with_each = _megabytes(0), _megabytes(1)
    figures = asyncio.run(_times()) | {"overrides_mb": round(with_each - with_none, 1)}
    sys.stdout.write(json.dumps(figures) + "\n")


def _megabytes(each: int) -> float:
    command = [sys.executable, "-m", "tests.bench.policies", str(each)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


async def _fill(each: int) -> None:
    tenants = _tenants()
    policies = _Filled(_editions(tenants) if each else {})
    for tenant in tenants:
        policy = await policies.of(tenant, 2)
        for kinds, roles in ASKERS:
            policy.grants(kinds, roles)
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.1f}\n")


async def _times() -> dict[str, float]:
    tenants = _tenants()
    policies = _Filled(_editions(tenants))
    cold = [await _cold(policies, tenant) for tenant in tenants[:200]]
    warm = [await _warm(policies, tenant) for tenant in tenants[:5]]
    return {"decision_us": round(median(warm), 2), "cold_decision_ms": round(max(cold), 2)}


async def _cold(policies: Policies, tenant: uuid.UUID) -> float:
    """The first decision after a change, as milliseconds; the baseline is loaded."""
    kinds, roles = ASKERS[7]
    policies.baseline.grants(kinds, roles)
    began = perf_counter()
    (await policies.of(tenant, 2)).grants(kinds, roles).read("referral", "ask")
    return (perf_counter() - began) * 1e3


async def _warm(policies: Policies, tenant: uuid.UUID) -> float:
    kinds, roles = ASKERS[7]
    began = perf_counter()
    for _ in range(REPEATED):
        (await policies.of(tenant, 2)).grants(kinds, roles).read("referral", "ask")
    return (perf_counter() - began) * 1e6 / REPEATED


def _tenants() -> list[uuid.UUID]:
    return [uuid.UUID(int=number) for number in range(TENANTS)]


def _editions(tenants: list[uuid.UUID]) -> dict[uuid.UUID, Overrides]:
    """A line closed for each tenant, drawn among all that may be; seeded."""
    drawn, lines = random.Random(20_260_401), _lines()
    return {tenant: drawn.choice(lines) for tenant in tenants}


def _lines() -> list[Overrides]:
    found: list[Overrides] = []
    for rule in Policy.baseline().rules:
        for more in (None, "tenant", "own", "group", "admitted"):
            try:
                found.append(tightened(Policy.baseline(), tuple(rule), more, _every_fact()))
            except InvalidInput:
                continue
    return found


def _every_fact() -> frozenset[tuple[str, str]]:
    objects = {name.partition(".")[0] for name in Policy.baseline().groups}
    return frozenset(product(objects, ("tenant", "own", "group", "admitted")))


if __name__ == "__main__":
    main()
